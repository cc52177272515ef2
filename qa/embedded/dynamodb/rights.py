"""DynamoDB: an item, a batch or a transaction as rights on tables and indexes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from moto.dynamodb.models import dynamodb_backends

from qa.embedded.service.rights import Call, Need, each, everywhere, on, service_role, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from qa.embedded.service.rights import ContextValues, Needs

HASH_EQUALS = r"(?:^|[\s(]){name}\s*=\s*(:[A-Za-z0-9_]+)"
OF_REPLICA = {
    "Create": (
        "CreateTable CreateTableReplica Query Scan GetItem PutItem UpdateItem DeleteItem BatchWriteItem"
    ),
    "Delete": "DeleteTable DeleteTableReplica",
}
TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "Get": "GetItem"}


def _table(call: Call, name: str | None = None) -> str:
    given = str(name or call.get("TableName") or "")
    return given if given.startswith("arn:") else call.arn(f"table/{given}")


def _of_resource(call: Call) -> str:
    return str(call.get("ResourceArn") or call.get("TableArn") or "*")


def _item(call: Call) -> Iterable[Need]:
    item = call.get("Key") or call.get("Item") or {}
    context = _select(call.parameters) | _leading(call, _table(call), [item])
    return (Need(action=f"dynamodb:{call.operation}", resource=_table(call), context=context),)


def _query(call: Call) -> Iterable[Need]:
    table, index = _table(call), call.get("IndexName")
    context = _select(call.parameters)
    if call.operation == "Query":
        context |= _queried(call, table)
    resource = f"{table}/index/{index}" if index else table
    return (Need(action=f"dynamodb:{call.operation}", resource=resource, context=context),)


def _batch(call: Call) -> Iterable[Need]:
    for name, requests in (call.get("RequestItems") or {}).items():
        table = _table(call, name)
        items = requests.get("Keys", []) if isinstance(requests, dict) else list(_written(requests))
        yield Need(action=f"dynamodb:{call.operation}", resource=table, context=_leading(call, table, items))


def _written(requests: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for request in requests:
        put, delete = request.get("PutRequest"), request.get("DeleteRequest")
        yield put["Item"] if put else (delete or {}).get("Key", {})


def _transaction(call: Call) -> Iterable[Need]:
    for entry in call.get("TransactItems") or []:
        for kind, operation in entry.items():
            table = _table(call, operation.get("TableName"))
            item = operation.get("Key") or operation.get("Item") or {}
            action = TRANSACTED.get(kind, "ConditionCheckItem")
            yield Need(action=f"dynamodb:{action}", resource=table, context=_leading(call, table, [item]))


def _hash_key(call: Call, table: str) -> str | None:
    name = table.partition("table/")[2]
    found = dynamodb_backends[call.account_id][call.region].tables.get(name)
    return None if found is None else found.hash_key_attr


def _leading(call: Call, table: str, items: Iterable[Mapping[str, Any]]) -> dict[str, str | tuple[str, ...]]:
    key = _hash_key(call, table)
    values = {str(value) for item in items if key is not None and key in item for value in item[key].values()}
    return {"dynamodb:LeadingKeys": tuple(sorted(values))} if values else {}


def _queried(call: Call, table: str) -> ContextValues:
    """Return the partition key of a query; empty for the legacy KeyConditions."""
    key = _hash_key(call, table)
    aliases = [alias for alias, name in (call.get("ExpressionAttributeNames") or {}).items() if name == key]
    for name in [*aliases, *([key] if key else [])]:
        found = re.search(HASH_EQUALS.format(name=re.escape(name)), call.get("KeyConditionExpression") or "")
        if found:
            value = (call.get("ExpressionAttributeValues") or {}).get(found[1], {})
            return {"dynamodb:LeadingKeys": tuple(str(each) for each in value.values())}
    return {}


def _select(parameters: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    values = {f"dynamodb:{name}": parameters.get(name) for name in ("Select", "ReturnValues")}
    return {name: str(value) for name, value in values.items() if value}


def _create_table(call: Call) -> Iterable[Need]:
    return tagged(on("dynamodb", _table), "dynamodb:TagResource")(call)


def _update_table(call: Call) -> Iterable[Need]:
    """Yield the right on the table, and those on the replicas that come and go with it."""
    yield from on("dynamodb", _table)(call)
    for update in call.get("ReplicaUpdates") or ():
        for verb, replica in update.items():
            region = str(replica.get("RegionName"))
            resource = _table(call).replace(f":{call.region}:", f":{region}:")
            for action in OF_REPLICA.get(verb, "").split():
                yield Need(action=f"dynamodb:{action}", resource=resource, region=region)
            if verb == "Create":
                yield service_role(
                    call, "replication.dynamodb.amazonaws.com", "AWSServiceRoleForDynamoDBReplication"
                )


RIGHTS: dict[str, Needs] = (
    each("GetItem PutItem UpdateItem DeleteItem", _item)
    | each("Query Scan", _query)
    | each("BatchGetItem BatchWriteItem", _batch)
    | each("TransactGetItems TransactWriteItems", _transaction)
    | each(
        "DeleteTable DescribeTable DescribeTimeToLive UpdateTimeToLive CreateBackup "
        "DescribeContinuousBackups UpdateContinuousBackups DescribeKinesisStreamingDestination",
        on("dynamodb", _table),
    )
    | {"CreateTable": _create_table, "UpdateTable": _update_table}
    | each(
        "ListTagsOfResource TagResource UntagResource PutResourcePolicy GetResourcePolicy "
        "DeleteResourcePolicy",
        on("dynamodb", _of_resource),
    )
    | each("ListTables DescribeLimits DescribeEndpoints", everywhere("dynamodb"))
)


def policy_of(region: str, rest: str, account_id: str) -> Any:
    """Return the policy of a table, by the rest of its ARN or of an index's; None without one."""
    table = "/".join(rest.split("/")[:2])
    found = dynamodb_backends[account_id][region].resource_policies.get(
        f"arn:aws:dynamodb:{region}:{account_id}:{table}"
    )
    return None if found is None else found.policy_doc
