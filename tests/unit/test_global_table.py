"""Checks 26-36: the global table, which East's stack creates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .findings import Finding, differs, finding, place, require, same, unless, walk
from .policies import listed
from .stack import ABSENT, EAST, WEST, below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.template import Template

    from .stack import Stack

TABLE = "TransactionsTable"


def test_the_table_is_a_global_table_and_no_plain_table_has_replicas(template: Template) -> None:
    def findings() -> Iterator[Finding]:
        table = template.resources.get(TABLE)
        kind = table.type if table else ABSENT
        if kind != "AWS::DynamoDB::GlobalTable":
            do = "AWS::DynamoDB::Table has no Replicas: use the global type"
            yield _finding(template, (TABLE, "Type"), kind, "AWS::DynamoDB::GlobalTable", do)
        for logical_id, resource in template.resources.items():
            if resource.type == "AWS::DynamoDB::Table" and "Replicas" in resource.properties:
                path = (logical_id, "Properties", "Replicas")
                yield _finding(template, path, "Replicas", "no Replicas", "use AWS::DynamoDB::GlobalTable")

    require(findings())


def test_the_table_has_replicas_in_exactly_the_two_regions(east: Stack) -> None:
    actual = sorted(_replica_regions(east))
    do = "list one replica for each of the two regions"
    require(unless(east, TABLE, "Replicas", actual=actual, expected=[EAST, WEST], do=do))


def test_the_tables_own_region_is_among_its_replicas(east: Stack) -> None:
    def findings() -> Iterator[Finding]:
        regions = _replica_regions(east)
        if east.region not in regions:
            do = "DynamoDB wants the region of the stack itself among the replicas"
            yield finding(east, TABLE, "Replicas", actual=regions, expected=east.region, do=do)

    require(findings())


def test_the_table_is_on_demand_with_no_provisioned_capacity(east: Stack) -> None:
    def findings() -> Iterator[Finding]:
        do = "set PAY_PER_REQUEST: capacity set aside in one region is missing in the other"
        yield from differs(east, TABLE, "BillingMode", "PAY_PER_REQUEST", do=do)
        for path in _paths(east):
            if "Provisioned" in path.rpartition("/")[2]:
                yield finding(east, TABLE, path, actual="provisioned", expected="on-demand", do="remove it")

    require(findings())


def test_the_partition_key_is_the_transaction_id_a_string(east: Stack) -> None:
    do = "what is stored and read is found by this key"
    expected = [("transactionId", "S")]
    require(unless(east, TABLE, "KeySchema", actual=_keys(east, "HASH"), expected=expected, do=do))


def test_the_sort_key_is_the_timestamp_a_number(east: Stack) -> None:
    do = "what is stored and read is found by this key"
    expected = [("timestamp", "N")]
    require(unless(east, TABLE, "KeySchema", actual=_keys(east, "RANGE"), expected=expected, do=do))


def test_only_key_attributes_are_defined(east: Stack) -> None:
    defined = sorted(_attribute_types(east))
    keys = sorted(str(below(key, "AttributeName")) for key in listed(east.property(TABLE, "KeySchema")))
    do = "DynamoDB refuses attribute definitions that no key uses, and keys without one"
    require(unless(east, TABLE, "AttributeDefinitions", actual=defined, expected=keys, do=do))


def test_the_stream_holds_new_and_old_images(east: Stack) -> None:
    do = "a global table replicates by this stream"
    require(differs(east, TABLE, "StreamSpecification/StreamViewType", "NEW_AND_OLD_IMAGES", do=do))


def test_every_replica_can_be_restored_to_a_point_in_time(east: Stack) -> None:
    def findings() -> Iterator[Finding]:
        replicas = listed(east.property(TABLE, "Replicas"))
        if not replicas:
            yield finding(east, TABLE, "Replicas", actual=replicas, expected="replicas", do="list them")
        for index, _ in enumerate(replicas):
            path = f"Replicas/{index}/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled"
            do = "set it on each replica: recovery is a region's own setting"
            yield from differs(east, TABLE, path, expected=True, do=do)

    require(findings())


def test_the_table_is_encrypted_by_kms(east: Stack) -> None:
    def findings() -> Iterator[Finding]:
        do = "encrypt with KMS; without this DynamoDB uses a key that it owns"
        yield from differs(east, TABLE, "SSESpecification/SSEEnabled", expected=True, do=do)
        yield from differs(east, TABLE, "SSESpecification/SSEType", "KMS", do=do)

    require(findings())


def test_no_key_is_named_for_the_table_or_a_replica(east: Stack) -> None:
    def findings() -> Iterator[Finding]:
        for path in _paths(east):
            if path.endswith("KMSMasterKeyId"):
                do = "remove it: each region takes its own aws/dynamodb key, a named key lies in one region"
                yield finding(east, TABLE, path, actual=east.property(TABLE, path), expected=ABSENT, do=do)

    require(findings())


def _replica_regions(stack: Stack) -> list[str]:
    return [str(below(replica, "Region")) for replica in listed(stack.property(TABLE, "Replicas"))]


def _attribute_types(stack: Stack) -> dict[str, str]:
    definitions = listed(stack.property(TABLE, "AttributeDefinitions"))
    return {str(below(one, "AttributeName")): str(below(one, "AttributeType")) for one in definitions}


def _keys(stack: Stack, key_type: str) -> list[tuple[str, str]]:
    """Return name and attribute type of the table's keys of one kind."""
    types = _attribute_types(stack)
    schema = listed(stack.property(TABLE, "KeySchema"))
    names = [str(below(key, "AttributeName")) for key in schema if same(below(key, "KeyType"), key_type)]
    return [(name, types.get(name, "undefined")) for name in names]


def _paths(stack: Stack) -> Iterator[str]:
    """Yield the path of everything below the table's properties."""
    return ("/".join(map(str, path)) for path, _ in walk(stack.property(TABLE, "")))


def _finding(template: Template, path: tuple[str, ...], actual: object, expected: object, do: str) -> Finding:
    where = place(template, ("Resources", *path))
    return Finding(what=f"{path[0]}: {path[-1]}", actual=actual, expected=expected, where=where, do=do)
