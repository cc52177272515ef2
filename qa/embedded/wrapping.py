"""How a method of moto is wrapped."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def wrap(owner: type, name: str, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Replace a method by what `around` makes of it; raises AttributeError when moto has moved it."""
    original = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(around(original)))
