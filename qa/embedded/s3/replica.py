"""Writing a version's copy into its destination bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.s3.models import FakeKey, s3_backends

from .lock import LOCK

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

    from .encryption import Encryption


def place_replica(
    key: FakeKey, source: FakeBucket, target: FakeBucket, encryption: Encryption, *, with_tags: bool
) -> FakeKey:
    """Return the copy of a version: same version ID, bytes, metadata and times, another key."""
    with LOCK:
        versions = target.keys.getlist(key.name, [])
        for each in versions:
            if isinstance(each, FakeKey) and each.version_id == key.version_id:
                return each
        replica = _copy(key, target, encryption)
        if with_tags:
            tagger = s3_backends[source.account_id]["aws"].tagger
            tagger.copy_tags(key.arn, replica.arn)
        # the newest version is the last one: a late replica must not hide what was put since
        ordered = sorted([*versions, replica], key=lambda each: each.last_modified)
        target.keys.setlist(key.name, ordered)
        return replica


def _copy(key: FakeKey, target: FakeBucket, encryption: Encryption) -> FakeKey:
    replica = FakeKey(
        name=key.name,
        bucket_name=target.name,
        value=key.value,
        account_id=target.account_id,
        region_name=key.region_name,
        storage=key.storage_class,
        etag=key.etag.strip('"'),
        is_versioned=True,
        version_id=key.version_id,
        encryption=encryption.algorithm,
        kms_key_id=encryption.key_arn,
        bucket_key_enabled=encryption.bucket_key if encryption.by_kms else None,
        checksum_value=key.checksum_value,
        checksum_type=key.checksum_type,
        checksum_parts=key.checksum_parts,
    )
    replica.checksum_algorithm = key.checksum_algorithm
    replica.website_redirect_location = key.website_redirect_location
    replica.set_metadata(dict(key.metadata))
    replica.last_modified = key.last_modified
    return replica
