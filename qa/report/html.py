"""report.html: one file that asks nobody for anything, light and dark, for a desk and for a phone."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from .html_evidence import article
from .markup import el, trusted
from .plots import bound_bars, lag_plots
from .results import Verdict
from .run_report import headline, order_of, verdict_of
from .stack_graph import stack_graph
from .summary import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .markup import Markup
    from .results import CheckResult
    from .run_report import RunReport


LONGEST_LINE = 240


def render_html(report: RunReport) -> str:
    """Return the whole page."""
    style = files("qa.report").joinpath("report.css").read_text(encoding="utf-8")
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{headline(report)} · {report.facts.run_id}"),
        el("style", trusted(style)),
    )
    body = el("body", _header(report), el("main", _main(report)), _footer(report))
    return "<!doctype html>\n" + el("html", head, body, lang="en") + "\n"


def _header(report: RunReport) -> Markup:
    facts = report.facts
    where = f"{facts.target} at {facts.endpoint}" if facts.endpoint else facts.target
    rows = (
        ("stacks", f"{', '.join(facts.stacks)} in {' and '.join(facts.regions)}"),
        ("target", f"{where}, account {facts.account or 'not learnt'}"),
        ("run", f"{facts.run_id}, {_moment(report.started)}, {report.seconds:.1f} s"),
    )
    return el(
        "header",
        el("h1", headline(report)),
        el("dl", (el("div", el("dt", name), el("dd", value)) for name, value in rows)),
        class_="green" if report.is_green else "red",
    )


def _moment(iso: str) -> str:
    return iso.replace("T", " ").replace("+00:00", " UTC")


def _main(report: RunReport) -> Iterator[Markup]:
    if report.evidence:
        yield el("section", el("h2", "What is not green"), el("ul", _contents(report)), class_="contents")
    yield el("section", el("h2", "Checks by region"), _matrix(report))
    if report.measured:
        yield el("section", el("h2", "Measured"), *bound_bars(report.measured), *lag_plots(report.measured))
    if report.stacks:
        graphs = el("div", map(stack_graph, report.stacks), class_="graphs")
        hint = el("p", "Arcs lead from a resource to those that it needs.", class_="hint")
        yield el("section", el("h2", "Resources by region"), hint, graphs)
    if report.evidence:
        yield el("section", el("h2", "Evidence"), map(article, report.evidence), class_="evidence")


def _contents(report: RunReport) -> Iterator[Markup]:
    titles = {each.nodeid: each.title for each in report.results}
    for each in report.evidence:
        link = el("a", f"{each.check} {titles.get(each.nodeid, '')}", href=f"#evidence-{each.check}")
        yield el("li", link, el("span", first_line(each.words)))


def first_line(words: str) -> str:
    """Return the first line that says something, clipped: the whole stands with the evidence."""
    line = next(filter(None, map(str.strip, words.splitlines())), "")
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"


def _matrix(report: RunReport) -> Markup:
    regions = report.facts.regions
    head = el("tr", el("th", "check", scope="col"), (el("th", each, scope="col") for each in regions))
    rows = (_row(each, regions) for each in sorted(report.results, key=lambda each: order_of(each.check)))
    return el("table", el("thead", head), el("tbody", rows), class_="matrix")


def _row(result: CheckResult, regions: tuple[str, ...]) -> Markup:
    cells = {each.region: each for each in result.regions}
    title = [el("strong", result.check), " ", result.title]
    if result.reason is not None:
        title.append(el("small", f"not exercised: {result.reason}"))
    return el(
        "tr",
        el("th", title, scope="row"),
        (
            _cell(cells[region].verdict, cells[region].seconds)
            if region in cells
            else el("td", "–", class_="none")
            for region in regions
        ),
        class_=None if verdict_of(result) is Verdict.GREEN else "marked",
    )


def _cell(verdict: Verdict, seconds: float) -> Markup:
    return el("td", el("b", MARKS[verdict]), el("span", f"{seconds:.2f} s"), class_=verdict.value)


def _footer(report: RunReport) -> Markup:
    words = "The same as data: report.json."
    if any(each.name == "rto" for each in report.measured):
        words += " The measured RTO leaves out the detection of a loss and the decision."
    return el("footer", el("p", words))
