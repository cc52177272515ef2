"""Global tables through the API: replicas, descriptions, encryption, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from qa.wait import until

from .conftest import EAST, WEST
from .serving import client

if TYPE_CHECKING:
    from qa.embedded.world import World

SOURCE_REFUSAL = (
    "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the "
    "table in the last 24 hours."
)


def describe(dynamodb: Any, name: str) -> dict[str, Any]:
    table: dict[str, Any] = dynamodb.describe_table(TableName=name)["Table"]
    return table


def message_of(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Message"])


def table_of(dynamodb: Any, **options: Any) -> str:
    name = f"plain-{uuid4().hex[:8]}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        **options,
    )
    return name


def test_each_region_lists_the_other_replica(east: Any, west: Any, orders: str) -> None:
    summary = {"ReplicaStatus": "ACTIVE", "ReplicaTableClassSummary": {"TableClass": "STANDARD"}}

    assert describe(east, orders)["Replicas"] == [{"RegionName": WEST, **summary}]
    assert describe(west, orders)["Replicas"] == [{"RegionName": EAST, **summary}]
    assert describe(west, orders)["GlobalTableVersion"] == "2019.11.21"


def test_a_table_of_one_region_has_no_replicas(east: Any) -> None:
    assert "Replicas" not in describe(east, table_of(east))


def test_a_new_replica_gets_the_items_that_are_there(east: Any, west: Any) -> None:
    name = table_of(east)
    east.put_item(TableName=name, Item={"id": {"S": "1"}})

    east.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": WEST}}])

    assert west.get_item(TableName=name, Key={"id": {"S": "1"}})["Item"] == {"id": {"S": "1"}}


def test_a_replica_enables_the_stream(east: Any, west: Any) -> None:
    name = table_of(east)

    east.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": WEST}}])

    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert [describe(each, name)["StreamSpecification"] for each in (east, west)] == [stream, stream]


def test_a_replica_where_a_table_is_already_is_refused(east: Any, orders: str) -> None:
    with pytest.raises(ClientError) as refused:
        east.update_table(TableName=orders, ReplicaUpdates=[{"Create": {"RegionName": WEST}}])

    assert message_of(refused) == (
        f"Failed to create a the new replica of table with name: '{orders}' because one or more replicas "
        "already existed as tables."
    )


def test_a_source_cannot_be_deleted_within_a_day_of_adding_a_replica(east: Any, orders: str) -> None:
    with pytest.raises(ClientError) as refused:
        east.delete_table(TableName=orders)

    assert message_of(refused) == SOURCE_REFUSAL


def test_a_source_can_be_deleted_once_its_replica_is_gone(east: Any, west: Any, orders: str) -> None:
    east.update_table(TableName=orders, ReplicaUpdates=[{"Delete": {"RegionName": WEST}}])
    east.delete_table(TableName=orders)

    assert orders not in east.list_tables()["TableNames"] + west.list_tables()["TableNames"]


def test_a_source_can_be_deleted_a_day_later(world: World, east: Any, west: Any, orders: str) -> None:
    world.clock.advance(24 * 3600)

    east.delete_table(TableName=orders)

    assert "Replicas" not in describe(west, orders)


def test_a_removed_replica_no_longer_receives(east: Any, west: Any, orders: str) -> None:
    east.update_table(TableName=orders, ReplicaUpdates=[{"Delete": {"RegionName": WEST}}])

    east.put_item(TableName=orders, Item={"id": {"S": "1"}})

    with pytest.raises(west.exceptions.ResourceNotFoundException):
        west.describe_table(TableName=orders)


def test_the_stream_of_a_global_table_stays_on(east: Any, orders: str) -> None:
    with pytest.raises(ClientError) as refused:
        east.update_table(TableName=orders, StreamSpecification={"StreamEnabled": False})

    assert message_of(refused) == (
        f"The stream of the global table {orders} cannot be disabled while it has replicas"
    )


def test_a_table_takes_writes_after_its_stream_was_disabled_and_enabled(east: Any) -> None:
    stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    name = table_of(east, StreamSpecification=stream)
    east.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    east.put_item(TableName=name, Item={"id": {"S": "1"}})

    east.update_table(TableName=name, StreamSpecification=stream)

    assert describe(east, name)["StreamSpecification"] == stream


def test_time_to_live_is_the_same_in_every_region(east: Any, west: Any, orders: str) -> None:
    east.update_time_to_live(
        TableName=orders, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )

    found = west.describe_time_to_live(TableName=orders)["TimeToLiveDescription"]
    assert found == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}


def test_point_in_time_recovery_is_each_regions_own(east: Any, west: Any, orders: str) -> None:
    east.update_continuous_backups(
        TableName=orders, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )

    def status(dynamodb: Any) -> str:
        backups = dynamodb.describe_continuous_backups(TableName=orders)["ContinuousBackupsDescription"]
        return str(backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"])

    assert (status(east), status(west)) == ("ENABLED", "DISABLED")


def test_each_region_encrypts_with_its_own_managed_key(world: World, east: Any, west: Any) -> None:
    name = table_of(east, SSESpecification={"Enabled": True, "SSEType": "KMS"})
    east.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": WEST}}])

    for dynamodb, region in ((east, EAST), (west, WEST)):
        key = client(world, "kms", region).describe_key(KeyId="alias/aws/dynamodb")["KeyMetadata"]
        assert describe(dynamodb, name)["SSEDescription"] == {
            "Status": "ENABLED",
            "SSEType": "KMS",
            "KMSMasterKeyArn": key["Arn"],
        }
        assert key["KeyManager"] == "AWS"


def test_a_key_of_another_region_is_refused(world: World, east: Any) -> None:
    key = client(world, "kms", WEST).create_key()["KeyMetadata"]["Arn"]

    with pytest.raises(ClientError) as refused:
        table_of(east, SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key})

    assert message_of(refused) == (
        f"One or more parameter values were invalid: the KMS key {key} must be created in the same region as "
        "the replica, us-east-1"
    )


def test_a_key_that_is_not_there_is_refused(east: Any) -> None:
    key = "11111111-2222-3333-4444-555555555555"

    with pytest.raises(ClientError) as refused:
        table_of(east, SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key})

    assert message_of(refused) == f"KMS validation error: the key {key} does not exist in us-east-1"


def test_strong_consistency_between_regions_is_refused_by_name(east: Any) -> None:
    name = table_of(east)

    with pytest.raises(ClientError) as refused:
        east.update_table(
            TableName=name,
            MultiRegionConsistency="STRONG",
            ReplicaUpdates=[{"Create": {"RegionName": WEST}}],
        )

    assert message_of(refused) == "MultiRegionConsistency STRONG is not modelled by the embedded AWS"


def test_an_index_added_to_a_global_table_is_in_every_region(east: Any, west: Any, orders: str) -> None:
    east.update_table(
        TableName=orders,
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "owner", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexUpdates=[
            {
                "Create": {
                    "IndexName": "by-owner",
                    "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            }
        ],
    )
    east.put_item(TableName=orders, Item={"id": {"S": "1"}, "owner": {"S": "ada"}})

    def owned() -> int:
        return int(
            west.query(
                TableName=orders,
                IndexName="by-owner",
                KeyConditionExpression="#o = :o",
                ExpressionAttributeNames={"#o": "owner"},
                ExpressionAttributeValues={":o": {"S": "ada"}},
            )["Count"]
        )

    until(owned, lambda count: count == 1, what="the items by owner", within=5, every=0.02)


@pytest.mark.parametrize(
    ("operation", "requests", "words"),
    [
        (
            "batch_write_item",
            [{"PutRequest": {"Item": {"id": {"S": str(number)}}}} for number in range(26)],
            "Too many items requested for the BatchWriteItem call",
        ),
        (
            "batch_get_item",
            {"Keys": [{"id": {"S": str(number)}} for number in range(101)]},
            "Too many items requested for the BatchGetItem call",
        ),
    ],
    ids=["write", "get"],
)
def test_a_batch_has_its_limit(operation: str, requests: Any, words: str, east: Any) -> None:
    table = table_of(east)

    with pytest.raises(ClientError) as refused:
        getattr(east, operation)(RequestItems={table: requests})

    assert message_of(refused) == words
