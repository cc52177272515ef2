"""SNS: moto's, whose messages reach a queue only when the queue's policy lets them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .delivery import hook_delivery, set_world

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["install"]

_hooked: list[bool] = []


def install(world: World) -> None:
    """Hook moto's SNS, once per process, and make the hooks ask this world's judge."""
    set_world(world)
    if not _hooked:
        hook_delivery()
        _hooked.append(True)
