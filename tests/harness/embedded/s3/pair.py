"""Two versioned, KMS-encrypted buckets, each replicating to the other as the stack's do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.wait import until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from tests.harness.embedded.kms.serving import Served

EAST, WEST = "documents-east", "documents-west"
ROLE = "arn:aws:iam::123456789012:role/replication"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Both ends and the ARNs of their keys."""

    east: S3Client
    west: S3Client
    east_key: str
    west_key: str


def rule(destination: str, replica_key: str | None, **changes: Any) -> dict[str, Any]:
    """Return a V2 rule for all objects, KMS-encrypted ones selected if there is a replica key."""
    target: dict[str, Any] = {"Bucket": f"arn:aws:s3:::{destination}"}
    reported: dict[str, Any] = {
        "ID": f"to-{destination}",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": target,
    }
    if replica_key is not None:
        reported["SourceSelectionCriteria"] = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
        target["EncryptionConfiguration"] = {"ReplicaKmsKeyID": replica_key}
    return {**reported, **changes}


def make_bucket(served: Served, name: str, region: str, *, encrypted: bool = True) -> str:
    """Make a versioned bucket and return the ARN of its key."""
    s3: S3Client = served.client("s3", region)
    if region == "us-east-1":
        s3.create_bucket(Bucket=name)
    else:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    key: str = served.client("kms", region).create_key()["KeyMetadata"]["Arn"]
    if encrypted:
        encrypt_bucket(s3, name, key)
    return key


def encrypt_bucket(s3: S3Client, name: str, key: str, *, bucket_key: bool = True) -> None:
    """Make aws:kms under this key the bucket's default."""
    default: Any = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bucket_key}]
        },
    )


def make_pair(served: Served) -> Pair:
    """Make both buckets and both rules."""
    east_key, west_key = make_bucket(served, EAST, "us-east-1"), make_bucket(served, WEST, "us-west-2")
    east, west = served.client("s3", "us-east-1"), served.client("s3", "us-west-2")
    replicate(east, EAST, rule(WEST, west_key))
    replicate(west, WEST, rule(EAST, east_key))
    return Pair(east=east, west=west, east_key=east_key, west_key=west_key)


def replicate(s3: S3Client, bucket: str, *rules: Any) -> None:
    """Put these rules in force."""
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration={"Role": ROLE, "Rules": list(rules)})


def status(s3: S3Client, bucket: str, key: str) -> str | None:
    """Return the replication status that HeadObject tells."""
    response: dict[str, Any] = {**s3.head_object(Bucket=bucket, Key=key)}
    return response.get("ReplicationStatus")


def await_status(s3: S3Client, bucket: str, key: str, expected: str) -> None:
    """Return when the object's replication has this status."""
    until(
        lambda: status(s3, bucket, key),
        lambda seen: seen == expected,
        reject=lambda seen: seen in ("COMPLETED", "FAILED", None),
        what=f"replication of {key!r}",
        within=5.0,
        every=0.02,
    )
