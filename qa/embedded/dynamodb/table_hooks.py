"""Hooks into moto's table operations: replicas, encryption, what belongs to all replicas."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from qa.embedded.wrapping import wrap

from .description import describe_more
from .encryption import encryption, managed_key_arn
from .replicas import apply_updates, backend, part, refuse_source
from .service import LOCK, service

if TYPE_CHECKING:
    from collections.abc import Callable

UNMODELLED = ("GlobalTableWitnessUpdates", "GlobalTableSettingsReplicationMode", "OnDemandThroughput")
SHARED = ("attr_definitions", "global_index", "billing_mode")
"""What UpdateTable changes in every replica; the rest is each region's own."""


def hook_tables() -> None:
    """Wrap what creates, changes, describes and deletes tables."""
    wrap(Table, "describe", _describe)
    wrap(Table, "_get_default_encryption_key", _default_key)
    wrap(DynamoDBBackend, "delete_table", _delete_table)
    wrap(DynamoDBBackend, "update_table", _update_table)
    wrap(DynamoDBBackend, "update_table_streams", _update_streams)
    wrap(DynamoDBBackend, "update_time_to_live", _update_time_to_live)
    wrap(DynamoHandler, "create_table", _handle_create)
    wrap(DynamoHandler, "update_table", _handle_update)


def _describe(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def describe(self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
        description = original(self, base_key)
        describe_more(service(), self, description[base_key])
        return description

    return describe


def _default_key(_: Callable[..., str]) -> Callable[..., str]:
    def default_key(_table: Table, _account_id: str, region: str) -> str:
        return managed_key_arn(service().world, region)

    return default_key


def _delete_table(original: Callable[..., Table]) -> Callable[..., Table]:
    def delete_table(self: DynamoDBBackend, name: str) -> Table:
        table = self.get_table(name)
        if not table.deletion_protection_enabled:
            refuse_source(service(), table.name, self.region_name)
        deleted = original(self, name)
        part(service(), deleted.name, self.region_name)
        return deleted

    return delete_table


def _update_table(original: Callable[..., Table]) -> Callable[..., Table]:
    def update_table(self: DynamoDBBackend, name: str, **changes: Any) -> Table:
        table = self.get_table(name)
        others = service().tables.others(table.name, self.region_name)
        stream = changes.get("stream_spec")
        if others and stream and not stream.get("StreamEnabled"):
            raise MockValidationException(
                f"The stream of the global table {table.name} cannot be disabled while it has replicas"
            )
        shared = {key: copy.deepcopy(value) for key, value in changes.items() if key in SHARED}
        updated = original(self, name, **changes)
        for region in others:
            theirs: dict[str, Any] = dict.fromkeys(changes)
            original(backend(service(), region), table.name, **(theirs | copy.deepcopy(shared)))
        return updated

    return update_table


def _update_streams(original: Callable[..., None]) -> Callable[..., None]:
    def update_table_streams(
        self: DynamoDBBackend, table: Table, stream_specification: dict[str, Any]
    ) -> None:
        # moto never lets a stream be enabled again after it was disabled
        if not (table.stream_specification or {}).get("StreamEnabled"):
            table.set_stream_specification(stream_specification)
        else:
            original(self, table, stream_specification)

    return update_table_streams


def _update_time_to_live(original: Callable[..., None]) -> Callable[..., None]:
    def update_time_to_live(self: DynamoDBBackend, table_name: str, ttl_spec: dict[str, Any]) -> None:
        original(self, table_name, ttl_spec)
        table = self.get_table(table_name)
        for region in service().tables.others(table.name, self.region_name):
            original(backend(service(), region), table.name, ttl_spec)

    return update_time_to_live


def _handle_create(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_table(self: DynamoHandler) -> Any:
        refuse_unmodelled(self.body)
        with LOCK:
            world = service().world
            self.body["SSESpecification"] = encryption(world, self.region, self.body.get("SSESpecification"))
            answer = original(self)
            service().tables.set_table_class(
                self.body["TableName"], self.region, self.body.get("TableClass") or "STANDARD"
            )
            return answer

    return create_table


def _handle_update(original: Callable[..., Any]) -> Callable[..., Any]:
    def update_table(self: DynamoHandler) -> Any:
        refuse_unmodelled(self.body)
        if self.body.get("MultiRegionConsistency", "EVENTUAL") != "EVENTUAL":
            raise MockValidationException("MultiRegionConsistency STRONG is not modelled by the embedded AWS")
        with LOCK:
            table = self.dynamodb_backend.get_table(self.body["TableName"])
            apply_updates(service(), table, self.body.get("ReplicaUpdates") or ())
            if "SSESpecification" in self.body:
                world = service().world
                table.sse_specification = encryption(world, self.region, self.body["SSESpecification"])
            if "TableClass" in self.body:
                service().tables.set_table_class(table.name, self.region, self.body["TableClass"])
            return original(self)

    return update_table


def refuse_unmodelled(body: dict[str, Any]) -> None:
    """Raise MockValidationException for a parameter that would have no effect here."""
    for name in UNMODELLED:
        if body.get(name):
            raise MockValidationException(f"{name} is not modelled by the embedded AWS")
