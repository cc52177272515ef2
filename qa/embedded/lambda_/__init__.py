"""Lambda of the embedded AWS: functions run for real, by Node, under their role's credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded import patches

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["install"]


def install(world: World) -> None:
    """Patch moto's Lambda until the world closes, so that functions run for real in this world."""
    from . import hooks  # noqa: PLC0415 - moto
    from .api import LambdaApi  # noqa: PLC0415 - as above

    api = LambdaApi(world)
    world.add(api)
    world.on_reset(api.reset)
    world.on_close(api.close)
    world.on_close(patches.apply(hooks.PATCHES, world))
