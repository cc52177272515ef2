"""Buckets and objects: what moto's S3 backend does, with encryption, replication and a lock."""

from __future__ import annotations

import copy
import re
from functools import wraps
from typing import TYPE_CHECKING, Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, PublicAccessBlock, S3Backend

from . import policies, rules
from .encryption import DEFAULT_RULE, authorized_to_write, chosen, require_read
from .lock import LOCK
from .refusals import S3RefusalError
from .replication import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.s3.models import FakeMultipart

BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_put_object = S3Backend.put_object
_delete_object = S3Backend.delete_object
_copy_object = S3Backend.copy_object
_create_bucket = S3Backend.create_bucket
_delete_bucket = S3Backend.delete_bucket
_upload_part_copy = S3Backend.upload_part_copy
_create_multipart_upload = S3Backend.create_multipart_upload
_complete_multipart_upload = S3Backend.complete_multipart_upload


def create_bucket(self: S3Backend, bucket_name: str, *args: Any, **kwargs: Any) -> FakeBucket:
    """Wrap S3Backend.create_bucket: a new bucket is private, owned and encrypted, as since 2023."""
    if not BUCKET_NAME.fullmatch(bucket_name):
        raise S3RefusalError("InvalidBucketName", "The specified bucket is not valid.")
    with LOCK:
        bucket = _create_bucket(self, bucket_name, *args, **kwargs)
        bucket.public_access_block = PublicAccessBlock("true", "true", "true", "true")
        bucket.ownership_rule = "BucketOwnerEnforced"  # type: ignore[assignment]  # moto stores the bare word
        bucket.encryption = copy.deepcopy(DEFAULT_RULE)
        return bucket


def delete_bucket(self: S3Backend, bucket_name: str) -> FakeBucket | None:
    """Wrap S3Backend.delete_bucket with AWS's words for a bucket that holds something."""
    with LOCK:
        require_empty(self.get_bucket(bucket_name))
        return _delete_bucket(self, bucket_name)


def require_empty(bucket: FakeBucket) -> None:
    """Raise BucketNotEmpty while the bucket holds an object, an old version or a delete marker."""
    if bucket.keys:
        versions = " You must delete all versions in the bucket." if bucket.versioning_status else ""
        raise S3RefusalError(
            "BucketNotEmpty", f"The bucket you tried to delete is not empty.{versions}", status=409
        )


def delete_bucket_encryption(self: S3Backend, bucket_name: str) -> None:
    """Replace S3Backend.delete_bucket_encryption: no bucket is without encryption any more."""
    self.get_bucket(bucket_name).encryption = copy.deepcopy(DEFAULT_RULE)


def put_object(self: S3Backend, bucket_name: str, key_name: str, value: bytes, **kwargs: Any) -> FakeKey:
    """Wrap S3Backend.put_object: under a key that the caller may use, and to be replicated."""
    bucket = self.get_bucket(bucket_name)
    asked = {name: kwargs.pop(name, None) for name in ("encryption", "kms_key_id", "bucket_key_enabled")}
    encryption = chosen(
        bucket,
        algorithm=asked["encryption"],
        key=asked["kms_key_id"],
        bucket_key=asked["bucket_key_enabled"],
    )
    encryption = authorized_to_write(bucket, key_name, encryption)
    with LOCK:
        kept = _set_versions_aside(bucket, key_name)
        key = _put_object(self, bucket_name, key_name, value, **kwargs)
        if kept:
            bucket.keys.setlist(key_name, [*kept, key])
        key.encryption, key.kms_key_id = encryption.algorithm, encryption.key_arn
        key.bucket_key_enabled = encryption.bucket_key if encryption.by_kms else None
        note(bucket, key)
        return key


def _set_versions_aside(bucket: FakeBucket, key_name: str) -> list[Any]:
    """Return the versions that a put under suspended versioning keeps; moto would destroy them."""
    if bucket.versioning_status != "Suspended":
        return []
    versions = bucket.keys.getlist(key_name, [])
    kept = [each for each in versions if each.version_id != "null"]
    if kept:
        bucket.keys.setlist(key_name, kept)
        dict.pop(bucket.keys, key_name)
    return kept


def delete_object(
    self: S3Backend, bucket_name: str, key_name: str, version_id: str | None = None, **kwargs: Any
) -> tuple[bool, dict[str, Any]]:
    """Wrap S3Backend.delete_object, which destroys all versions where versioning is suspended."""
    bucket = self.get_bucket(bucket_name)
    with LOCK:
        if bucket.versioning_status != "Suspended":
            return _delete_object(self, bucket_name, key_name, version_id, **kwargs)
        bucket.versioning_status = "Enabled"
        try:
            if version_id is None:
                return _mark_deleted(bucket, key_name)
            return _delete_object(self, bucket_name, key_name, version_id, **kwargs)
        finally:
            bucket.versioning_status = "Suspended"


def _mark_deleted(bucket: FakeBucket, key_name: str) -> tuple[bool, dict[str, Any]]:
    kept = [each for each in bucket.keys.getlist(key_name, []) if each.version_id != "null"]
    latest = bucket.keys.get(key_name)
    if latest is None:
        return False, {}
    marker = FakeDeleteMarker(key=latest)
    marker._version_id = "null"  # moto has no other way to name it
    bucket.keys.setlist(key_name, [*kept, marker])
    return True, {"version-id": "null", "delete-marker": "true"}


