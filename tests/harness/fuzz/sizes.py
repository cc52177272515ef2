"""Sizes of what is large: each order of magnitude as often as another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


def size(random: Random, most: int) -> int:
    """Return a number from 1 to `most`."""
    return min(most, int(2 ** (random.random() * 18)))
