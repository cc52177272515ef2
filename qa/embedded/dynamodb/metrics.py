"""The metrics that DynamoDB emits for item operations.

Capacity is counted per item, as if no item were larger than 4 KB when read and 1 KB when written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import World

NAMESPACE = "AWS/DynamoDB"
READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"})
WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})
ITEM_OPERATIONS = READS | WRITES


def record_success(
    world: World, region: str, operation: str, body: Mapping[str, Any], *, seconds: float
) -> None:
    """Emit latency and consumed capacity for each table that a request touched."""
    for table_name, units in _units(operation, body).items():
        world.metrics.put(
            region=region,
            namespace=NAMESPACE,
            name="SuccessfulRequestLatency",
            dimensions={"TableName": table_name, "Operation": operation},
            value=seconds * 1000.0,
            unit="Milliseconds",
        )
        world.metrics.put(
            region=region,
            namespace=NAMESPACE,
            name=f"Consumed{'Read' if operation in READS else 'Write'}CapacityUnits",
            dimensions={"TableName": table_name},
            value=units,
            unit="Count",
        )


def record_throttle(world: World, region: str, operation: str, table_name: str) -> None:
    """Emit what DynamoDB emits when it throttles one request.

    ReadThrottleEvents or WriteThrottleEvents carry the table alone; ThrottledRequests carries table
    and operation. Operations on tables instead of items count as neither.
    """
    if operation not in ITEM_OPERATIONS:
        return
    for name, dimensions in (
        (f"{'Read' if operation in READS else 'Write'}ThrottleEvents", {"TableName": table_name}),
        ("ThrottledRequests", {"TableName": table_name, "Operation": operation}),
    ):
        world.metrics.put(
            region=region, namespace=NAMESPACE, name=name, dimensions=dimensions, value=1.0, unit="Count"
        )


def record_refusal(world: World, region: str, body: Mapping[str, Any], *, code: str) -> None:
    """Emit what DynamoDB emits for a request that it refused with a client error."""
    if code.endswith("ConditionalCheckFailedException"):
        name, dimensions = "ConditionalCheckFailedRequests", {"TableName": _name(body["TableName"])}
    else:
        name, dimensions = "UserErrors", {}  # per account and region: this one has no dimensions
    world.metrics.put(
        region=region, namespace=NAMESPACE, name=name, dimensions=dimensions, value=1.0, unit="Count"
    )


def _units(operation: str, body: Mapping[str, Any]) -> dict[str, float]:
    if "TableName" in body:
        return {_name(body["TableName"]): _read_units(body) if operation in READS else 1.0}
    if "RequestItems" in body:
        return {
            _name(name): sum(map(_read_units, [request] * len(request["Keys"])))
            if "Keys" in request
            else float(len(request))
            for name, request in body["RequestItems"].items()
        }
    units: dict[str, float] = {}
    for entry in body.get("TransactItems", ()):
        for request in entry.values():
            name = _name(request["TableName"])
            units[name] = units.get(name, 0.0) + 2.0
    return units


def _name(name_or_arn: str) -> str:
    return name_or_arn.rpartition("/")[2]


def _read_units(request: Mapping[str, Any]) -> float:
    return 1.0 if request.get("ConsistentRead") else 0.5
