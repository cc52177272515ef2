"""Inputs by number: the same seed and number make the same input."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from .bombs import bomb
from .mutants import mutant
from .raw import raw
from .wired import wired

if TYPE_CHECKING:
    from collections.abc import Callable

    from .given import Given

_TURN: tuple[Callable[[Random], Given], ...] = (
    raw,
    mutant,
    wired,
    raw,
    mutant,
    wired,
    mutant,
    raw,
    wired,
    bomb,
)


def made(seed: str, number: int) -> Given:
    """Return the input of a number; ten in a row are of every kind."""
    return _TURN[number % len(_TURN)](Random(f"{seed}/{number}"))  # noqa: S311 - repeatable, not secret
