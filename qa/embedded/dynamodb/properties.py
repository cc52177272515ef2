"""What CloudFormation's handler refuses of a global table's properties before it calls DynamoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.embedded.service.resource_types import InvalidPropertiesError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.service.resource_types import Subject

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


def check_global_table(table: Subject) -> None:
    """Raise InvalidPropertiesError for what DynamoDB or CloudFormation refuses, or is not modelled."""
    mode = table.properties.get("BillingMode", "PROVISIONED")
    check_replicas(table.properties, region=table.region)
    if mode != "PAY_PER_REQUEST":
        raise InvalidPropertiesError(
            f"BillingMode {mode} of a global table is not modelled by the embedded AWS, "
            "only PAY_PER_REQUEST is"
        )


def check_replicas(properties: Mapping[str, Any], *, region: str) -> None:
    """Raise InvalidPropertiesError for replicas that cannot be, `region` being the stack's."""
    replicas = properties.get("Replicas", ())
    if "KMSMasterKeyId" in properties.get("SSESpecification", {}):
        raise InvalidPropertiesError(
            "Encountered unsupported property KMSMasterKeyId: a global table takes it in "
            "Replicas[].SSESpecification, one key for each region"
        )
    for replica in replicas:
        for name in sorted(set(replica) - REPLICA_PROPERTIES):
            raise InvalidPropertiesError(f"{name} of Replicas is not modelled by the embedded AWS")
    regions = [replica["Region"] for replica in replicas]
    if region not in regions:
        raise InvalidPropertiesError("The Replicas section must contain an entry for the current region")
    if len(set(regions)) < len(regions):
        raise InvalidPropertiesError("The Replicas section must not contain a region twice")
    keyed = [each for each in replicas if each.get("SSESpecification", {}).get("KMSMasterKeyId") is not None]
    if keyed and len(keyed) < len(replicas):
        raise InvalidPropertiesError("KMSMasterKeyId must be specified for each replica")
    if len(replicas) > 1:
        _check_stream(properties)


def _check_stream(properties: Mapping[str, Any]) -> None:
    view_type = properties.get("StreamSpecification", {}).get("StreamViewType")
    if view_type is None:
        raise InvalidPropertiesError(
            "StreamSpecification must be provided for a global table with more than one replica"
        )
    if view_type != "NEW_AND_OLD_IMAGES":
        raise InvalidPropertiesError(
            "StreamViewType must be NEW_AND_OLD_IMAGES for a global table with more than one replica, "
            f"not {view_type}"
        )
