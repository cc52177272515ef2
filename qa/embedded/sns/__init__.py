"""SNS: moto's, whose messages reach only whom policies and keys let them reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded import patches

from . import delivery, keys, validation

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "install"]

PATCHES = (*keys.PATCHES, *delivery.PATCHES, *validation.PATCHES)


def install(world: World) -> None:
    """Patch moto's SNS until the world closes, to ask this world's judge."""
    world.on_close(patches.apply(PATCHES, world))
