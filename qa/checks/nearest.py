"""What was probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return a question that names the known name nearest to one, case aside; None if none is near."""
    folded = {each.lower(): each for each in sorted(known)}
    near = get_close_matches(name.lower(), folded, n=1, cutoff=0.7)
    return f"did you mean {folded[near[0]]}?" if near else None
