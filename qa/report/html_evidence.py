"""The evidence of one check as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .markup import el

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .evidence import Call, Evidence, Exhibit
    from .markup import Markup

CALL_COLUMNS = ("at", "call", "region", "about", "answer", "request ID")


def article(evidence: Evidence) -> Markup:
    """Return one check's words, how to run it again, what was looked at, and its requests."""
    return el(
        "article",
        el("h3", evidence.check, " ", el("small", evidence.nodeid)),
        _pre("What the check says", evidence.words),
        _pre("Reproduce with", evidence.reproduce),
        *map(_exhibit, evidence.exhibits),
        _calls(evidence.calls),
        el("details", el("summary", "Full pytest output"), _block(evidence.failure)),
        id=f"evidence-{evidence.check}",
    )


def _exhibit(exhibit: Exhibit) -> Markup:
    where = "" if exhibit.region == "both" else f", {exhibit.region}"
    return el(
        "details",
        el("summary", f"{exhibit.title}{where}"),
        _content(exhibit),
        el("p", f"from {exhibit.requests}", class_="hint"),
        open=None if exhibit.problem or exhibit.is_background else "",
    )


def _content(exhibit: Exhibit) -> Markup:
    if exhibit.problem:
        return el("p", f"could not be fetched: {exhibit.problem}", class_="problem")
    if exhibit.columns:
        return _table(exhibit.title, exhibit.columns, exhibit.rows)
    return _block(exhibit.text or "empty")


def _calls(calls: tuple[Call, ...]) -> Markup:
    number = sum(each.times for each in calls)
    return el(
        "details",
        el("summary", f"{number} requests of the check, and their IDs"),
        _table("requests", CALL_COLUMNS, map(call_cells, calls)),
    )


def call_cells(call: Call) -> tuple[str, ...]:
    """Return a request as the cells under CALL_COLUMNS."""
    name = f"{call.service} {call.operation}" + (f" × {call.times}" if call.times > 1 else "")
    about = ", ".join(f"{key} {value}" for key, value in call.about.items())
    shown = {key: value for key, value in call.response.items() if key != "LogResult"}
    answer = ", ".join([call.outcome, *(f"{key} {value}" for key, value in shown.items())])
    return (call.at.partition("T")[2].partition("+")[0], name, call.region, about, answer, call.request_id)


def _table(label: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Markup:
    table = el(
        "table",
        el("thead", el("tr", (el("th", each, scope="col") for each in columns))),
        el("tbody", (el("tr", _cells(row)) for row in rows)),
    )
    # what scrolls must be reachable by the keyboard, and then it needs a name
    return el("div", table, class_="scroll", tabindex=0, role="group", aria_label=label)


def _cells(row: Iterable[str]) -> Iterator[Markup]:
    return (el("td", cell) for cell in row)


def _pre(title: str, text: str) -> Markup:
    return el("div", el("h4", title), _block(text))


def _block(text: str) -> Markup:
    return el("pre", text, tabindex=0)
