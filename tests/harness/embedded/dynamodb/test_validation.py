"""What DynamoDB refuses of parameters that its model allows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest

from qa.embedded.process import start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from tests.harness.embedded.kms.refused import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

EMPTY = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
MANY = (
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
    "datatypes"
)
ONE_ACTION = "TransactItems can only contain one of Check, Put, Update or Delete"
WRONG_START = "The provided starting key is invalid: The provided key element does not match the schema"
KEY = {"a": {"S": "x"}}


def invalid(words: str) -> tuple[str, str]:
    return ("ValidationException", words)


@pytest.fixture(scope="module")
def east() -> Iterator[Any]:
    """A client of a whole server: the gate asks what is wrong where moto failed on."""
    process = start_embedded(Settings())
    yield boto3.client(
        "dynamodb",
        "us-east-1",
        endpoint_url=process.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
    )
    process.stop()


@pytest.fixture
def table(east: Any) -> str:
    name = f"orders-{uuid4().hex[:8]}"
    east.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"a": {}}, EMPTY),
        ({**KEY, "b": {}}, EMPTY),
        ({**KEY, "b": {"M": {"c": {}}}}, EMPTY),
        ({**KEY, "b": {"L": [{}]}}, EMPTY),
        ({**KEY, "b": {"S": "x", "N": "1"}}, MANY),
    ],
    ids=["key", "attribute", "in a map", "in a list", "two types"],
)
def test_a_value_has_exactly_one_type(east: Any, table: str, item: dict[str, Any], words: str) -> None:
    transaction = [{"Put": {"TableName": table, "Item": item}}]

    assert refusal(partial(east.put_item, TableName=table, Item=item)) == invalid(words)
    assert refusal(partial(east.transact_write_items, TransactItems=transaction)) == invalid(words)
    assert east.scan(TableName=table)["Items"] == []


def test_an_item_of_a_transaction_or_batch_is_one_action(east: Any, table: str) -> None:
    both = {"Put": {"TableName": table, "Item": KEY}, "Delete": {"TableName": table, "Key": KEY}}

    for item in ({}, both):
        transact = partial(east.transact_write_items, TransactItems=[item])
        assert refusal(transact) == invalid(ONE_ACTION)
    assert refusal(partial(east.batch_write_item, RequestItems={table: [{}]})) == invalid(
        "Invalid Request: a WriteRequest must contain exactly one of PutRequest and DeleteRequest"
    )


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("a", "Syntax error"),
        ("a =", "Syntax error"),
        ("((", "Syntax error"),
        (" ", "The expression can not be empty;"),
        (
            "a = :v",
            "An expression attribute value used in expression is not defined; attribute value: :v",
        ),
        (
            "attribute_exists(#a)",
            "An expression attribute name used in the document path is not defined; attribute name: #a",
        ),
    ],
)
def test_an_expression_that_cannot_be_read_is_invalid_by_its_name(
    east: Any, table: str, expression: str, words: str
) -> None:
    check = {"TableName": table, "Key": KEY, "ConditionExpression": expression}
    calls = {
        "FilterExpression": partial(east.scan, TableName=table, FilterExpression=expression),
        "ConditionExpression": partial(east.transact_write_items, TransactItems=[{"ConditionCheck": check}]),
    }

    assert {name: refusal(call) for name, call in calls.items()} == {
        name: invalid(f"Invalid {name}: {words}") for name in calls
    }


def test_an_update_or_a_projection_that_cannot_be_read_is_invalid(east: Any, table: str) -> None:
    update = partial(east.update_item, TableName=table, Key=KEY, UpdateExpression="REMOVE #b")
    read = partial(east.get_item, TableName=table, Key=KEY, ProjectionExpression=" ")

    assert refusal(update) == invalid(
        "Invalid UpdateExpression: An expression attribute name used in the document path is not defined; "
        "attribute name: #b"
    )
    assert refusal(read) == invalid("Invalid ProjectionExpression: The expression can not be empty;")


@pytest.mark.parametrize("start", [{}, {"b": {"S": "x"}}, {**KEY, "b": {"S": "x"}}])
def test_a_scan_starts_at_a_key_of_the_table(east: Any, table: str, start: dict[str, Any]) -> None:
    scan = partial(east.scan, TableName=table, ExclusiveStartKey=start)

    assert refusal(scan) == invalid(WRONG_START)


def test_a_query_of_an_index_starts_at_a_key_of_the_table_and_the_index(east: Any) -> None:
    name = f"orders-{uuid4().hex[:8]}"
    by_b = {
        "IndexName": "by-b",
        "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    east.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("a", "b")],
        GlobalSecondaryIndexes=[by_b],
        BillingMode="PAY_PER_REQUEST",
    )
    for key in ("1", "2"):
        east.put_item(TableName=name, Item={"a": {"S": key}, "b": {"S": "x"}})
    query = partial(
        east.query,
        TableName=name,
        IndexName="by-b",
        KeyConditionExpression="b = :b",
        ExpressionAttributeValues={":b": {"S": "x"}},
    )

    first = query(Limit=1)
    rest = query(ExclusiveStartKey=first["LastEvaluatedKey"])

    assert [each["a"]["S"] for each in (*first["Items"], *rest["Items"])] == ["1", "2"]
    assert refusal(partial(query, ExclusiveStartKey={"a": {"S": "1"}})) == invalid(WRONG_START)


def test_a_table_needs_a_key(east: Any) -> None:
    assert refusal(partial(east.create_table, TableName="keyless")) == invalid(
        "2 validation errors detected: Value null at 'keySchema' failed to satisfy constraint: Member must "
        "not be null; Value null at 'attributeDefinitions' failed to satisfy constraint: Member must not be "
        "null"
    )


@pytest.mark.parametrize("policy", ["a", "{}", '{"Statement": {"Effect": "Perhaps"}}'])
def test_a_policy_that_cannot_be_read_leaves_the_table_as_it_was(east: Any, table: str, policy: str) -> None:
    arn = east.describe_table(TableName=table)["Table"]["TableArn"]

    code, words = refusal(partial(east.put_resource_policy, ResourceArn=arn, Policy=policy))

    assert (code, words.startswith("Invalid policy document: ")) == ("ValidationException", True)
    assert east.scan(TableName=table)["Items"] == []
