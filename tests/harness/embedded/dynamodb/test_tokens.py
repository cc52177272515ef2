"""A transaction under a token is done once, however often it is sent within ten minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from qa.embedded.world import World


@pytest.fixture
def table(east: Any) -> str:
    name = f"counters-{uuid4().hex[:8]}"
    east.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return name


def count(east: Any, table: str, token: str, *, by: int = 1) -> None:
    """Count up in a transaction."""
    update = {
        "TableName": table,
        "Key": {"id": {"S": "1"}},
        "UpdateExpression": "ADD n :by",
        "ExpressionAttributeValues": {":by": {"N": str(by)}},
    }
    east.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken=token)


def counted(east: Any, table: str) -> str:
    item = east.get_item(TableName=table, Key={"id": {"S": "1"}}, ConsistentRead=True)["Item"]
    return str(item["n"]["N"])


def test_a_transaction_sent_again_under_its_token_is_not_done_again(east: Any, table: str) -> None:
    for token in ("first", "first", "second"):
        count(east, table, f"{table}-{token}"[-36:])

    assert counted(east, table) == "2"


def test_a_token_is_good_for_ten_minutes(east: Any, table: str, world: World) -> None:
    count(east, table, "once")
    world.clock.advance(601)

    count(east, table, "once")

    assert counted(east, table) == "2"


def test_a_token_is_not_taken_for_another_transaction(east: Any, table: str) -> None:
    token = uuid4().hex
    count(east, table, token)

    with pytest.raises(ClientError) as refused:
        count(east, table, token, by=2)

    assert (refused.value.response["Error"]["Code"], counted(east, table)) == (
        "IdempotentParameterMismatchException",
        "1",
    )


def test_a_transaction_that_failed_may_be_sent_again(east: Any, table: str) -> None:
    token = uuid4().hex
    put = {"TableName": table, "Item": {"id": {"S": "1"}}, "ConditionExpression": "attribute_not_exists(id)"}
    east.put_item(TableName=table, Item={"id": {"S": "1"}})
    with pytest.raises(ClientError):
        east.transact_write_items(TransactItems=[{"Put": put}], ClientRequestToken=token)
    east.delete_item(TableName=table, Key={"id": {"S": "1"}})

    east.transact_write_items(TransactItems=[{"Put": put}], ClientRequestToken=token)

    assert east.get_item(TableName=table, Key={"id": {"S": "1"}})["Item"] == {"id": {"S": "1"}}
