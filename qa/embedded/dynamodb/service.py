"""What the hooks into moto's DynamoDB work on: one world, its global tables, its replicator."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.embedded.world import World

    from .global_tables import GlobalTables
    from .replication import Replicator
    from .tokens import Tokens

LOCK = threading.RLock()
"""Held through every operation of every region: moto's transactions copy a table and, when they fail,
put the copy back, which undoes what others wrote meanwhile (311 of 320 writes survived without it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """DynamoDB of one world."""

    world: World
    tables: GlobalTables
    replicator: Replicator
    tokens: Tokens
