"""Parameter Store: parameters by region, with versions, and SecureStrings under KMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded import patches

from .operations import PATCHES
from .store import Store

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "install"]


def install(world: World) -> None:
    """Put Parameter Store in moto's place until the world closes."""
    store = Store()
    world.add(store)
    world.on_reset(store.clear)
    world.on_close(patches.apply(PATCHES, world))
