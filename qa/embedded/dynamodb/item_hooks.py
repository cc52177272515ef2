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

from qa.embedded.patches import Patch

from . import metrics
from .service import LOCK, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.dynamodb.models.dynamo_type import DynamoType, Item

    from qa.embedded.world import World

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


class _Thread(threading.local):
    is_updating = False


_thread = _Thread()


def _locked(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def locked(*args: Any, **kwargs: Any) -> Any:
        with LOCK:
            return original(*args, **kwargs)

    return locked


def _put_item(original: Callable[..., Item], world: World) -> Callable[..., Item]:
    def put_item(self: Table, *args: Any, **kwargs: Any) -> Item:
        # UpdateItem of a new item puts its bare key first; that is neither a write nor a stream record
        shard = self.stream_shard
        if _thread.is_updating:
            self.stream_shard = None
        try:
            item = original(self, *args, **kwargs)
        finally:
            self.stream_shard = shard
        world.part(Service).replicator.record(self, (item.hash_key, item.range_key), item)
        return item

    return put_item


def _delete_item(original: Callable[..., Item | None], world: World) -> Callable[..., Item | None]:
    def delete_item(self: Table, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        item = original(self, hash_key, range_key)
        if item is not None:
            world.part(Service).replicator.record(self, (hash_key, range_key), None)
        return item

    return delete_item


def _update_item(original: Callable[..., Item], world: World) -> Callable[..., Item]:
    def update_item(
        self: DynamoDBBackend, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Item:
        table = self.get_table(table_name)
        before = copy.deepcopy(self.get_item(table_name, key))
        _thread.is_updating = True
        try:
            with world.part(Service).replicator.muted():
                item = original(self, table_name, key, *args, **kwargs)
        except BaseException:
            _put_back(table, self.get_keys_value(table, key), before)
            raise
        finally:
            _thread.is_updating = False
        world.part(Service).replicator.record(table, (item.hash_key, item.range_key), item)
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


def _transaction(original: Callable[..., Any], world: World) -> Callable[..., Any]:
    def transaction(*args: Any, **kwargs: Any) -> Any:
        with world.part(Service).replicator.transaction():
            return original(*args, **kwargs)

    return transaction


def _add_to_stream(original: Callable[..., None], _: World) -> Callable[..., None]:
    def add(self: StreamShard, old: Item | None, new: Item | None) -> None:
        if (self.table.stream_specification or {}).get("StreamEnabled"):
            original(self, old, new)

    return add


def _init_stream_record(original: Callable[..., None], _: World) -> Callable[..., None]:
    def init(self: StreamRecord, table: Table, *args: Any, **kwargs: Any) -> None:
        original(self, table, *args, **kwargs)
        self.record["awsRegion"] = table.region_name

    return init


def _short_enough(original: Callable[..., Any], _: World, *, most: int) -> Callable[..., Any]:
    def batch(self: DynamoHandler) -> Any:
        request = self.body.get("RequestItems", {}).values()
        if sum(len(each["Keys"] if isinstance(each, dict) else each) for each in request) > most:
            call = "BatchGetItem" if most > 25 else "BatchWriteItem"
            raise MockValidationException(f"Too many items requested for the {call} call")
        return original(self)

    return batch


def _handler(original: Callable[..., Any], world: World, *, operation: str) -> Callable[..., Any]:
    def handle(self: DynamoHandler) -> Any:
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


PATCHES = (
    Patch(
        owner=Table,
        name="put_item",
        parameters=(
            "self, item_attrs, expected, condition_expression, "
            "expression_attribute_names, expression_attribute_values, overwrite, "
            "return_values_on_condition_check_failure"
        ),
        around=_put_item,
    ),
    Patch(owner=Table, name="delete_item", parameters="self, hash_key, range_key", around=_delete_item),
    Patch(
        owner=DynamoDBBackend,
        name="update_item",
        parameters=(
            "self, table_name, key, update_expression, expression_attribute_names, "
            "expression_attribute_values, attribute_updates, expected, "
            "condition_expression, return_values_on_condition_check_failure"
        ),
        around=_update_item,
    ),
    Patch(
        owner=DynamoDBBackend,
        name="transact_write_items",
        parameters="self, transact_items",
        around=_transaction,
    ),
    Patch(
        owner=DynamoDBBackend, name="execute_transaction", parameters="self, statements", around=_transaction
    ),
    Patch(owner=StreamShard, name="add", parameters="self, old, new", around=_add_to_stream),
    Patch(
        owner=StreamRecord,
        name="__init__",
        parameters="self, table, stream_type, event_name, old, new, seq",
        around=_init_stream_record,
    ),
    *[
        Patch(owner=DynamoHandler, name=name, parameters="self", around=partial(_short_enough, most=most))
        for name, most in LONGEST_BATCHES.items()
    ],
    *[
        Patch(
            owner=DynamoHandler, name=name, parameters="self", around=partial(_handler, operation=operation)
        )
        for name, operation in HANDLERS.items()
    ],
)
"""What writes items; PutItem, BatchWriteItem, transactions and PartiQL all end in Table's."""

LOCKING = tuple(
    Patch(owner=DynamoDBBackend, name=name, parameters=None, around=_locked)
    for name, method in vars(DynamoDBBackend).items()
    if inspect.isfunction(method) and not name.startswith("_")
)
"""Every public method of the backend: to be put on last, so that each holds the lock from its start."""
