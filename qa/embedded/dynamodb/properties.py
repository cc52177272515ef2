"""What a template asks of a table: the properties of GlobalTable and Table as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.dynamodb.exceptions import MockValidationException

if TYPE_CHECKING:
    from collections.abc import Mapping

REPLICA_PROPERTIES = frozenset(
    {
        "Region",
        "PointInTimeRecoverySpecification",
        "TableClass",
        "DeletionProtectionEnabled",
        "SSESpecification",
        "Tags",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalSettings:
    """What each region's table has for itself."""

    region: str
    has_point_in_time_recovery: bool
    recovery_days: int | None
    table_class: str
    is_protected: bool
    kms_key_id: str | None
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSettings:
    """What all regions' tables have in common; the dictionaries are the API's own shapes."""

    key_schema: list[dict[str, str]]
    attributes: list[dict[str, str]]
    billing_mode: str
    throughput: dict[str, int] | None
    global_indexes: list[dict[str, Any]]
    local_indexes: list[dict[str, Any]]
    stream: dict[str, Any] | None
    is_encrypted: bool
    time_to_live: dict[str, Any] | None


def shared_settings(properties: Mapping[str, Any]) -> SharedSettings:
    """Read what the two resource types have in common. Raises MockValidationException."""
    for required in ("KeySchema", "AttributeDefinitions"):
        if required not in properties:
            raise MockValidationException(f"One or more parameter values were invalid: Missing {required}")
    stream = properties.get("StreamSpecification")
    sse = properties.get("SSESpecification", {})
    ttl = properties.get("TimeToLiveSpecification")
    provisioned = properties.get("ProvisionedThroughput")
    return SharedSettings(
        key_schema=[dict(key) for key in properties["KeySchema"]],
        attributes=[dict(attribute) for attribute in properties["AttributeDefinitions"]],
        billing_mode=properties.get("BillingMode", "PROVISIONED"),
        throughput={key: int(value) for key, value in provisioned.items()} if provisioned else None,
        global_indexes=[dict(index) for index in properties.get("GlobalSecondaryIndexes", ())],
        local_indexes=[dict(index) for index in properties.get("LocalSecondaryIndexes", ())],
        stream={"StreamEnabled": True, "StreamViewType": stream["StreamViewType"]} if stream else None,
        is_encrypted=_flag(sse.get("SSEEnabled", False)),
        time_to_live=None
        if ttl is None
        else {"Enabled": _flag(ttl["Enabled"]), "AttributeName": ttl.get("AttributeName", "")},
    )


def replicas(properties: Mapping[str, Any], *, region: str) -> tuple[RegionalSettings, ...]:
    """Read the Replicas of a GlobalTable, the stack's own region first.

    Raises MockValidationException for what DynamoDB or CloudFormation refuses.
    """
    asked = properties.get("Replicas", ())
    if "KMSMasterKeyId" in properties.get("SSESpecification", {}):
        raise MockValidationException(
            "Encountered unsupported property KMSMasterKeyId: a global table takes it in "
            "Replicas[].SSESpecification, one key for each region"
        )
    for replica in asked:
        for name in sorted(set(replica) - REPLICA_PROPERTIES):
            raise MockValidationException(f"{name} of Replicas is not modelled by the embedded AWS")
    found = tuple(_regional_settings(replica, replica["Region"]) for replica in asked)
    regions = [replica.region for replica in found]
    if region not in regions:
        raise MockValidationException("The Replicas section must contain an entry for the current region")
    if len(set(regions)) < len(regions):
        raise MockValidationException("The Replicas section must not contain a region twice")
    keyed = [replica for replica in found if replica.kms_key_id is not None]
    if keyed and len(keyed) < len(found):
        raise MockValidationException("KMSMasterKeyId must be specified for each replica")
    _check_stream(properties, len(found))
    return tuple(sorted(found, key=lambda replica: (replica.region != region, replica.region)))


def table_settings(properties: Mapping[str, Any], *, region: str) -> RegionalSettings:
    """Read what a Table has beside the shared settings."""
    return _regional_settings(properties, region)


def _check_stream(properties: Mapping[str, Any], replica_count: int) -> None:
    if replica_count < 2:
        return
    view_type = properties.get("StreamSpecification", {}).get("StreamViewType")
    if view_type is None:
        raise MockValidationException(
            "StreamSpecification must be provided for a global table with more than one replica"
        )
    if view_type != "NEW_AND_OLD_IMAGES":
        raise MockValidationException(
            "StreamViewType must be NEW_AND_OLD_IMAGES for a global table with more than one replica, "
            f"not {view_type}"
        )


def _regional_settings(properties: Mapping[str, Any], region: str) -> RegionalSettings:
    recovery = properties.get("PointInTimeRecoverySpecification", {})
    days = recovery.get("RecoveryPeriodInDays")
    return RegionalSettings(
        region=region,
        has_point_in_time_recovery=_flag(recovery.get("PointInTimeRecoveryEnabled", False)),
        recovery_days=None if days is None else int(days),
        table_class=properties.get("TableClass", "STANDARD"),
        is_protected=_flag(properties.get("DeletionProtectionEnabled", False)),
        kms_key_id=properties.get("SSESpecification", {}).get("KMSMasterKeyId"),
        tags=tuple((tag["Key"], tag["Value"]) for tag in properties.get("Tags", ())),
    )


def _flag(value: object) -> bool:
    """Read a boolean; CloudFormation takes it as a string, too."""
    return str(value).lower() == "true"
