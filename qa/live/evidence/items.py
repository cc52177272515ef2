"""Tables and items as evidence: in every region, before a failed check's clean-up and after it."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from .fetch import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from qa.report.evidence import Exhibit
    from qa.stack.clients import Clients

    from .fetch import Fetcher


def tables(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield each table's state and each item that was requested, in every region."""
    for name in dict.fromkeys(name for _, name in fetcher.named("dynamodb", "TableName")):
        yield fetcher.table(
            f"table {name}",
            ("region", "status", "replicas that it sees", "encryption", "stream"),
            partial(_by_region, fetcher, _table, name),
            region="both",
            requests="dynamodb DescribeTable",
        )
    for name, key in dict.fromkeys(each[1:] for each in fetcher.named("dynamodb", "TableName", "Key")):
        yield fetcher.table(
            f"item {key} of {name}",
            ("region", "as the check last read it", "when it failed, before its clean-up", "now"),
            partial(_items, fetcher, name, key),
            region="both",
            requests="dynamodb GetItem, consistent",
        )


def _by_region(
    fetcher: Fetcher, look: Callable[[Fetcher, str, str], tuple[object, ...]], name: str
) -> list[tuple[object, ...]]:
    return [look(fetcher, region, name) for region in fetcher.regions]


def _table(fetcher: Fetcher, region: str, name: str) -> tuple[object, ...]:
    client = fetcher.clients.dynamodb(region)
    try:
        table: Mapping[str, Any] = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return (region, "absent", None, None, None)
    replicas = {each["RegionName"]: each.get("ReplicaStatus") for each in table.get("Replicas", [])}
    return (
        region,
        table.get("TableStatus"),
        replicas,
        table.get("SSEDescription", {}).get("KMSMasterKeyArn", "AWS owned key"),
        table.get("StreamSpecification", {}).get("StreamViewType"),
    )


def _items(fetcher: Fetcher, table: str, key: str) -> list[tuple[object, ...]]:
    about = {"TableName": table, "Key": key}
    read = {
        call.region: call.response.get("Item", call.outcome)
        for call in fetcher.calls
        if call.operation == "GetItem" and call.about == about
    }
    before = fetcher.items.get((table, key), {})
    now = items_everywhere(fetcher.clients, fetcher.regions, table, key)
    return [(region, read.get(region), before.get(region), now[region]) for region in fetcher.regions]


def items_everywhere(clients: Clients, regions: tuple[str, ...], table: str, key: str) -> dict[str, str]:
    """Return the item as each region has it now, as text; a region that cannot be read says why."""
    return {region: _item(clients.dynamodb(region), table, json.loads(key)) for region in regions}


def _item(client: DynamoDBClient, table: str, key: dict[str, Any]) -> str:
    try:
        return text_of(client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", "absent"))
    except (BotoCoreError, ClientError) as error:
        return str(error)
