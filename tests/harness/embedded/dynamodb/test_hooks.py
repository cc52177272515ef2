"""What stands around moto's DynamoDB, in which order, and for which world."""

from __future__ import annotations

import inspect

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.responses import DynamoHandler

from qa.embedded import dynamodb
from qa.embedded.dynamodb import item_hooks, tokens


def test_a_token_is_looked_up_within_its_handlers_lock() -> None:
    around = [patch for patch in dynamodb.PATCHES if patch.symbol == (DynamoHandler, "transact_write_items")]

    assert around[0] is tokens.PATCHES[0]
    assert around[1:] == [patch for patch in item_hooks.PATCHES if patch.symbol == around[0].symbol]


def test_each_public_method_of_the_backend_holds_the_lock_outermost() -> None:
    public = [
        (DynamoDBBackend, name)
        for name, method in vars(DynamoDBBackend).items()
        if inspect.isfunction(method) and not name.startswith("_")
    ]
    outermost = {patch.symbol: patch for patch in dynamodb.PATCHES}

    assert [outermost.get(symbol) for symbol in public] == list(item_hooks.LOCKING)
