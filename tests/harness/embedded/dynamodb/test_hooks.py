"""Each symbol of moto that is wrapped is there, and wrapped once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import StreamRecord, StreamShard, Table
from moto.dynamodb.responses import DynamoHandler

from qa.embedded import dynamodb
from qa.embedded.dynamodb.item_hooks import HANDLERS
from qa.embedded.wrapping import wrap

if TYPE_CHECKING:
    from qa.embedded.world import World

WRAPPED = [
    (Table, "put_item"),
    (Table, "delete_item"),
    (Table, "describe"),
    (Table, "_get_default_encryption_key"),
    (StreamShard, "add"),
    (StreamRecord, "__init__"),
    (DynamoDBBackend, "update_item"),
    (DynamoDBBackend, "transact_write_items"),
    (DynamoDBBackend, "execute_transaction"),
    (DynamoDBBackend, "delete_table"),
    (DynamoDBBackend, "update_table"),
    (DynamoDBBackend, "update_table_streams"),
    (DynamoDBBackend, "update_time_to_live"),
    (DynamoHandler, "create_table"),
    (DynamoHandler, "update_table"),
    *[(DynamoHandler, name) for name in HANDLERS],
]


@pytest.mark.parametrize(
    ("owner", "name"), WRAPPED, ids=[f"{owner.__name__}.{name}" for owner, name in WRAPPED]
)
def test_a_symbol_of_moto_is_wrapped(world: World, owner: Any, name: str) -> None:
    assert hasattr(getattr(owner, name), "__wrapped__")


def test_installing_again_wraps_nothing_twice(world: World) -> None:
    before = Table.put_item

    dynamodb.install(world)

    assert Table.put_item is before


def test_a_symbol_that_has_moved_is_named() -> None:
    with pytest.raises(AttributeError, match="type object 'Table' has no attribute 'put_thing'"):
        wrap(Table, "put_thing", lambda original: original)
