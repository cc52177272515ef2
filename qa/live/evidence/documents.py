"""Documents as evidence: each in every bucket that the check used, and where those replicate to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.report.evidence import Exhibit

    from .fetch import Fetcher

ABSENT = frozenset({"404", "NoSuchKey", "NoSuchVersion", "NoSuchBucket"})


def documents(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield each document's status in every bucket of the check and in those that they replicate to."""
    named = fetcher.named("s3", "Bucket")
    if not named:
        return
    yield fetcher.table(
        "buckets",
        ("bucket", "region", "versions", "replicates to", "rule", "role"),
        lambda: (_bucket(fetcher, region, bucket) for region, bucket in named),
        region="both",
        requests="s3 GetBucketVersioning, GetBucketReplication",
    )
    for key in dict.fromkeys(each[2] for each in fetcher.named("s3", "Bucket", "Key")):
        yield fetcher.table(
            f"document {key}",
            ("bucket", "region", "replication status", "version", "key", "last modified"),
            partial(_ends, fetcher, key),
            region="both",
            requests="s3 HeadObject at both ends",
        )


def _bucket(fetcher: Fetcher, region: str, bucket: str) -> tuple[object, ...]:
    client = fetcher.clients.s3(region)
    try:
        versions: Mapping[str, Any] = client.get_bucket_versioning(Bucket=bucket)
    except ClientError as error:
        if _code(error) not in ABSENT:
            raise
        return (bucket, region, "no such bucket", None, None, None)
    replication = _replication(fetcher, region, bucket)
    rules = replication.get("Rules", [])
    return (
        bucket,
        region,
        versions.get("Status", "never"),
        ", ".join(_bucket_name(rule["Destination"]["Bucket"]) for rule in rules),
        rules,
        replication.get("Role"),
    )


def _replication(fetcher: Fetcher, region: str, bucket: str) -> Mapping[str, Any]:
    try:
        response: Mapping[str, Any] = fetcher.clients.s3(region).get_bucket_replication(Bucket=bucket)
    except ClientError as error:
        if _code(error) not in {"ReplicationConfigurationNotFoundError", *ABSENT}:
            raise
        return {}
    configuration: Mapping[str, Any] = response["ReplicationConfiguration"]
    return configuration


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def _bucket_name(arn: str) -> str:
    return arn.removeprefix("arn:aws:s3:::")


def _ends(fetcher: Fetcher, key: str) -> Iterator[tuple[object, ...]]:
    """Yield the document's row for each bucket, in the order of the requests, then the destinations."""
    named = [(region, bucket) for region, bucket, each in fetcher.named("s3", "Bucket", "Key") if each == key]
    buckets = {bucket: region for region, bucket in named}
    for region, bucket in named:
        for rule in _replication(fetcher, region, bucket).get("Rules", []):
            # boto3 follows S3's redirect when the bucket is of yet another region
            other = next((each for each in fetcher.regions if each != region), region)
            buckets.setdefault(_bucket_name(rule["Destination"]["Bucket"]), other)
    for bucket, region in buckets.items():
        yield (bucket, region, *_head(fetcher, region, bucket, key))


def _head(fetcher: Fetcher, region: str, bucket: str, key: str) -> tuple[object, ...]:
    try:
        head: Mapping[str, Any] = fetcher.clients.s3(region).head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if _code(error) not in ABSENT:
            raise
        return ("absent", None, None, None)
    return (
        head.get("ReplicationStatus", "none: no rule applies"),
        head.get("VersionId"),
        head.get("SSEKMSKeyId"),
        head.get("LastModified"),
    )
