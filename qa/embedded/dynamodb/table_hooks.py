"""Hooks into moto's table operations: replicas, encryption, what belongs to all replicas."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from qa.embedded.patches import Patch

from .description import describe_more
from .encryption import encryption, managed_key_arn
from .replicas import apply_updates, backend, part, refuse_source
from .service import LOCK, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

UNMODELLED = ("GlobalTableWitnessUpdates", "GlobalTableSettingsReplicationMode", "OnDemandThroughput")
SHARED = ("attr_definitions", "global_index", "billing_mode")
"""What UpdateTable changes in every replica; the rest is each region's own."""


def _describe(original: Callable[..., dict[str, Any]], world: World) -> Callable[..., dict[str, Any]]:
    def describe(self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
        description = original(self, base_key)
        describe_more(world.part(Service), self, description[base_key])
        return description

    return describe


def _default_key(_: Callable[..., str], world: World) -> Callable[..., str]:
    def default_key(_table: Table, _account_id: str, region: str) -> str:
        return managed_key_arn(world, region)

    return default_key


def _delete_table(original: Callable[..., Table], world: World) -> Callable[..., Table]:
    def delete_table(self: DynamoDBBackend, name: str) -> Table:
        table = self.get_table(name)
        if not table.deletion_protection_enabled:
            refuse_source(world.part(Service), table.name, self.region_name)
        deleted = original(self, name)
        part(world.part(Service), deleted.name, self.region_name)
        return deleted

    return delete_table


def _update_table(original: Callable[..., Table], world: World) -> Callable[..., Table]:
    def update_table(self: DynamoDBBackend, name: str, **changes: Any) -> Table:
        table = self.get_table(name)
        others = world.part(Service).tables.others(table.name, self.region_name)
        stream = changes.get("stream_spec")
        if others and stream and not stream.get("StreamEnabled"):
            raise MockValidationException(
                f"The stream of the global table {table.name} cannot be disabled while it has replicas"
            )
        shared = {key: copy.deepcopy(value) for key, value in changes.items() if key in SHARED}
        updated = original(self, name, **changes)
        for region in others:
            theirs: dict[str, Any] = dict.fromkeys(changes)
            original(backend(world.part(Service), region), table.name, **(theirs | copy.deepcopy(shared)))
        return updated

    return update_table


def _update_streams(original: Callable[..., None], _: World) -> Callable[..., None]:
    def update_table_streams(
        self: DynamoDBBackend, table: Table, stream_specification: dict[str, Any]
    ) -> None:
        # moto never lets a stream be enabled again after it was disabled
        if not (table.stream_specification or {}).get("StreamEnabled"):
            table.set_stream_specification(stream_specification)
        else:
            original(self, table, stream_specification)

    return update_table_streams


def _update_time_to_live(original: Callable[..., None], world: World) -> Callable[..., None]:
    def update_time_to_live(self: DynamoDBBackend, table_name: str, ttl_spec: dict[str, Any]) -> None:
        original(self, table_name, ttl_spec)
        table = self.get_table(table_name)
        for region in world.part(Service).tables.others(table.name, self.region_name):
            original(backend(world.part(Service), region), table.name, ttl_spec)

    return update_time_to_live


def _handle_create(original: Callable[..., Any], world: World) -> Callable[..., Any]:
    def create_table(self: DynamoHandler) -> Any:
        refuse_unmodelled(self.body)
        with LOCK:
            self.body["SSESpecification"] = encryption(world, self.region, self.body.get("SSESpecification"))
            answer = original(self)
            world.part(Service).tables.set_table_class(
                self.body["TableName"], self.region, self.body.get("TableClass") or "STANDARD"
            )
            return answer

    return create_table


def _handle_update(original: Callable[..., Any], world: World) -> Callable[..., Any]:
    def update_table(self: DynamoHandler) -> Any:
        refuse_unmodelled(self.body)
        if self.body.get("MultiRegionConsistency", "EVENTUAL") != "EVENTUAL":
            raise MockValidationException("MultiRegionConsistency STRONG is not modelled by the embedded AWS")
        with LOCK:
            table = self.dynamodb_backend.get_table(self.body["TableName"])
            apply_updates(world.part(Service), table, self.body.get("ReplicaUpdates") or ())
            if "SSESpecification" in self.body:
                table.sse_specification = encryption(world, self.region, self.body["SSESpecification"])
            if "TableClass" in self.body:
                world.part(Service).tables.set_table_class(table.name, self.region, self.body["TableClass"])
            return original(self)

    return update_table


def refuse_unmodelled(body: dict[str, Any]) -> None:
    """Raise MockValidationException for a parameter that would have no effect here."""
    for name in UNMODELLED:
        if body.get(name):
            raise MockValidationException(f"{name} is not modelled by the embedded AWS")


PATCHES = (
    Patch(owner=Table, name="describe", parameters="self, base_key", around=_describe),
    Patch(
        owner=Table,
        name="_get_default_encryption_key",
        parameters="self, account_id, region",
        around=_default_key,
    ),
    Patch(owner=DynamoDBBackend, name="delete_table", parameters="self, name", around=_delete_table),
    Patch(
        owner=DynamoDBBackend,
        name="update_table",
        parameters=(
            "self, name, attr_definitions, global_index, throughput, billing_mode, "
            "stream_spec, deletion_protection_enabled, warm_throughput"
        ),
        around=_update_table,
    ),
    Patch(
        owner=DynamoDBBackend,
        name="update_table_streams",
        parameters="self, table, stream_specification",
        around=_update_streams,
    ),
    Patch(
        owner=DynamoDBBackend,
        name="update_time_to_live",
        parameters="self, table_name, ttl_spec",
        around=_update_time_to_live,
    ),
    Patch(owner=DynamoHandler, name="create_table", parameters="self", around=_handle_create),
    Patch(owner=DynamoHandler, name="update_table", parameters="self", around=_handle_update),
)
"""What creates, changes, describes and deletes tables."""
