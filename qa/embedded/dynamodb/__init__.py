"""DynamoDB: moto's, with global tables that replicate, per-region encryption, and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .global_tables import GlobalTables
from .item_hooks import hook_items, hook_lock
from .metrics import record_throttle
from .replication import Replicator
from .service import LOCK, Service, service, set_service
from .table_hooks import hook_tables
from .tokens import Tokens, hook_tokens

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["install", "record_throttle", "set_replication"]

_hooked: list[bool] = []


def install(world: World) -> None:
    """Hook moto's DynamoDB, once per process, and make the hooks work on this world."""
    from . import models  # noqa: F401, PLC0415 - defines the CloudFormation types

    tables = GlobalTables()
    installed = Service(world=world, tables=tables, replicator=Replicator(world, tables), tokens=Tokens())
    set_service(installed)
    world.on_reset(lambda: _forget(installed))
    if not _hooked:
        hook_tokens()
        hook_items()
        hook_tables()
        hook_lock()
        _hooked.append(True)


def set_replication(world: World, source: str, target: str, *, enabled: bool) -> None:
    """Stop or resume what all global tables send from one region to another.

    What is written meanwhile is held and delivered after the resumption. Raises ValueError for a
    world that is not the installed one.
    """
    if service().world is not world:
        raise ValueError("another world has been installed since")
    with LOCK:
        service().replicator.set_enabled(source, target, enabled=enabled)


def _forget(installed: Service) -> None:
    with LOCK:
        installed.tables.clear()
        installed.replicator.clear()
        installed.tokens.clear()
