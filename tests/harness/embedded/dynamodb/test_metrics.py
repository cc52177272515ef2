"""DynamoDB emits what its alarms watch, under the dimensions that AWS uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from qa.embedded import dynamodb

from .conftest import EAST, Datum

if TYPE_CHECKING:
    from qa.embedded.world import World


def test_a_write_consumes_write_capacity(east: Any, orders: str, emitted: list[Datum]) -> None:
    east.put_item(TableName=orders, Item={"id": {"S": "1"}})

    found = [datum for datum in emitted if datum.name == "ConsumedWriteCapacityUnits"]
    assert found == [Datum(EAST, "ConsumedWriteCapacityUnits", (("TableName", orders),), 1.0, "Count")]


def test_a_consistent_read_consumes_twice_the_capacity(east: Any, orders: str, emitted: list[Datum]) -> None:
    east.get_item(TableName=orders, Key={"id": {"S": "1"}})
    east.get_item(TableName=orders, Key={"id": {"S": "1"}}, ConsistentRead=True)

    found = [datum.value for datum in emitted if datum.name == "ConsumedReadCapacityUnits"]
    assert found == [0.5, 1.0]


def test_a_success_has_a_latency_by_operation(east: Any, orders: str, emitted: list[Datum]) -> None:
    east.get_item(TableName=orders, Key={"id": {"S": "1"}})

    found = [datum for datum in emitted if datum.name == "SuccessfulRequestLatency"]
    assert [datum.dimensions for datum in found] == [(("Operation", "GetItem"), ("TableName", orders))]


@pytest.mark.parametrize(
    ("operation", "event"),
    [("PutItem", "WriteThrottleEvents"), ("Query", "ReadThrottleEvents")],
    ids=["write", "read"],
)
def test_a_throttle_counts_for_the_table_and_for_the_operation(
    world: World, emitted: list[Datum], operation: str, event: str
) -> None:
    dynamodb.record_throttle(world, EAST, operation, "orders")

    assert emitted == [
        Datum(EAST, event, (("TableName", "orders"),), 1.0, "Count"),
        Datum(EAST, "ThrottledRequests", (("Operation", operation), ("TableName", "orders")), 1.0, "Count"),
    ]


def test_a_throttled_table_operation_counts_as_neither(world: World, emitted: list[Datum]) -> None:
    dynamodb.record_throttle(world, EAST, "DescribeTable", "orders")

    assert emitted == []


def test_user_errors_have_no_dimensions(east: Any, orders: str, emitted: list[Datum]) -> None:
    with pytest.raises(ClientError):
        east.put_item(TableName=orders, Item={"other": {"S": "1"}})

    assert emitted == [Datum(EAST, "UserErrors", (), 1.0, "Count")]


def test_a_condition_that_fails_is_no_user_error(east: Any, orders: str, emitted: list[Datum]) -> None:
    with pytest.raises(east.exceptions.ConditionalCheckFailedException):
        east.put_item(TableName=orders, Item={"id": {"S": "1"}}, ConditionExpression="attribute_exists(id)")

    assert emitted == [Datum(EAST, "ConditionalCheckFailedRequests", (("TableName", orders),), 1.0, "Count")]
