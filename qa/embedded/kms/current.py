"""The one World whose KMS this process serves: moto keeps its state in the process, and so do the hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.embedded.world import World

_worlds: list[World] = []


def set_world(world: World) -> None:
    """Let the hooks serve this world from now on."""
    _worlds[:] = [world]


def world() -> World:
    """Return the world being served; IndexError before `install`."""
    return _worlds[0]
