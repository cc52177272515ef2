"""DynamoDB Streams: moto's, for the administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded import patches

from .validation import PATCHES

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "install"]


def install(world: World) -> None:
    """Patch moto's streams until the world closes, to refuse what it falls over."""
    world.on_close(patches.apply(PATCHES, world))
