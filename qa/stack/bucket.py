"""What is in a bucket, versions and all, and removing it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from qa.errors import ProbeError
from qa.wait import WaitTimeoutError, until

from .aws_errors import code_of, translate_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_s3 import S3Client

    from .polling import Polling

BATCH = 1000
"""The most that DeleteObjects takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectVersion:
    """One version of an object, or a delete marker."""

    key: str
    version_id: str
    is_delete_marker: bool


def object_versions(s3: S3Client, bucket: str, prefix: str = "") -> tuple[ObjectVersion, ...]:
    """Return every version and delete marker under a prefix; none when there is no such bucket."""
    with translate_errors(f"versions in bucket {bucket!r}"):
        try:
            return tuple(_list(s3, bucket, prefix))
        except ClientError as error:
            if code_of(error) == "NoSuchBucket":
                return ()
            raise


def _list(s3: S3Client, bucket: str, prefix: str) -> Iterator[ObjectVersion]:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for version in page.get("Versions", ()):
            yield ObjectVersion(key=version["Key"], version_id=version["VersionId"], is_delete_marker=False)
        for marker in page.get("DeleteMarkers", ()):
            yield ObjectVersion(key=marker["Key"], version_id=marker["VersionId"], is_delete_marker=True)


def delete_versions(s3: S3Client, bucket: str, versions: Iterable[ObjectVersion]) -> None:
    """Delete these versions. Raises ProbeError naming the first one that AWS refuses to delete."""
    left = list(versions)
    for start in range(0, len(left), BATCH):
        batch = left[start : start + BATCH]
        with translate_errors(f"emptying bucket {bucket!r}"):
            answer = s3.delete_objects(
                Bucket=bucket,
                Delete={
                    "Quiet": True,
                    "Objects": [{"Key": each.key, "VersionId": each.version_id} for each in batch],
                },
            )
        for error in answer.get("Errors", ()):
            raise ProbeError(
                f"emptying bucket {bucket!r}: {error.get('Key')!r} was refused with {error.get('Code')}: "
                f"{error.get('Message')}"
            )


def pending_versions(
    s3: S3Client, bucket: str, versions: Iterable[ObjectVersion]
) -> tuple[ObjectVersion, ...]:
    """Return those versions that are still on their way to another bucket."""
    objects = [each for each in versions if not each.is_delete_marker]
    if not objects:
        return ()
    with ThreadPoolExecutor(8, thread_name_prefix="qa-head") as pool:
        pending = pool.map(lambda version: _is_pending(s3, bucket, version), objects)
        return tuple(version for version, waits in zip(objects, pending, strict=True) if waits)


def _is_pending(s3: S3Client, bucket: str, version: ObjectVersion) -> bool:
    with translate_errors(f"replication of {version.key!r} in bucket {bucket!r}"):
        try:
            head = s3.head_object(Bucket=bucket, Key=version.key, VersionId=version.version_id)
        except ClientError as error:
            if code_of(error) in {"404", "NoSuchKey", "NoSuchVersion", "NoSuchBucket"}:
                return False
            raise
    return head.get("ReplicationStatus") == "PENDING"


def settle_replication(
    s3: S3Client, bucket: str, versions: Iterable[ObjectVersion], polling: Polling
) -> tuple[ObjectVersion, ...]:
    """Wait until none of these versions is PENDING; return those that still are at the deadline.

    Deleting a version on its way makes its replication FAILED, or lets the copy arrive afterwards.
    """
    waiting = tuple(versions)

    def observe() -> int:
        nonlocal waiting
        waiting = pending_versions(s3, bucket, waiting)  # what has arrived need not be read again
        return len(waiting)

    try:
        until(
            observe,
            lambda count: count == 0,
            what=f"number of PENDING documents in {bucket!r}",
            within=polling.documents_within,
            every=max(polling.every, 0.1),
        )
    except WaitTimeoutError:
        return waiting
    return ()
