"""Making tables what a template asks for, whether they are new or there already."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from moto.dynamodb.exceptions import ResourceInUseException

from .encryption import encryption
from .replicas import add_replica, backend, remove_replica

if TYPE_CHECKING:
    from collections.abc import Iterable

    from moto.dynamodb.models.table import Table

    from .properties import RegionalSettings, SharedSettings
    from .service import Service


def create_tables(
    service: Service, name: str, shared: SharedSettings, regional: tuple[RegionalSettings, ...]
) -> None:
    """Create a table in the first region and replicas in the others; all of them or none.

    Raises ResourceInUseException when a region has a table of the name.
    """
    keys = {each.region: _encryption(service, shared, each) for each in regional}
    for each in regional:
        if name in backend(service, each.region).tables:
            raise ResourceInUseException(f"Table already exists: {name}")
    first, *others = regional
    home = backend(service, first.region).create_table(
        name,
        schema=copy.deepcopy(shared.key_schema),
        throughput=copy.deepcopy(shared.throughput),
        attr=copy.deepcopy(shared.attributes),
        global_indexes=copy.deepcopy(shared.global_indexes),
        indexes=copy.deepcopy(shared.local_indexes),
        streams=copy.deepcopy(shared.stream),
        billing_mode=shared.billing_mode,
        sse_specification=keys[first.region],
        tags=[],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )
    for other in others:
        add_replica(service, home, other.region, {"RegionName": other.region})
    for each in regional:
        _settle_region(service, name, shared, each)
    _settle_time_to_live(service, home, shared)


def change_tables(
    service: Service, name: str, shared: SharedSettings, regional: tuple[RegionalSettings, ...]
) -> None:
    """Change an existing table and its replicas in place; the key schema stays as it is."""
    home = backend(service, regional[0].region).get_table(name)
    wanted = {each.region for each in regional}
    for region in service.tables.others(name, home.region_name):
        if region not in wanted:
            remove_replica(service, name, region)
    _settle_shared(service, home, shared)
    others = service.tables.others(name, home.region_name)
    for each in regional[1:]:
        if each.region not in others:
            add_replica(service, home, each.region, {"RegionName": each.region})
    for each in regional:
        _settle_region(service, name, shared, each)
    _settle_time_to_live(service, home, shared)


def delete_tables(service: Service, name: str, region: str) -> None:
    """Remove the replicas first and then the table; a table that is gone already is deleted.

    Raises DeletionProtectedException, with nothing removed, when any replica is protected.
    """
    home = backend(service, region)
    if name not in home.tables:
        return
    others = service.tables.others(name, region)
    for each in (region, *others):
        if backend(service, each).get_table(name).deletion_protection_enabled:
            backend(service, each).delete_table(name)  # refuses
    for each in others:
        remove_replica(service, name, each)
    home.delete_table(name)


def _encryption(
    service: Service, shared: SharedSettings, regional: RegionalSettings
) -> dict[str, Any] | None:
    asked = {"Enabled": shared.is_encrypted, "KMSMasterKeyId": regional.kms_key_id}
    return encryption(service.world, regional.region, asked)


def _settle_region(service: Service, name: str, shared: SharedSettings, wanted: RegionalSettings) -> None:
    dynamodb = backend(service, wanted.region)
    table = dynamodb.get_table(name)
    table.sse_specification = _encryption(service, shared, wanted)
    table.deletion_protection_enabled = wanted.is_protected
    table.tags = [{"Key": key, "Value": value} for key, value in wanted.tags]
    service.tables.set_table_class(name, wanted.region, wanted.table_class)
    recovery: dict[str, Any] = {"PointInTimeRecoveryEnabled": wanted.has_point_in_time_recovery}
    if wanted.recovery_days is not None:
        recovery["RecoveryPeriodInDays"] = wanted.recovery_days
    dynamodb.update_continuous_backups(name, recovery)


def _settle_time_to_live(service: Service, home: Table, shared: SharedSettings) -> None:
    wanted = shared.time_to_live or {"Enabled": False, "AttributeName": home.ttl.get("AttributeName", "")}
    if wanted["Enabled"] or home.ttl["TimeToLiveStatus"] == "ENABLED":
        backend(service, home.region_name).update_time_to_live(home.name, wanted)


def _settle_shared(service: Service, home: Table, shared: SharedSettings) -> None:
    changes: dict[str, Any] = {
        "attr_definitions": copy.deepcopy(shared.attributes),
        "global_index": _index_updates(home, shared.global_indexes),
        "throughput": copy.deepcopy(shared.throughput),
        "billing_mode": shared.billing_mode,
        "stream_spec": _stream_change(home, shared.stream),
        "deletion_protection_enabled": None,
        "warm_throughput": None,
    }
    backend(service, home.region_name).update_table(home.name, **changes)


def _index_updates(home: Table, wanted: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    by_name = {index["IndexName"]: index for index in wanted}
    have = {index.name: index for index in home.global_indexes}
    changed = {
        name
        for name, index in have.items()
        if name in by_name
        and (by_name[name]["KeySchema"], by_name[name]["Projection"]) != (index.schema, index.projection)
    }
    gone = [name for name in have if name not in by_name or name in changed]
    new = [index for name, index in by_name.items() if name not in have or name in changed]
    return [{"Delete": {"IndexName": name}} for name in gone] + [
        {"Create": copy.deepcopy(index)} for index in new
    ]


def _stream_change(home: Table, wanted: dict[str, Any] | None) -> dict[str, Any] | None:
    have = home.stream_specification or {}
    if wanted is None:
        return {"StreamEnabled": False} if have.get("StreamEnabled") else None
    return None if have.get("StreamViewType") == wanted["StreamViewType"] else dict(wanted)
