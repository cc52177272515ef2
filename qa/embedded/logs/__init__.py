"""CloudWatch Logs: moto's, whose groups take only keys that let the service use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded import patches

from .keys import PATCHES, require_key

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "install", "require_key"]


def install(world: World) -> None:
    """Patch moto's CloudWatch Logs until the world closes, to ask this world's judge."""
    world.on_close(patches.apply(PATCHES, world))
