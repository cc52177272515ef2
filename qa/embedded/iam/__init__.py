"""IAM: who calls, and whether the policies let them; in the request path and in the simulator alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.judge.errors import NotModelledError, PolicyError
from qa.embedded.patches import apply

from .authorizer import PolicyAuthorizer
from .callers import administrator
from .hooks import PATCHES

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "NotModelledError", "PolicyAuthorizer", "PolicyError", "administrator", "install"]


def install(world: World) -> None:
    """Give the world its judge and let moto ask it; raises RuntimeError if moto's symbols have moved."""
    world.authorizer = PolicyAuthorizer(world)
    world.on_close(apply(PATCHES, world))
