"""Findings for people: by resource, with the line and what to do."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from textwrap import TextWrapper
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.printable import printable

from .located import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .located import Located, Report

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_MOST_CHARACTERS = 1200
_MOST_ITEMS = 6
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,:\]}]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How text is set."""

    width: int = 80
    """Columns; AWS's own lines, places and addresses are never broken."""
    is_coloured: bool = False

    def painted(self, text: str, colour: str) -> str:
        """Return the text in an ANSI colour, e.g. "31"; as it is where there are none."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self.is_coloured else text


def as_text(report: Report, style: Style) -> str:
    """Return the findings by template and resource, then how many there are."""
    lines: list[str] = []
    for (_, title), group in groupby(report.findings, key=lambda each: (each.template, _title(each))):
        lines += [*(style.painted(line, "1") for line in _wrapped(printable(title), "", style)), ""]
        for each in group:
            lines += [*_block(each, style), ""]
    return "\n".join([*lines, *_wrapped(_summary(report), "", style), ""])


def _title(each: Located) -> str:
    finding = each.finding
    if finding.logical_id is None:
        return f"{each.template}  {finding.path[0] if finding.path else 'template'}"
    kind = each.resource_type or (str(finding.path[0]) if finding.path else "")
    return f"{finding.logical_id}  {kind}"


def _block(each: Located, style: Style) -> Iterator[str]:
    finding = each.finding
    severity = style.painted(finding.severity.value, _COLOURS[finding.severity])
    where = f" in {finding.region}" if finding.region else ""
    place = f"{each.template}:{each.position.line}:{each.position.column}"
    yield f"  {severity} {finding.rule}{where}"
    yield f"  {printable(place)}"
    message = _shortened(printable(finding.message))
    yield from [f"  {message}"] if finding.is_quoted else _wrapped(message, "  ", style)
    if finding.suppressed is not None:
        yield from _wrapped(printable(finding.suppressed), "  does not count: ", style)
        return
    yield ""
    yield from _quoted_line(each, style)
    yield ""
    yield from _actual(finding.actual, style)
    for label, text in (("expected", finding.expected), ("fix", finding.fix), ("see", finding.source)):
        yield from _wrapped(_shortened(printable(text)), f"  {label:<10}", style)


def _quoted_line(each: Located, style: Style) -> Iterator[str]:
    number = str(each.position.line)
    room = max(style.width - len(number) - 5, 20)
    start = each.position.column - 1
    cut = max(0, min(start - room // 3, len(each.line) - room))
    if cut < 1000 and not each.line[:cut].strip():  # indentation goes first, and whole
        cut = min(cut and len(each.line) - len(each.line.lstrip()), start)
    # a line may be megabytes long: only what is shown is looked at
    window = each.line[cut : cut + room]
    shown = "".join(character if character.isprintable() else " " for character in window)
    token = _TOKEN.match(shown, start - cut)
    length = len(token.group()) if token else 1
    carets = "^" * max(1, min(length, room - (start - cut)))
    yield f"  {number} | {shown}".rstrip()
    yield f"  {' ' * len(number)} | {' ' * (start - cut)}{style.painted(carets, '31')}"


def _actual(actual: object, style: Style) -> Iterator[str]:
    value = plain(actual)
    items = value if isinstance(value, list) and all(isinstance(each, str) for each in value) else [value]
    for index, item in enumerate(items[:_MOST_ITEMS]):
        label = "  actual    " if index == 0 else " " * 12
        yield from _wrapped(_shortened(printable(_written(item))), label, style)
    if len(items) > _MOST_ITEMS:
        yield f"{' ' * 12}... and {len(items) - _MOST_ITEMS} more (all of them: --format json)"


def _written(item: object) -> str:
    if item is None:
        return "nothing"
    text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]} ..."


def _shortened(text: str) -> str:
    if len(text) <= _MOST_CHARACTERS:
        return text
    return f"{text[:_MOST_CHARACTERS]} ... ({len(text) - _MOST_CHARACTERS} characters more: --format json)"


def _wrapped(text: str, label: str, style: Style) -> list[str]:
    wrapper = TextWrapper(
        width=style.width,
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.wrap(text) or [label.rstrip()]


def _summary(report: Report) -> str:
    counting = [each.finding for each in report.findings if each.finding.suppressed is None]
    numbers = Counter(finding.severity for finding in counting)
    parts = [_number(numbers[severity], severity.value) for severity in Severity if numbers[severity]]
    suppressed = len(report.findings) - len(counting)
    if suppressed:
        parts.append(f"{suppressed} suppressed")
    read = len(report.templates) - len(report.unread)
    if not read:
        return f"{_number(len(report.unread), 'template')} could not be read."
    what = report.templates[0] if len(report.templates) == 1 else _number(read, "template")
    unread = f"; {_number(len(report.unread), 'template')} could not be read" if report.unread else ""
    regions = ", ".join(report.regions)
    return f"{printable(what)} in {regions}: {', '.join(parts) or 'no findings'}{unread}."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
