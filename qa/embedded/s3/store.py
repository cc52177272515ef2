"""Buckets and objects: what moto's S3 backend does, with encryption, replication and a lock."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, PublicAccessBlock, S3Backend

from qa.embedded.patches import Patch, replacement

from . import policies, rules
from .encryption import DEFAULT_RULE, authorized_to_write, chosen, require_read
from .lock import LOCK
from .refusals import S3RefusalError
from .replication import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.s3.models import FakeMultipart

    from qa.embedded.world import World

BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def _create_bucket(original: Callable[..., FakeBucket], _: World) -> Callable[..., FakeBucket]:
    """Make a new bucket private, owned and encrypted, as since 2023."""

    def create_bucket(self: S3Backend, bucket_name: str, *args: Any, **kwargs: Any) -> FakeBucket:
        if not BUCKET_NAME.fullmatch(bucket_name):
            raise S3RefusalError("InvalidBucketName", "The specified bucket is not valid.")
        with LOCK:
            bucket = original(self, bucket_name, *args, **kwargs)
            bucket.public_access_block = PublicAccessBlock("true", "true", "true", "true")
            bucket.ownership_rule = "BucketOwnerEnforced"  # type: ignore[assignment]  # moto stores the bare word
            bucket.encryption = copy.deepcopy(DEFAULT_RULE)
            return bucket

    return create_bucket


def _delete_bucket(original: Callable[..., FakeBucket | None], _: World) -> Callable[..., FakeBucket | None]:
    """Refuse to delete a bucket that holds something in AWS's words."""

    def delete_bucket(self: S3Backend, bucket_name: str) -> FakeBucket | None:
        with LOCK:
            require_empty(self.get_bucket(bucket_name))
            return original(self, bucket_name)

    return delete_bucket


def require_empty(bucket: FakeBucket) -> None:
    """Raise BucketNotEmpty while the bucket holds an object, an old version or a delete marker."""
    if bucket.keys:
        versions = " You must delete all versions in the bucket." if bucket.versioning_status else ""
        raise S3RefusalError(
            "BucketNotEmpty", f"The bucket you tried to delete is not empty.{versions}", status=409
        )


def _delete_bucket_encryption(_: World, backend: S3Backend, bucket_name: str) -> None:
    """Reset to the default: no bucket is without encryption any more."""
    backend.get_bucket(bucket_name).encryption = copy.deepcopy(DEFAULT_RULE)


def _put_object(original: Callable[..., FakeKey], world: World) -> Callable[..., FakeKey]:
    """Put under a key that the caller may use, to be replicated."""

    def put_object(self: S3Backend, bucket_name: str, key_name: str, value: bytes, **kwargs: Any) -> FakeKey:
        bucket = self.get_bucket(bucket_name)
        request = {
            name: kwargs.pop(name, None) for name in ("encryption", "kms_key_id", "bucket_key_enabled")
        }
        encryption = chosen(
            world,
            bucket,
            algorithm=request["encryption"],
            key=request["kms_key_id"],
            bucket_key=request["bucket_key_enabled"],
        )
        encryption = authorized_to_write(world, bucket, key_name, encryption)
        with LOCK:
            kept = _set_versions_aside(bucket, key_name)
            key = original(self, bucket_name, key_name, value, **kwargs)
            if kept:
                bucket.keys.setlist(key_name, [*kept, key])
            key.encryption, key.kms_key_id = encryption.algorithm, encryption.key_arn
            key.bucket_key_enabled = encryption.bucket_key if encryption.by_kms else None
            note(bucket, key)
            return key

    return put_object


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


