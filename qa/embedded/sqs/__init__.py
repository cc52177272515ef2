"""SQS: moto's, whose queues take and give messages only to whom their keys are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded import patches

from .keys import PATCHES

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "install"]


def install(world: World) -> None:
    """Patch moto's SQS until the world closes, to ask this world's judge."""
    world.on_close(patches.apply(PATCHES, world))
