"""Tables that DynamoDB refuses: capacity, attributes, keys of replicas, one table made twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    GLOBAL_TABLE,
    TABLE,
    get_nested,
    listed,
    mappings,
    plain,
    resources_of_type,
)
from qa.checks.rule import Fault, rule
from qa.template import Unknown, unknowns_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_REFERENCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
_CREATE = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html"
_GLOBAL_TABLE = f"{_REFERENCE}aws-resource-dynamodb-globaltable.html"
_REPLICA = f"{_REFERENCE}aws-properties-dynamodb-globaltable-replicaspecification.html"
_PER_REQUEST, _PROVISIONED = "PAY_PER_REQUEST", "PROVISIONED"
_INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")


@rule("table-capacity", severity=Severity.ERROR, source=_CREATE)
def table_capacity(context: Context) -> Iterator[Fault]:
    """A table whose capacity does not fit its BillingMode.

    PROVISIONED, which it is without a BillingMode, needs a capacity; PAY_PER_REQUEST takes none. A table
    says it in ProvisionedThroughput, a global table in WriteProvisionedThroughputSettings and for each
    replica in ReadProvisionedThroughputSettings. DynamoDB refuses the one and the other (a warning for the
    settings of a global table on demand).
    """
    for stack, table in resources_of_type(context, TABLE, GLOBAL_TABLE):
        mode = table.properties.get("BillingMode", _PROVISIONED)
        key = "ProvisionedThroughput" if table.type == TABLE else "WriteProvisionedThroughputSettings"
        if mode == _PROVISIONED and key not in table.properties:
            yield Fault(
                path=stack.path_of(table.logical_id, "BillingMode"),
                region=stack.region,
                message="The table is PROVISIONED and says no capacity",
                actual=table.properties.get("BillingMode"),
                expected=f"BillingMode PAY_PER_REQUEST, or {key}",
                fix='write "BillingMode": "PAY_PER_REQUEST"',
            )
        for path in _capacities(table) if mode == _PER_REQUEST else ():
            yield Fault(
                path=stack.path_of(table.logical_id, *path),
                region=stack.region,
                severity=Severity.WARNING if table.type == GLOBAL_TABLE else None,
                message="The table is PAY_PER_REQUEST and takes no capacity",
                actual=plain(get_nested(table.properties, *path)),
                expected="no capacity, or BillingMode PROVISIONED",
                fix=f"remove {path[-1]}",
            )


def _capacities(table: EvaluatedResource) -> Iterator[tuple[str | int, ...]]:
    """Yield where a table says a provisioned capacity."""
    for key in ("ProvisionedThroughput", "WriteProvisionedThroughputSettings"):
        units = table.properties.get(key)
        if units is not None and not isinstance(units, Unknown) and not _is_nothing(units):
            yield (key,)
    for index, replica in mappings(table.properties.get("Replicas")):
        if isinstance(replica.get("ReadProvisionedThroughputSettings"), dict):
            yield "Replicas", index, "ReadProvisionedThroughputSettings"


def _is_nothing(units: object) -> bool:
    """Say whether both units are zero, as some tools write it."""
    return isinstance(units, dict) and all(str(one) == "0" for one in units.values())


@rule("table-attributes", severity=Severity.ERROR, source=_CREATE)
def table_attributes(context: Context) -> Iterator[Fault]:
    """Attributes that are defined and in no key, or in a key and not defined.

    AttributeDefinitions has the attributes of the keys of the table and of its indexes, and no others:
    DynamoDB refuses the table otherwise. What else a record holds is not declared.
    """
    for stack, table in resources_of_type(context, TABLE, GLOBAL_TABLE):
        keyed = _key_attributes(table.properties)
        definitions = table.properties.get("AttributeDefinitions")
        if keyed is None or not isinstance(definitions, list) or unknowns_in(definitions):
            continue
        defined = {str(one.get("AttributeName")) for _, one in mappings(definitions)}
        if defined != keyed:
            missing, stray = sorted(keyed - defined), sorted(defined - keyed)
            reasons = [f"{', '.join(missing)} is in a key and not defined"] if missing else []
            reasons += [f"{', '.join(stray)} is defined and in no key"] if stray else []
            yield Fault(
                path=stack.path_of(table.logical_id, "AttributeDefinitions"),
                region=stack.region,
                message=f"The attributes do not fit the keys: {'; '.join(reasons)}",
                actual=sorted(defined),
                expected=", ".join(sorted(keyed)),
                fix="define the attributes of the keys, and no others",
            )


def _key_attributes(properties: dict[str, Any]) -> set[str] | None:
    """Return the attributes of all keys of a table; None when they are not all known."""
    holders: list[Any] = [properties]
    for name in _INDEXES:
        holders.extend(listed(properties.get(name)))
    found: set[str] = set()
    for holder in holders:
        schema = get_nested(holder, "KeySchema")
        if not isinstance(schema, list) or unknowns_in(schema):
            return None
        found |= {str(one.get("AttributeName")) for _, one in mappings(schema)}
    return found


@rule("replica-without-key", severity=Severity.ERROR, source=_REPLICA)
def replica_without_key(context: Context) -> Iterator[Fault]:
    """A global table with a customer key for one replica and none for another.

    "KMSMasterKeyId must be specified for each replica": DynamoDB refuses the table. Name the key of each
    region, or none: then each replica uses the aws/dynamodb key of its region.
    """
    for stack, table in resources_of_type(context, GLOBAL_TABLE):
        replicas = table.properties.get("Replicas")
        if not isinstance(replicas, list) or any(not isinstance(one, dict) for one in replicas):
            continue
        keys = [get_nested(one, "SSESpecification", "KMSMasterKeyId") for one in replicas]
        is_open = any(isinstance(one.get("SSESpecification"), Unknown) for one in replicas)
        for index, key in enumerate(keys if any(keys) and not is_open else ()):
            if key is None:
                yield Fault(
                    path=stack.path_of(table.logical_id, "Replicas", index, "SSESpecification"),
                    region=stack.region,
                    message="KMSMasterKeyId must be specified for each replica, and this one has none",
                    actual=None,
                    expected="a KMSMasterKeyId of the replica's region, or none for any replica",
                    fix='add "SSESpecification": {"KMSMasterKeyId": "<key of this region>"}',
                )


@rule("global-table-twice", severity=Severity.ERROR, source=_GLOBAL_TABLE)
def global_table_twice(context: Context) -> Iterator[Fault]:
    """A global table that the stacks of two regions make.

    The stack of one region makes the replica of the other; the second stack then finds the name taken:
    "Table already exists". Keep it out of one with a Condition. Without a TableName each stack makes a
    table of its own, with replicas of its own: a warning.
    """
    seen: dict[str, tuple[RegionalStack, EvaluatedResource]] = {}
    for stack, table in resources_of_type(context, GLOBAL_TABLE):
        first, other = seen.setdefault(table.logical_id, (stack, table))
        regions = [get_nested(one, "Region") for one in listed(other.properties.get("Replicas"))]
        is_certain = {table.logical_id} & (stack.undecided | first.undecided) == set()
        if first is stack or not is_certain or stack.region not in regions:
            continue
        name, same = table.properties.get("TableName"), other.properties.get("TableName")
        if name is None or (isinstance(name, str) and name == same):
            yield Fault(
                path=("Resources", table.logical_id),
                region=stack.region,
                severity=Severity.WARNING if name is None else None,
                message=f"The stack of {first.region} makes this table, with its replica in {stack.region}",
                actual=name,
                expected="the table in the stack of one region",
                fix=f"give it a Condition that holds in {first.region} alone",
            )
