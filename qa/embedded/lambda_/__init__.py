"""Lambda of the embedded AWS: functions run for real, by Node, under their role's credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["start"]


def start(world: World) -> None:
    """Give the world its functions, which run for real until it closes."""
    from .api import LambdaApi  # noqa: PLC0415 - moto

    api = LambdaApi(world)
    world.add(api)
    world.on_reset(api.reset)
    world.on_close(api.close)
