"""Adding replicas to a table and taking them away, in DynamoDB's words when it refuses."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import dynamodb_backends

from qa.embedded.regions import is_region

from .encryption import encryption

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import Table

    from .service import Service

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
MODELLED_OPTIONS = frozenset({"RegionName", "KMSMasterKeyId", "TableClassOverride"})
SOURCE_REFUSAL = (
    "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the "
    "table in the last 24 hours."
)


def backend(service: Service, region: str) -> DynamoDBBackend:
    """Return moto's DynamoDB of a region."""
    return dynamodb_backends[service.world.account_id][region]


def apply_updates(service: Service, table: Table, updates: Sequence[Mapping[str, Any]]) -> None:
    """Carry out the ReplicaUpdates of UpdateTable, called in the region of `table`."""
    for update in updates:
        for verb, options in update.items():
            region = options["RegionName"]
            unknown = sorted(set(options) - MODELLED_OPTIONS)
            if unknown:
                raise MockValidationException(
                    f"{unknown[0]} of ReplicaUpdates is not modelled by the embedded AWS"
                )
            if verb == "Create":
                add_replica(service, table, region, options)
            elif verb == "Update":
                _change_replica(service, table, region, options)
            else:
                _refuse_unknown(service, table, region)
                remove_replica(service, table.name, region)


def add_replica(service: Service, source: Table, region: str, options: Mapping[str, Any]) -> Table:
    """Create the table in another region with the source's schema and items, and join the two.

    Raises MockValidationException where a table of the name is already there.
    """
    if not is_region(region):
        raise MockValidationException(f"The region {region!r} of a replica is invalid.")
    target = backend(service, region)
    if source.name in target.tables:
        raise MockValidationException(
            f"Failed to create a the new replica of table with name: '{source.name}' because one or more "
            "replicas already existed as tables."
        )
    if source.billing_mode != "PAY_PER_REQUEST":
        raise MockValidationException("Table write capacity should either be Pay-Per-Request or AutoScaled.")
    _enable_stream(source)
    replica = target.create_table(**_schema(source), sse_specification=_sse(service, source, region, options))
    now = service.world.clock.time()
    service.tables.add(source.name, source=source.region_name, region=region, at=now)
    service.tables.set_table_class(source.name, region, options.get("TableClassOverride", "STANDARD"))
    service.replicator.copy_all(source, replica)
    replica.ttl = copy.deepcopy(source.ttl)
    return replica


def remove_replica(service: Service, table_name: str, region: str) -> None:
    """Delete the table in one region and part it from the others.

    Raises DeletionProtectedException when that replica is protected.
    """
    others = service.tables.others(table_name, region)
    if not others:
        backend(service, region).delete_table(table_name)
        return
    replica = backend(service, region).get_table(table_name)
    if replica.deletion_protection_enabled:
        backend(service, region).delete_table(table_name)  # refuses
    part(service, table_name, region)
    backend(service, region).delete_table(table_name)


def part(service: Service, table_name: str, region: str) -> None:
    """Forget that a region replicates a table; what was on its way is dropped."""
    service.tables.remove(table_name, region)
    service.replicator.forget(table_name, region)


def refuse_source(service: Service, table_name: str, region: str) -> None:
    """Raise when a replica was added from this region in the last 24 hours and still lives."""
    if service.tables.is_protected_source(table_name, region, now=service.world.clock.time()):
        raise MockValidationException(SOURCE_REFUSAL)


def _change_replica(service: Service, table: Table, region: str, options: Mapping[str, Any]) -> None:
    _refuse_unknown(service, table, region)
    replica = backend(service, region).get_table(table.name)
    if "KMSMasterKeyId" in options:
        replica.sse_specification = _sse(service, table, region, options)
    if "TableClassOverride" in options:
        service.tables.set_table_class(table.name, region, options["TableClassOverride"])


def _refuse_unknown(service: Service, table: Table, region: str) -> None:
    if region not in service.tables.others(table.name, table.region_name):
        raise MockValidationException(
            f"Failed to update or delete the replica of table with name: '{table.name}' because it has no "
            f"replica in region {region}."
        )


def _enable_stream(table: Table) -> None:
    stream = table.stream_specification or {}
    if not stream.get("StreamEnabled"):
        table.set_stream_specification(dict(STREAM))
    elif stream.get("StreamViewType") != STREAM["StreamViewType"]:
        raise MockValidationException(
            f"Table {table.name} must have a stream with view type NEW_AND_OLD_IMAGES to get replicas, its "
            f"stream has {stream.get('StreamViewType')}"
        )


def _sse(service: Service, source: Table, region: str, options: Mapping[str, Any]) -> dict[str, Any] | None:
    is_encrypted = bool(source.sse_specification) or "KMSMasterKeyId" in options
    request = {"Enabled": is_encrypted, "KMSMasterKeyId": options.get("KMSMasterKeyId")}
    return encryption(service.world, region, request)


def _schema(source: Table) -> dict[str, Any]:
    indexes = [_index(index) for index in source.global_indexes]
    return {
        "name": source.name,
        "schema": copy.deepcopy(source.schema),
        "attr": copy.deepcopy(source.attr),
        "throughput": None,
        "global_indexes": indexes,
        "indexes": [_index(index) for index in source.indexes],
        "streams": dict(STREAM),
        "billing_mode": source.billing_mode,
        "tags": [],
        "deletion_protection_enabled": False,
        "warm_throughput": None,
    }


def _index(index: Any) -> dict[str, Any]:
    return {
        "IndexName": index.name,
        "KeySchema": copy.deepcopy(index.schema),
        "Projection": copy.deepcopy(index.projection),
    }
