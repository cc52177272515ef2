"""DynamoDB: moto's, with global tables that replicate, per-region encryption, and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import item_hooks, table_hooks, tokens, validation
from .global_tables import GlobalTables
from .metrics import record_throttle
from .replication import Replicator
from .service import LOCK, Service
from .tokens import Tokens

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "record_throttle", "start"]

# The later is the outer one: a token is looked up within its handler's lock, and a method of the
# backend holds the lock before anything else of ours begins.
PATCHES = (
    *validation.PATCHES,
    *tokens.PATCHES,
    *item_hooks.PATCHES,
    *table_hooks.PATCHES,
    *item_hooks.LOCKING,
)


def start(world: World) -> None:
    """Give the world its global tables, and replicate between them."""
    global_tables = GlobalTables()
    installed = Service(
        world=world,
        tables=global_tables,
        replicator=Replicator(world, global_tables),
        tokens=Tokens(),
    )
    world.add(installed)
    world.on_reset(lambda: _forget(installed))


def _forget(installed: Service) -> None:
    with LOCK:
        installed.tables.clear()
        installed.replicator.clear()
        installed.tokens.clear()
