"""Under which key an object lies, and whether the caller may use it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.embedded.kms import KmsRefusalError, managed_key_arn, use_key

from .refusals import S3RefusalError, from_kms, not_modelled

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket, FakeKey

    from qa.embedded.world import Caller, World

DEFAULT_RULE = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """How one object version is encrypted; key ARN and bucket key are KMS's."""

    algorithm: str
    key_arn: str | None = None
    bucket_key: bool = False

    @property
    def by_kms(self) -> bool:
        """True under aws:kms."""
        return self.algorithm == "aws:kms"

    def context(self, bucket_arn: str, key_name: str) -> dict[str, str]:
        """Return the encryption context that S3 gives KMS: with a bucket key the bucket's ARN alone."""
        return {"aws:s3:arn": bucket_arn if self.bucket_key else f"{bucket_arn}/{key_name}"}


def chosen(
    world: World, bucket: FakeBucket, *, algorithm: str | None, key: str | None, bucket_key: object
) -> Encryption:
    """Return what a request's headers and the bucket's default make of a new object."""
    rule = (bucket.encryption or DEFAULT_RULE)["Rule"]
    default = rule["ApplyServerSideEncryptionByDefault"]
    if algorithm is None and key is not None:
        raise S3RefusalError(
            "InvalidArgument",
            "Server Side Encryption with AWS KMS managed key requires HTTP header "
            "x-amz-server-side-encryption : aws:kms",
        )
    if algorithm is None:
        algorithm, key = default["SSEAlgorithm"], default.get("KMSMasterKeyID")
    if algorithm == "AES256":
        return Encryption(algorithm=algorithm)
    if algorithm != "aws:kms":
        raise not_modelled(f"server-side encryption by {algorithm!r}")
    requested = rule.get("BucketKeyEnabled", False) if bucket_key is None else bucket_key
    return Encryption(
        algorithm=algorithm,
        key_arn=key or managed_key_arn(world, bucket.region_name, "s3"),
        bucket_key=str(requested).lower() == "true",
    )


def of(key: FakeKey) -> Encryption:
    """Return how a stored version is encrypted."""
    return Encryption(
        algorithm=key.encryption or "AES256",
        key_arn=key.kms_key_id,
        bucket_key=str(key.bucket_key_enabled).lower() == "true",
    )


def authorized_to_write(
    world: World, bucket: FakeBucket, key_name: str, encryption: Encryption
) -> Encryption:
    """Return the encryption with its key's ARN if the caller may write under it; raises S3RefusalError."""
    if not encryption.by_kms:
        return encryption
    arn = _use(world, bucket, key_name, encryption, "kms:GenerateDataKey", world.authorizer.current())
    return dataclasses.replace(encryption, key_arn=arn)


def require_read(world: World, bucket: FakeBucket, key: FakeKey) -> None:
    """Raise S3RefusalError unless the caller may use the key that the version lies under."""
    encryption = of(key)
    if encryption.by_kms:
        _use(world, bucket, key.name, encryption, "kms:Decrypt", world.authorizer.current())


def use_as(
    world: World, bucket: FakeBucket, key_name: str, encryption: Encryption, action: str, caller: Caller
) -> str:
    """Return the key's ARN if this caller may do one action with it through S3; raises KmsRefusalError."""
    return use_key(
        world,
        action=action,
        region=bucket.region_name,
        key=encryption.key_arn or "",
        caller=caller,
        via_service=f"s3.{bucket.region_name}.amazonaws.com",
        encryption_context=encryption.context(bucket.arn, key_name),
    )


def _use(
    world: World, bucket: FakeBucket, key_name: str, encryption: Encryption, action: str, caller: Caller
) -> str:
    try:
        return use_as(world, bucket, key_name, encryption, action, caller)
    except KmsRefusalError as refusal:
        raise from_kms(refusal) from refusal
