"""Questions to KMS: a key, what it encrypts, and where that opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import ask, ask_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_kms import KMSClient


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """What DescribeKey reports of a key; the multi-Region type is None for a single-Region key."""

    key_id: str
    arn: str
    state: str
    manager: str
    spec: str
    multi_region_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A ciphertext and the ARN of the key that made it."""

    ciphertext: bytes
    key_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A decrypted text and the ARN of the key that opened it."""

    plaintext: bytes
    key_arn: str


def key_state(kms: KMSClient, key: str) -> KeyState | None:
    """Return the key behind an ID, ARN or alias name as the client's region knows it; None if none."""
    response = ask_or_none(
        f"DescribeKey of {key!r} in {kms.meta.region_name}",
        lambda: kms.describe_key(KeyId=key),
        absent={"NotFoundException"},
    )
    if response is None:
        return None
    metadata = response["KeyMetadata"]
    return KeyState(
        key_id=metadata["KeyId"],
        arn=metadata.get("Arn", ""),
        state=metadata.get("KeyState", ""),
        manager=metadata.get("KeyManager", ""),
        spec=metadata.get("KeySpec", ""),
        multi_region_type=metadata.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType"),
    )


def is_rotating(kms: KMSClient, key_id: str) -> bool:
    """Say whether the key's material is rotated every year; always true for keys that AWS manages."""
    response = ask(
        f"GetKeyRotationStatus of {key_id!r} in {kms.meta.region_name}",
        lambda: kms.get_key_rotation_status(KeyId=key_id),
    )
    return response["KeyRotationEnabled"]


def encrypt(kms: KMSClient, key: str, plaintext: bytes, *, context: Mapping[str, str]) -> Sealed:
    """Encrypt at most 4,096 bytes under a key ID, ARN or alias name."""
    response = ask(
        f"Encrypt under {key!r} in {kms.meta.region_name}",
        lambda: kms.encrypt(KeyId=key, Plaintext=plaintext, EncryptionContext=context),
    )
    return Sealed(ciphertext=response["CiphertextBlob"], key_arn=response["KeyId"])


def decrypt(kms: KMSClient, ciphertext: bytes, *, context: Mapping[str, str], key: str = "") -> Opened:
    """Open a ciphertext. Raises RefusedError, with AWS's code, when KMS will not.

    Without `key` KMS finds the key by the ciphertext.
    """
    response = ask(
        f"Decrypt in {kms.meta.region_name}",
        lambda: (
            kms.decrypt(CiphertextBlob=ciphertext, EncryptionContext=context, KeyId=key)
            if key
            else kms.decrypt(CiphertextBlob=ciphertext, EncryptionContext=context)
        ),
    )
    return Opened(plaintext=response["Plaintext"], key_arn=response["KeyId"])


def policy(kms: KMSClient, key: str) -> str:
    """Return the policy of a key as its JSON text."""
    response = ask(
        f"GetKeyPolicy of {key!r} in {kms.meta.region_name}",
        lambda: kms.get_key_policy(KeyId=key, PolicyName="default"),
    )
    return response["Policy"]


def regions_of(kms: KMSClient, key: str) -> tuple[str, ...]:
    """Return the regions that hold a multi-Region key; none for any other key, or where there is none."""
    response = ask_or_none(
        f"DescribeKey of {key!r} in {kms.meta.region_name}",
        lambda: kms.describe_key(KeyId=key),
        absent={"NotFoundException"},
    )
    configuration = {} if response is None else response["KeyMetadata"].get("MultiRegionConfiguration", {})
    keys = [configuration.get("PrimaryKey", {}), *configuration.get("ReplicaKeys", [])]
    return tuple(each["Region"] for each in keys if "Region" in each)
