"""The nearest known word: what was probably intended."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_MOST_COMPARED = 100
"""A comparison costs about 20 microseconds: among thousands of names only the likely ones are compared."""


def did_you_mean(name: str, known: Collection[str]) -> str | None:
    """Return a question that names the known name nearest to one; None if none is near."""
    near = nearest(name, known)
    return f"did you mean {near}?" if near else None


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name nearest to one, case aside; None if none is near."""
    likely = sorted(known)
    if len(likely) > _MOST_COMPARED:
        likely = [each for each in likely if _is_likely(each, name)][:_MOST_COMPARED]
    folded = {each.lower(): each for each in likely}
    near = get_close_matches(name.lower(), folded, n=1, cutoff=0.7)
    return folded[near[0]] if near else None


def _is_likely(known: str, name: str) -> bool:
    return abs(len(known) - len(name)) <= 2 and (
        known[:3].lower() == name[:3].lower() or known[-3:].lower() == name[-3:].lower()
    )
