"""What each form of output must be, whatever the template holds."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError, fromstring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIDTH = 80
_FIELDS = {
    "rule", "severity", "template", "region", "logical_id", "path", "line", "column", "message", "actual",
    "expected",
    "fix", "source", "suppressed",
}  # fmt: skip
_QUOTED = re.compile(r" +(\d+)? +\| ")
_PLACED = re.compile(r".+:\d+:\d+: (error|warning|note|info): .+")
_COMMAND = re.compile(r"::(error|warning|notice) file=[^:,]*,line=\d+,col=\d+,title=[^:,]*::.+")
_DOT = re.compile(
    r' *(digraph "(\\.|[^"\\])*" \{|label="(\\.|[^"\\])*";|n\d+ \[label="(\\.|[^"\\])*"[a-z0-9=, ]*\];'
    r"|node \[.*\];"
    r'|n\d+ -> n\d+ \[color=red, penwidth=2, style=dashed, label="cut here", constraint=false\];'
    r'|[^"]*)'
)
_MERMAID = re.compile(
    r'flowchart LR| *(subgraph g\d+\["[^"]*"\]|end|n\d+\["[^"]*"\](:::cycle)?'
    r"|n\d+ (-->|-\. cut here \.->) n\d+|classDef .*|linkStyle .*)"
)
_AWS_LINE = "  Circular dependency between resources: ["


def faults(form: str, text: str) -> Iterator[str]:
    """Yield what is wrong with an output of a form of `qa check` or `qa graph`."""
    wild = next((each for each in text if each != "\n" and unicodedata.category(each) in {"Cc", "Cs"}), None)
    if wild is not None:
        yield f"{form}: the character {wild!r} reaches the terminal"
    if text:
        yield from _FORMS[form](text)


def _text(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if len(line) > WIDTH and (_QUOTED.match(line) or _is_breakable(line)):
            yield f"text: a line of {len(line)} characters could be broken: {line[:100]!r}"


def _is_breakable(line: str) -> bool:
    """Tell whether a line too long holds more than a label, a place, and one word."""
    is_title = not line.startswith(" ")
    is_place = re.fullmatch(r"  .+:\d+:\d+", line) is not None
    return not (is_title or is_place or line.startswith(_AWS_LINE)) and len(line[10:].split()) > 1


def _json(text: str) -> Iterator[str]:
    for each in json.loads(text, parse_constant=_refused):
        if set(each) != _FIELDS or each["line"] < 1 or each["column"] < 1:
            yield f"json: not a finding: {str(each)[:200]}"


def _sarif(text: str) -> Iterator[str]:
    log = json.loads(text, parse_constant=_refused)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    if (log["version"], run["tool"]["driver"]["name"]) != ("2.1.0", "qa check"):
        yield "sarif: not a log of version 2.1.0"
    for each in run["results"]:
        place = each["locations"][0]["physicalLocation"]
        start = place["region"]
        named = rules[each["ruleIndex"]]["id"] == each["ruleId"] and each["level"] in {
            "error",
            "warning",
            "note",
        }
        if not (named and each["message"]["text"] and place["artifactLocation"]["uri"]):
            yield f"sarif: not a result: {str(each)[:200]}"
        if start["startLine"] < 1 or start["startColumn"] < 1:
            yield f"sarif: not a place: {start}"


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _line(text: str) -> Iterator[str]:
    yield from _lines(text, "line", _PLACED)


def _github(text: str) -> Iterator[str]:
    yield from _lines(text, "github", _COMMAND)


def _dot(text: str) -> Iterator[str]:
    yield from _lines(text, "dot", _DOT)


def _mermaid(text: str) -> Iterator[str]:
    yield from _lines(text, "mermaid", _MERMAID)


def _lines(text: str, form: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for line in text.removesuffix("\n").split("\n"):
        if not pattern.fullmatch(line):
            yield f"{form}: not a line of it: {line[:100]!r}"


def _svg(text: str) -> Iterator[str]:
    root = fromstring(text)  # noqa: S314 - our own output; expat stops expansions
    if not root.tag.endswith("svg"):
        yield "svg: no picture"


_FORMS: dict[str, Callable[[str], Iterator[str]]] = {
    "text": _text,
    "line": _line,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "dot": _dot,
    "mermaid": _mermaid,
    "svg": _svg,
}
UNPARSEABLE = (ValueError, KeyError, TypeError, IndexError, ParseError)
"""What reading an output raises when it is not what it claims to be."""
