"""Which regions are compared with which."""

from __future__ import annotations

from itertools import permutations


def pairs_of(regions: tuple[str, ...], *, mesh: bool) -> tuple[tuple[str, str], ...]:
    """Return the first region to each other and back; with `mesh` all ordered pairs."""
    if mesh:
        return tuple(permutations(regions, 2))
    primary, *others = regions
    return tuple(pair for other in others for pair in ((primary, other), (other, primary)))
