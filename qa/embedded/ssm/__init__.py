"""Parameter Store: parameters by region, with versions, and SecureStrings under KMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .operations import PATCHES
from .store import Store

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "start"]


def start(world: World) -> None:
    """Give the world its parameters."""
    store = Store()
    world.add(store)
    world.on_reset(store.clear)
