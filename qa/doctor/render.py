"""The doctor's findings as lines of at most 80 columns."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

from .finding import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .finding import Finding

WIDTH = 80
INDENT = 6 + 12
COLOURS = {Mark.OK: "32", Mark.WRONG: "1;31", Mark.NOTE: "33"}


def render(findings: Sequence[Finding], *, colours: bool) -> str:
    """Return one paragraph per finding and a last line that counts; long paths are broken at the edge."""
    lines = [line for finding in findings for line in _lines(finding, colours=colours)]
    amiss = sum(finding.mark is Mark.WRONG for finding in findings)
    verdict = "no problems." if not amiss else f"{amiss} {'problem' if amiss == 1 else 'problems'}."
    return "\n".join([*lines, "", f"{len(findings)} checks, {verdict}"])


def as_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a list of objects: about, mark, text, remedy."""
    objects = [
        {"about": each.about, "mark": each.mark.value, "text": each.text, "remedy": each.remedy}
        for each in findings
    ]
    return json.dumps(objects, indent=2, ensure_ascii=False)


def _lines(finding: Finding, *, colours: bool) -> Iterator[str]:
    word = f"{finding.mark.value:6}"
    if colours:
        word = f"\x1b[{COLOURS[finding.mark]}m{word}\x1b[0m"
    first, *more = _wrapped(finding.text)
    yield f"{word}{finding.about:12}{first}".rstrip()
    for line in more:
        yield " " * INDENT + line
    for number, line in enumerate(_wrapped(finding.remedy) if finding.remedy else ()):
        yield " " * (INDENT - 3) + ("-> " if number == 0 else "   ") + line


def _wrapped(text: str) -> Iterable[str]:
    paragraphs = (
        textwrap.wrap(line, WIDTH - INDENT, break_on_hyphens=False) for line in text.splitlines() or [""]
    )
    return [line for paragraph in paragraphs for line in paragraph] or [""]
