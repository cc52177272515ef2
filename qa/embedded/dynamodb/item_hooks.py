"""Hooks into moto's item operations: one lock, replication, streams, metrics."""

from __future__ import annotations

import copy
import inspect
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import StreamRecord, StreamShard, Table
from moto.dynamodb.responses import DynamoHandler

from qa.embedded.wrapping import wrap

from . import metrics
from .service import LOCK, service

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.dynamodb.models.dynamo_type import DynamoType, Item

HANDLERS = {
    "get_item": "GetItem",
    "batch_get_item": "BatchGetItem",
    "query": "Query",
    "scan": "Scan",
    "transact_get_items": "TransactGetItems",
    "put_item": "PutItem",
    "update_item": "UpdateItem",
    "delete_item": "DeleteItem",
    "batch_write_item": "BatchWriteItem",
    "transact_write_items": "TransactWriteItems",
}

LONGEST_BATCHES = {"batch_write_item": 25, "batch_get_item": 100}


def hook_items() -> None:
    """Wrap what writes items; PutItem, BatchWriteItem, transactions and PartiQL all end in Table's."""
    wrap(Table, "put_item", _put_item)
    wrap(Table, "delete_item", _delete_item)
    wrap(DynamoDBBackend, "update_item", _update_item)
    wrap(DynamoDBBackend, "transact_write_items", _transaction)
    wrap(DynamoDBBackend, "execute_transaction", _transaction)
    wrap(StreamShard, "add", _add_to_stream)
    wrap(StreamRecord, "__init__", _init_stream_record)
    for name, most in LONGEST_BATCHES.items():
        wrap(DynamoHandler, name, partial(_short_enough, most=most))
    for name, operation in HANDLERS.items():
        wrap(DynamoHandler, name, partial(_handler, operation=operation))


def hook_lock() -> None:
    """Wrap every public method of the backend, last, so that each holds the lock from its start."""
    for name, method in tuple(vars(DynamoDBBackend).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            wrap(DynamoDBBackend, name, _locked)


class _Thread(threading.local):
    is_updating = False


_thread = _Thread()


def _locked(original: Callable[..., Any]) -> Callable[..., Any]:
    def locked(*args: Any, **kwargs: Any) -> Any:
        with LOCK:
            return original(*args, **kwargs)

    return locked


def _put_item(original: Callable[..., Item]) -> Callable[..., Item]:
    def put_item(self: Table, *args: Any, **kwargs: Any) -> Item:
        # UpdateItem of a new item puts its bare key first; that is neither a write nor a stream record
        shard = self.stream_shard
        if _thread.is_updating:
            self.stream_shard = None
        try:
            item = original(self, *args, **kwargs)
        finally:
            self.stream_shard = shard
        service().replicator.record(self, (item.hash_key, item.range_key), item)
        return item

    return put_item


def _delete_item(original: Callable[..., Item | None]) -> Callable[..., Item | None]:
    def delete_item(self: Table, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        item = original(self, hash_key, range_key)
        if item is not None:
            service().replicator.record(self, (hash_key, range_key), None)
        return item

    return delete_item


def _update_item(original: Callable[..., Item]) -> Callable[..., Item]:
    def update_item(
        self: DynamoDBBackend, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Item:
        table = self.get_table(table_name)
        before = copy.deepcopy(self.get_item(table_name, key))
        _thread.is_updating = True
        try:
            with service().replicator.muted():
                item = original(self, table_name, key, *args, **kwargs)
        except BaseException:
            _put_back(table, self.get_keys_value(table, key), before)
            raise
        finally:
            _thread.is_updating = False
        service().replicator.record(table, (item.hash_key, item.range_key), item)
        return item

    return update_item


def _put_back(table: Table, key: tuple[DynamoType, DynamoType | None], before: Item | None) -> None:
    """Undo an update that failed half-way: moto changes the stored item in place."""
    hash_key, range_key = key
    items: dict[Any, Any] = table.items if range_key is None else table.items[hash_key]
    at = hash_key if range_key is None else range_key
    if before is None:
        items.pop(at, None)
    else:
        items[at] = before


def _transaction(original: Callable[..., Any]) -> Callable[..., Any]:
    def transaction(*args: Any, **kwargs: Any) -> Any:
        with service().replicator.transaction():
            return original(*args, **kwargs)

    return transaction


def _add_to_stream(original: Callable[..., None]) -> Callable[..., None]:
    def add(self: StreamShard, old: Item | None, new: Item | None) -> None:
        if (self.table.stream_specification or {}).get("StreamEnabled"):
            original(self, old, new)

    return add


def _init_stream_record(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: StreamRecord, table: Table, *args: Any, **kwargs: Any) -> None:
        original(self, table, *args, **kwargs)
        self.record["awsRegion"] = table.region_name

    return init


def _short_enough(original: Callable[..., Any], *, most: int) -> Callable[..., Any]:
    def batch(self: DynamoHandler) -> Any:
        asked = self.body.get("RequestItems", {}).values()
        if sum(len(each["Keys"] if isinstance(each, dict) else each) for each in asked) > most:
            call = "BatchGetItem" if most > 25 else "BatchWriteItem"
            raise MockValidationException(f"Too many items requested for the {call} call")
        return original(self)

    return batch


def _handler(original: Callable[..., Any], *, operation: str) -> Callable[..., Any]:
    def handle(self: DynamoHandler) -> Any:
        world = service().world
        started = time.monotonic()
        try:
            with LOCK:
                answer = original(self)
        except JsonRESTError as refused:
            metrics.record_refusal(world, self.region, self.body, code=refused.error_type)
            raise
        seconds = time.monotonic() - started
        metrics.record_success(world, self.region, operation, self.body, seconds=seconds)
        return answer

    return handle
