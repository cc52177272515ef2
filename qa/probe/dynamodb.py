"""Questions to DynamoDB: the table, its replicas, its items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import ask, ask_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef

Item = dict[str, dict[str, str]]
"""An item or a key in DynamoDB's own notation, scalar attributes only, e.g. {"id": {"S": "a"}}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEncryption:
    """How a table is encrypted at rest. All None for the key that AWS owns."""

    status: str | None
    sse_type: str | None
    key_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableState:
    """What DescribeTable reports of a table in one region.

    `other_replicas` maps the *other* regions to their replica's status: AWS leaves out the region
    of the request.
    """

    status: str
    arn: str
    billing_mode: str
    stream_view_type: str | None
    other_replicas: Mapping[str, str]
    encryption: TableEncryption


def table_state(dynamodb: DynamoDBClient, table_name: str) -> TableState | None:
    """Return the table as its region sees it; None if there is no such table."""
    response = ask_or_none(
        f"DescribeTable of {table_name!r} in {dynamodb.meta.region_name}",
        lambda: dynamodb.describe_table(TableName=table_name),
        absent={"ResourceNotFoundException"},
    )
    return None if response is None else _state(response["Table"])


def _state(table: TableDescriptionTypeDef) -> TableState:
    stream = table.get("StreamSpecification", {})
    encryption = table.get("SSEDescription", {})
    replicas = table.get("Replicas", [])
    return TableState(
        status=table.get("TableStatus", ""),
        arn=table.get("TableArn", ""),
        billing_mode=table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        stream_view_type=stream.get("StreamViewType") if stream.get("StreamEnabled") else None,
        other_replicas={
            replica.get("RegionName", ""): replica.get("ReplicaStatus", "") for replica in replicas
        },
        encryption=TableEncryption(
            status=encryption.get("Status"),
            sse_type=encryption.get("SSEType"),
            key_arn=encryption.get("KMSMasterKeyArn"),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAttribute:
    """An attribute that every item needs, or that an index is sorted by; type S, N or B."""

    name: str
    type: str
    is_key: bool
    """Of the table itself, the hash key first."""


def key_attributes(dynamodb: DynamoDBClient, table_name: str) -> tuple[KeyAttribute, ...] | None:
    """Return the attributes of the table's key, then those of its indexes; None if there is no such table."""
    response = ask_or_none(
        f"DescribeTable of {table_name!r} in {dynamodb.meta.region_name}",
        lambda: dynamodb.describe_table(TableName=table_name),
        absent={"ResourceNotFoundException"},
    )
    if response is None:
        return None
    table = response["Table"]
    types = {each["AttributeName"]: each["AttributeType"] for each in table.get("AttributeDefinitions", [])}
    schema = sorted(table.get("KeySchema", []), key=lambda each: each["KeyType"])  # HASH before RANGE
    key = [each["AttributeName"] for each in schema]
    return tuple(
        KeyAttribute(name=name, type=types[name], is_key=name in key)
        for name in (*key, *(each for each in types if each not in key))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Point-in-time recovery of one replica: ENABLED or DISABLED, and the last moment to restore to."""

    status: str
    latest: datetime | None


def point_in_time_recovery(dynamodb: DynamoDBClient, table_name: str) -> str:
    """Return ENABLED or DISABLED for the replica of the client's region; it is set per replica."""
    return recovery(dynamodb, table_name).status


def recovery(dynamodb: DynamoDBClient, table_name: str) -> Recovery:
    """Return the point-in-time recovery of the replica of the client's region."""
    response = ask(
        f"DescribeContinuousBackups of {table_name!r} in {dynamodb.meta.region_name}",
        lambda: dynamodb.describe_continuous_backups(TableName=table_name),
    )
    described = response["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    return Recovery(
        status=described.get("PointInTimeRecoveryStatus", "DISABLED"),
        latest=described.get("LatestRestorableDateTime"),
    )


def item(dynamodb: DynamoDBClient, table_name: str, key: Item, *, consistent: bool = False) -> Item | None:
    """Return the item of that key, or None.

    `consistent` reads the region's own last write; it is of use on the writer's side only.
    """
    response = ask(
        f"GetItem of {key} from {table_name!r} in {dynamodb.meta.region_name}",
        lambda: dynamodb.get_item(TableName=table_name, Key=key, ConsistentRead=consistent),
    )
    found = response.get("Item")
    return None if found is None else {name: dict(value) for name, value in found.items()}  # type: ignore[arg-type]  # scalars only, see Item


def put_item(dynamodb: DynamoDBClient, table_name: str, new: Item) -> None:
    """Write the whole item and return when the region has acknowledged it."""
    ask(
        f"PutItem into {table_name!r} in {dynamodb.meta.region_name}",
        lambda: dynamodb.put_item(TableName=table_name, Item=new),
    )


def set_attribute(
    dynamodb: DynamoDBClient, table_name: str, key: Item, *, name: str, value: dict[str, str]
) -> None:
    """Change one attribute of an existing item."""
    ask(
        f"UpdateItem of {key} in {table_name!r} in {dynamodb.meta.region_name}",
        lambda: dynamodb.update_item(
            TableName=table_name,
            Key=key,
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        ),
    )


def delete_item(dynamodb: DynamoDBClient, table_name: str, key: Item) -> None:
    """Delete the item; one that is not there is deleted too."""
    ask(
        f"DeleteItem of {key} from {table_name!r} in {dynamodb.meta.region_name}",
        lambda: dynamodb.delete_item(TableName=table_name, Key=key),
    )
