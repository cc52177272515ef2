"""SNS and SQS: moto's, whose messages reach only whom policies and keys let them reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .delivery import hook_delivery, set_world
from .keys import hook_keys

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["install"]

_hooked: list[bool] = []


def install(world: World) -> None:
    """Hook moto's SNS, once per process, and make the hooks ask this world's judge."""
    set_world(world)
    hook_keys(world)
    if not _hooked:
        hook_delivery()
        _hooked.append(True)
