"""IAM: moto's, which refuses what AWS refuses of its entities, with the policy simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.patches import apply

from .patches import PATCHES

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "install"]


def install(world: World) -> None:
    """Patch moto's IAM until the world closes."""
    world.on_close(apply(PATCHES, world))