def _delete_object(
    original: Callable[..., tuple[bool, dict[str, Any]]], _: World
) -> Callable[..., tuple[bool, dict[str, Any]]]:
    """Keep the versions that moto destroys where versioning is suspended."""

    def delete_object(
        self: S3Backend, bucket_name: str, key_name: str, version_id: str | None = None, **kwargs: Any
    ) -> tuple[bool, dict[str, Any]]:
        bucket = self.get_bucket(bucket_name)
        with LOCK:
            if bucket.versioning_status != "Suspended":
                return original(self, bucket_name, key_name, version_id, **kwargs)
            bucket.versioning_status = "Enabled"
            try:
                if version_id is None:
                    return _mark_deleted(bucket, key_name)
                return original(self, bucket_name, key_name, version_id, **kwargs)
            finally:
                bucket.versioning_status = "Suspended"

    return delete_object


def _mark_deleted(bucket: FakeBucket, key_name: str) -> tuple[bool, dict[str, Any]]:
    kept = [each for each in bucket.keys.getlist(key_name, []) if each.version_id != "null"]
    latest = bucket.keys.get(key_name)
    if latest is None:
        return False, {}
    marker = FakeDeleteMarker(key=latest)
    marker._version_id = "null"  # moto has no other way to name it
    bucket.keys.setlist(key_name, [*kept, marker])
    return True, {"version-id": "null", "delete-marker": "true"}


def _copy_object(original: Callable[..., None], world: World) -> Callable[..., None]:
    """Copy for a caller who can read the source, with the bucket's defaults."""

    def copy_object(
        self: S3Backend, src_key: FakeKey, dest_bucket_name: str, dest_key_name: str, **kwargs: Any
    ) -> None:
        require_read(world, self.get_bucket(src_key.bucket_name or ""), src_key)
        with LOCK:
            if kwargs.get("encryption") is None and kwargs.get("kms_key_id") is None:
                default = chosen(
                    world, self.get_bucket(dest_bucket_name), algorithm=None, key=None, bucket_key=None
                )
                kwargs |= {"encryption": default.algorithm, "kms_key_id": default.key_arn}
            original(self, src_key, dest_bucket_name, dest_key_name, **kwargs)

    return copy_object


def _create_multipart_upload(
    original: Callable[..., FakeMultipart], world: World
) -> Callable[..., FakeMultipart]:
    """Refuse at once what could not be completed."""

    def create_multipart_upload(
        self: S3Backend, bucket_name: str, key_name: str, *args: Any, **kwargs: Any
    ) -> FakeMultipart:
        upload = original(self, bucket_name, key_name, *args, **kwargs)
        bucket = self.get_bucket(bucket_name)
        try:
            encryption = chosen(
                world, bucket, algorithm=upload.sse_encryption, key=upload.kms_key_id, bucket_key=None
            )
            encryption = authorized_to_write(world, bucket, key_name, encryption)
        except S3RefusalError:
            del bucket.multiparts[upload.id]
            raise
        upload.sse_encryption, upload.kms_key_id = encryption.algorithm, encryption.key_arn
        return upload

    return create_multipart_upload


def _upload_part_copy(original: Callable[..., FakeKey], world: World) -> Callable[..., FakeKey]:
    """Copy for a caller who can read the source."""

    def upload_part_copy(self: S3Backend, *args: Any, **kwargs: Any) -> FakeKey:
        bucket_name = kwargs["src_bucket_name"]
        source = self.get_object(bucket_name, kwargs["src_key_name"], version_id=kwargs["src_version_id"])
        if source is not None:
            require_read(world, self.get_bucket(bucket_name), source)
        return original(self, *args, **kwargs)

    return upload_part_copy


def _put_bucket_policy(world: World, backend: S3Backend, bucket_name: str, policy: bytes) -> None:
    """Store a policy; moto takes any text."""
    policies.put_policy(world, backend.get_bucket(bucket_name), policy)


def _put_bucket_replication(
    _: World, backend: S3Backend, bucket_name: str, replication: dict[str, Any]
) -> None:
    """Check rules and put them in force; moto does neither."""
    rules.set_replication(backend, backend.get_bucket(bucket_name), rules.from_xml(replication))


