"""CloudFormation of the embedded AWS: validation, life cycle and events as the service has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded import patches

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["install"]


def install(world: World) -> None:
    """Make moto's CloudFormation run on our life cycle until the world closes."""
    # moto.cloudformation takes 1.6 s to import: once, before the first request
    from .hooks import PATCHES  # noqa: PLC0415

    world.on_close(patches.apply(PATCHES, world))
