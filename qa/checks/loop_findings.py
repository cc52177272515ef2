"""What is found alike in the rounds of a loop, said once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qa.template.shape import LOOP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .finding import Finding


def joined_over_loops(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, those of one place in a loop, or in Globals, as one that names the others.

    Where one resource has several at the place, only those with the same words are joined.
    """
    found: dict[object, list[Finding]] = {}
    for index, finding in enumerate(findings):
        key: object = index
        if _is_shared(finding):
            place = (finding.rule, finding.severity, finding.region, finding.suppressed)
            key = (*place, finding.path)
        found.setdefault(key, []).append(finding)
    return tuple(one for group in found.values() for one in _joined(group))


def _is_shared(finding: Finding) -> bool:
    path = finding.path
    return path[:1] == ("Globals",) or any(isinstance(key, str) and key.startswith(LOOP) for key in path)


def _joined(group: list[Finding]) -> list[Finding]:
    alike: dict[str, list[Finding]] = {}
    is_one_each = len({finding.logical_id for finding in group}) == len(group)
    for finding in group:
        name = finding.logical_id or ""
        words = "" if is_one_each else finding.message.replace(name, "") if name else finding.message
        alike.setdefault(words, []).append(finding)
    return [_one_of(same) for same in alike.values()]


def _one_of(same: list[Finding]) -> Finding:
    first, *others = same
    if not others:
        return first
    names = ", ".join(str(finding.logical_id) for finding in others)
    return replace(first, message=f"{first.message} (and likewise {names})")
