"""Asynchronous replication of items between the regions of a global table, last writer wins."""

from __future__ import annotations

import copy
import heapq
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from moto.dynamodb.models import dynamodb_backends

from .service import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.dynamodb.models.dynamo_type import DynamoType, Item
    from moto.dynamodb.models.table import Table

    from qa.embedded.world import World

    from .global_tables import GlobalTables

ItemKey: TypeAlias = "tuple[DynamoType, DynamoType | None]"
RETRY = 0.05
"""Seconds between two looks at a link that is down or stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One change of one item, as it travels."""

    stamp: int
    """Strictly increasing over all regions: the later stamp wins."""
    key: ItemKey
    item: Item | None
    """The whole item after the change; None when it was deleted."""
    at: float
    """When it was made, on the monotonic clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One table's way from one region to another."""

    table_name: str
    source: str
    target: str


@dataclass(slots=True)
class _Queue:
    waiting: list[tuple[float, int, Write]] = field(default_factory=list)
    is_watched: bool = False
    """A timer already looks at this queue again and again until it can flow."""


class _Thread(threading.local):
    muted = 0
    transaction: list[tuple[Table, ItemKey, Item | None]] | None = None


class Replicator:
    """Sends what is written in one region of a global table to the others, after the lag.

    Callers hold LOCK.
    """

    def __init__(self, world: World, tables: GlobalTables) -> None:
        self._world = world
        self._tables = tables
        self._thread = _Thread()
        self._last_stamp = 0
        self._stamps: dict[tuple[str, str], dict[ItemKey, int]] = {}
        self._queues: dict[Link, _Queue] = {}

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Record nothing that this thread writes inside the block."""
        self._thread.muted += 1
        try:
            yield
        finally:
            self._thread.muted -= 1

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Record what this thread writes inside the block only if the block ends well."""
        if self._thread.transaction is not None:
            yield
            return
        writes: list[tuple[Table, ItemKey, Item | None]] = []
        self._thread.transaction = writes
        try:
            yield
        finally:
            self._thread.transaction = None
        for table, key, item in writes:
            self.record(table, key, item)

    def record(self, table: Table, key: ItemKey, item: Item | None) -> None:
        """Stamp a local write and queue it for the other regions; None means deleted."""
        others = self._tables.others(table.name, table.region_name)
        if self._thread.muted or not others:
            return
        if self._thread.transaction is not None:
            self._thread.transaction.append((table, key, item))
            return
        write = Write(stamp=self._stamp(), key=key, item=copy.deepcopy(item), at=time.monotonic())
        self._known(table.name, table.region_name)[key] = write.stamp
        for target in others:
            link = Link(table_name=table.name, source=table.region_name, target=target)
            self._send(link, write)

    def copy_all(self, source: Table, target: Table) -> None:
        """Give a new replica the items of the table it was added from, and their stamps."""
        stamps = self._known(source.name, source.region_name)
        with self.muted():
            for item in source.all_items():
                target.put_item(dict(copy.deepcopy(item).attrs))
                stamps.setdefault((item.hash_key, item.range_key), self._stamp())
        self._stamps[target.name, target.region_name] = dict(stamps)

    def forget(self, table_name: str, region: str) -> None:
        """Drop what waits to and from a replica that is no more."""
        self._stamps.pop((table_name, region), None)
        for link in tuple(self._queues):
            if link.table_name == table_name and region in (link.source, link.target):
                del self._queues[link]

    def clear(self) -> None:
        """Forget everything."""
        self._stamps.clear()
        self._queues.clear()

    def _stamp(self) -> int:
        self._last_stamp = max(self._last_stamp + 1, time.time_ns())
        return self._last_stamp

    def _known(self, table_name: str, region: str) -> dict[ItemKey, int]:
        return self._stamps.setdefault((table_name, region), {})

    def _send(self, link: Link, write: Write) -> None:
        lag = self._world.settings.table_replication_lag
        queue = self._queues.setdefault(link, _Queue())
        heapq.heappush(queue.waiting, (write.at + lag, write.stamp, write))
        self._world.timers.after(lag, partial(self._deliver, link, queue))

    def _flows(self, link: Link) -> bool:
        return not self._world.faults.stops_replication("dynamodb", link.source, link.target)

    def _deliver(self, link: Link, queue: _Queue, *, is_watcher: bool = False) -> None:
        with LOCK:
            if self._queues.get(link) is not queue:
                return
            if is_watcher:
                queue.is_watched = False
            if not self._flows(link):
                if not queue.is_watched:
                    queue.is_watched = True
                    self._world.timers.after(RETRY, partial(self._deliver, link, queue, is_watcher=True))
                return
            while queue.waiting and queue.waiting[0][0] <= time.monotonic():
                self._apply(link, heapq.heappop(queue.waiting)[2])

    def _apply(self, link: Link, write: Write) -> None:
        known = self._known(link.table_name, link.target)
        if known.get(write.key, 0) >= write.stamp:
            return
        known[write.key] = write.stamp
        # by name: moto puts a copy of the table in its place when a transaction fails
        table = dynamodb_backends[self._world.account_id][link.target].tables[link.table_name]
        with self.muted():
            if write.item is None:
                table.delete_item(*write.key)
            else:
                table.put_item(dict(copy.deepcopy(write.item).attrs))
        self._world.metrics.put(
            region=link.source,
            namespace="AWS/DynamoDB",
            name="ReplicationLatency",
            dimensions={"TableName": link.table_name, "ReceivingRegion": link.target},
            value=(time.monotonic() - write.at) * 1000.0,
            unit="Milliseconds",
        )
