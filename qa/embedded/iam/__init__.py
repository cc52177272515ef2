"""IAM: moto's, which refuses what AWS refuses of its entities, with the policy simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .identities import IamIdentities
from .patches import PATCHES

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "start"]


def start(world: World) -> None:
    """Give the world its identities."""
    world.identities = IamIdentities(world.account_id)
