"""The report as Markdown: a pipeline's step summary, and report.md for reading in a terminal."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from .html_evidence import CALL_COLUMNS, call_cells
from .results import Verdict
from .run_report import headline, order_of, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .evidence import Evidence, Exhibit
    from .results import CheckResult
    from .run_report import Measured, RunReport

SIGNS = {
    Verdict.GREEN: "✅",
    Verdict.RED: "❌ red",
    Verdict.UNKNOWN: "❔ unknown",
    Verdict.NOT_EXERCISED: "⏸️ not exercised",
}
LONGEST_CELL = 300
LONGEST_BLOCK = 6_000


def render_markdown(report: RunReport) -> str:
    """Return the whole report."""
    return "\n".join([*_overview(report), *(line for each in report.evidence for line in _evidence(each))])


def render_step_summary(report: RunReport, *, limit: int = 900_000) -> str:
    """Return the report for GITHUB_STEP_SUMMARY, at most `limit` bytes: GitHub takes 1 MiB per step.

    What does not fit of the evidence is left out whole, and that is said.
    """
    lines = list(_overview(report))
    size = len("\n".join(lines).encode())
    for each in report.evidence:
        more = list(_evidence(each))
        size += len("\n".join(more).encode()) + 1
        if size > limit:
            lines.append("\nMore evidence stands in report.html: it does not fit here.\n")
            break
        lines += more
    return "\n".join(lines)


def _overview(report: RunReport) -> Iterator[str]:
    facts = report.facts
    where = f" at {facts.endpoint}" if facts.endpoint else ""
    yield f"## {headline(report)}"
    yield ""
    stacks = f"{', '.join(facts.stacks)} in {' and '.join(facts.regions)}"
    yield f"{stacks} · {facts.target}{where} · account {facts.account or 'not learnt'} · run `{facts.run_id}`"
    yield ""
    yield from _table(["check", "", *facts.regions], _matrix(report))
    yield from _measured(report.measured)


def _matrix(report: RunReport) -> Iterator[list[str]]:
    for result in sorted(report.results, key=lambda each: order_of(each.check)):
        cells = {each.region: f"{SIGNS[each.verdict]} {each.seconds:.2f} s" for each in result.regions}
        yield [result.check, _title(result), *(cells.get(each, "–") for each in report.facts.regions)]


def _title(result: CheckResult) -> str:
    return result.title if result.reason is None else f"{result.title}. Not exercised: {result.reason}"


def _measured(measured: Sequence[Measured]) -> Iterator[str]:
    if not measured:
        return
    yield from _table(
        ["measured", "check", "n", "median", "largest", "at most"],
        (
            [
                each.name.replace("_", " "),
                each.check,
                str(len(each.seconds)),
                *(f"{seconds:.2f} s" for seconds in spread(each.seconds)),
                "–" if each.bound is None else f"{each.bound:g} s",
            ]
            for each in measured
        ),
    )


def _evidence(evidence: Evidence) -> Iterator[str]:
    yield f"### {evidence.check}: {_cell(evidence.nodeid)}"
    yield ""
    yield from _block(evidence.words)
    yield "Reproduce with"
    yield ""
    yield from _block(evidence.reproduce, language="sh")
    for exhibit in evidence.exhibits:
        yield from _folded(_heading(exhibit), _content(exhibit))
    number = sum(each.times for each in evidence.calls)
    calls = _table(CALL_COLUMNS, map(call_cells, evidence.calls))
    yield from _folded(f"{number} requests of the check, and their IDs", calls)
    yield from _folded("Full pytest output", _block(evidence.failure))


def _heading(exhibit: Exhibit) -> str:
    return exhibit.title if exhibit.region == "both" else f"{exhibit.title}, {exhibit.region}"


def _content(exhibit: Exhibit) -> Iterator[str]:
    if exhibit.problem:
        yield f"could not be fetched: {_cell(exhibit.problem)}"
        yield ""
    elif exhibit.columns:
        yield from _table(exhibit.columns, exhibit.rows)
    else:
        yield from _block(exhibit.text or "empty")


def _folded(title: str, content: Iterable[str]) -> Iterator[str]:
    yield f"<details><summary>{escape(title)}</summary>"
    yield ""
    yield from content
    yield "</details>"
    yield ""


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(map(_cell, columns))} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _cell(text: str) -> str:
    """Return a text that stays within its cell and is no markup."""
    short = text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"
    return re.sub(r"([\\`*_\[\]|])", r"\\\1", escape(short, quote=False)).replace("\n", "<br>")


def _block(text: str, *, language: str = "") -> Iterator[str]:
    kept = text if len(text) <= LONGEST_BLOCK else f"…\n{text[-LONGEST_BLOCK:]}"
    # a fence longer than any in the text
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", kept)), default=0))
    yield f"{fence}{language}"
    yield kept
    yield fence
    yield ""