def copy_object(
    self: S3Backend, src_key: FakeKey, dest_bucket_name: str, dest_key_name: str, **kwargs: Any
) -> None:
    """Wrap S3Backend.copy_object: the caller must be able to read the source; defaults are the bucket's."""
    require_read(self.get_bucket(src_key.bucket_name or ""), src_key)
    with LOCK:
        if kwargs.get("encryption") is None and kwargs.get("kms_key_id") is None:
            default = chosen(self.get_bucket(dest_bucket_name), algorithm=None, key=None, bucket_key=None)
            kwargs |= {"encryption": default.algorithm, "kms_key_id": default.key_arn}
        _copy_object(self, src_key, dest_bucket_name, dest_key_name, **kwargs)


def create_multipart_upload(
    self: S3Backend, bucket_name: str, key_name: str, *args: Any, **kwargs: Any
) -> FakeMultipart:
    """Wrap S3Backend.create_multipart_upload: refuse at once what could not be completed."""
    upload = _create_multipart_upload(self, bucket_name, key_name, *args, **kwargs)
    bucket = self.get_bucket(bucket_name)
    try:
        encryption = chosen(bucket, algorithm=upload.sse_encryption, key=upload.kms_key_id, bucket_key=None)
        encryption = authorized_to_write(bucket, key_name, encryption)
    except S3RefusalError:
        del bucket.multiparts[upload.id]
        raise
    upload.sse_encryption, upload.kms_key_id = encryption.algorithm, encryption.key_arn
    return upload


def upload_part_copy(self: S3Backend, *args: Any, **kwargs: Any) -> FakeKey:
    """Wrap S3Backend.upload_part_copy: the caller must be able to read the source."""
    bucket_name = kwargs["src_bucket_name"]
    source = self.get_object(bucket_name, kwargs["src_key_name"], version_id=kwargs["src_version_id"])
    if source is not None:
        require_read(self.get_bucket(bucket_name), source)
    return _upload_part_copy(self, *args, **kwargs)


def complete_multipart_upload(
    self: S3Backend, bucket_name: str, multipart_id: str, body: Any
) -> FakeKey | None:
    """Wrap S3Backend.complete_multipart_upload with the lock."""
    with LOCK:
        return _complete_multipart_upload(self, bucket_name, multipart_id, body)


def put_bucket_policy(self: S3Backend, bucket_name: str, policy: bytes) -> None:
    """Replace S3Backend.put_bucket_policy, which takes any text."""
    policies.put_policy(self.get_bucket(bucket_name), policy)


def put_bucket_replication(self: S3Backend, bucket_name: str, replication: dict[str, Any]) -> None:
    """Replace S3Backend.put_bucket_replication, which checks nothing and does nothing."""
    rules.set_replication(self, self.get_bucket(bucket_name), rules.from_xml(replication))


def delete_bucket_replication(self: S3Backend, bucket_name: str) -> None:
    """Replace S3Backend.delete_bucket_replication."""
    rules.end_replication(self.get_bucket(bucket_name))


def put_bucket_versioning(self: S3Backend, bucket_name: str, status: str) -> None:
    """Replace S3Backend.put_bucket_versioning: replication needs it."""
    bucket = self.get_bucket(bucket_name)
    if status != "Enabled" and rules.replication_of(bucket) is not None:
        raise S3RefusalError(
            "InvalidBucketState",
            "A replication configuration is present on this bucket, so you cannot change the versioning "
            "state. To change the versioning state, first delete the replication configuration.",
            status=409,
        )
    bucket.versioning_status = status


def left_to_iam(self: FakeBucket, action: str, resource: str) -> PermissionResult:  # noqa: ARG001 - moto's signature
    """Replace FakeBucket.get_permission, which ignores conditions; the iam package has decided before."""
    return PermissionResult.PERMITTED


def _locked(operation: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(operation)
    def locked(*args: Any, **kwargs: Any) -> Any:
        with LOCK:
            return operation(*args, **kwargs)

    return locked


HOOKS: tuple[tuple[type, str, Callable[..., Any]], ...] = (
    (FakeBucket, "get_permission", left_to_iam),
    (S3Backend, "create_bucket", create_bucket),
    (S3Backend, "delete_bucket", delete_bucket),
    (S3Backend, "delete_bucket_encryption", delete_bucket_encryption),
    (S3Backend, "put_object", put_object),
    (S3Backend, "delete_object", delete_object),
    (S3Backend, "copy_object", copy_object),
    (S3Backend, "create_multipart_upload", create_multipart_upload),
    (S3Backend, "upload_part_copy", upload_part_copy),
    (S3Backend, "complete_multipart_upload", complete_multipart_upload),
    (S3Backend, "list_object_versions", _locked(S3Backend.list_object_versions)),
    (S3Backend, "put_bucket_policy", put_bucket_policy),
    (S3Backend, "put_bucket_versioning", put_bucket_versioning),
    (S3Backend, "put_bucket_replication", put_bucket_replication),
    (S3Backend, "delete_bucket_replication", delete_bucket_replication),
)
