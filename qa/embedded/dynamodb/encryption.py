"""Which KMS key encrypts a table at rest, in the table's own region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.exceptions import MockValidationException
from moto.kms.models import kms_backends

from qa.embedded import kms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import World


def managed_key_arn(world: World, region: str) -> str:
    """Return the ARN of the region's own aws/dynamodb key, which is made on first use."""
    return kms.managed_key_arn(world, region, "dynamodb")


def encryption(world: World, region: str, specification: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return moto's form of an SSESpecification of the API; None for the key that AWS owns.

    Raises MockValidationException for AES256, for a key that is not there, and for a key of
    another region.
    """
    if not specification or not specification.get("Enabled"):
        return None
    kind = specification.get("SSEType", "KMS")
    if kind != "KMS":
        raise MockValidationException(
            f"One or more parameter values were invalid: SSEType {kind} is not supported, only KMS is"
        )
    key_id = specification.get("KMSMasterKeyId")
    arn = managed_key_arn(world, region) if key_id is None else local_key_arn(world, region, key_id)
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": arn}


def local_key_arn(world: World, region: str, key_id: str) -> str:
    """Return the ARN of a key that is named by ID, ARN or alias, and lives in the region."""
    named_region = key_id.split(":")[3] if key_id.startswith("arn:") else region
    if named_region != region:
        raise MockValidationException(
            f"One or more parameter values were invalid: the KMS key {key_id} must be created in the same "
            f"region as the replica, {region}"
        )
    try:
        return str(kms_backends[world.account_id][region].describe_key(key_id).arn)
    except (JsonRESTError, KeyError) as missing:
        raise MockValidationException(
            f"KMS validation error: the key {key_id} does not exist in {region}"
        ) from missing