def _delete_bucket_replication(_: World, backend: S3Backend, bucket_name: str) -> None:
    """Replicate no later object."""
    rules.end_replication(backend.get_bucket(bucket_name))


def _put_bucket_versioning(_: World, backend: S3Backend, bucket_name: str, status: str) -> None:
    """Refuse to suspend versioning where replication needs it."""
    bucket = backend.get_bucket(bucket_name)
    if status != "Enabled" and rules.replication_of(bucket) is not None:
        raise S3RefusalError(
            "InvalidBucketState",
            "A replication configuration is present on this bucket, so you cannot change the versioning "
            "state. To change the versioning state, first delete the replication configuration.",
            status=409,
        )
    bucket.versioning_status = status


def _left_to_judge(world: World, bucket: FakeBucket, action: str, resource: str) -> PermissionResult:  # noqa: ARG001 - moto's signature
    """Permit: moto ignores conditions, and the judge has decided before."""
    return PermissionResult.PERMITTED


def _locked(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def locked(*args: Any, **kwargs: Any) -> Any:
        with LOCK:
            return original(*args, **kwargs)

    return locked


PATCHES = (
    replacement(FakeBucket, "get_permission", "self, action, resource", _left_to_judge),
    Patch(
        owner=S3Backend,
        name="create_bucket",
        parameters="self, bucket_name, region_name, bucket_namespace",
        around=_create_bucket,
    ),
    Patch(owner=S3Backend, name="delete_bucket", parameters="self, bucket_name", around=_delete_bucket),
    replacement(S3Backend, "delete_bucket_encryption", "self, bucket_name", _delete_bucket_encryption),
    Patch(
        owner=S3Backend,
        name="put_object",
        parameters=(
            "self, bucket_name, key_name, value, storage, etag, multipart, encryption, kms_key_id, "
            "bucket_key_enabled, lock_mode, lock_legal_status, lock_until, checksum_value, "
            "request_method, disable_notification"
        ),
        around=_put_object,
    ),
    Patch(
        owner=S3Backend,
        name="delete_object",
        parameters="self, bucket_name, key_name, version_id, bypass",
        around=_delete_object,
    ),
    Patch(
        owner=S3Backend,
        name="copy_object",
        parameters=(
            "self, src_key, dest_bucket_name, dest_key_name, storage, encryption, kms_key_id, "
            "bucket_key_enabled, mdirective, metadata, website_redirect_location, lock_mode, "
            "lock_legal_status, lock_until, provided_version_id"
        ),
        around=_copy_object,
    ),
    Patch(
        owner=S3Backend,
        name="create_multipart_upload",
        parameters=(
            "self, bucket_name, key_name, metadata, storage_type, tags, acl, sse_encryption, kms_key_id"
        ),
        around=_create_multipart_upload,
    ),
    Patch(
        owner=S3Backend,
        name="upload_part_copy",
        parameters=(
            "self, dest_bucket_name, multipart_id, part_id, src_bucket_name, src_key_name, "
            "src_version_id, start_byte, end_byte"
        ),
        around=_upload_part_copy,
    ),
    Patch(
        owner=S3Backend,
        name="complete_multipart_upload",
        parameters="self, bucket_name, multipart_id, body",
        around=_locked,
    ),
    Patch(
        owner=S3Backend,
        name="list_object_versions",
        parameters="self, bucket_name, delimiter, key_marker, max_keys, prefix, version_id_marker",
        around=_locked,
    ),
    replacement(S3Backend, "put_bucket_policy", "self, bucket_name, policy", _put_bucket_policy),
    replacement(S3Backend, "put_bucket_versioning", "self, bucket_name, status", _put_bucket_versioning),
    replacement(
        S3Backend, "put_bucket_replication", "self, bucket_name, replication", _put_bucket_replication
    ),
    replacement(S3Backend, "delete_bucket_replication", "self, bucket_name", _delete_bucket_replication),
)
