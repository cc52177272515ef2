"""AWS::S3::Bucket and AWS::S3::BucketPolicy."""

from __future__ import annotations

from typing import Any

from qa.embedded.service.resource_types import (
    ID,
    NAME,
    ResourceType,
    Setting,
    Subject,
    made,
    prop,
    request,
    tag_list,
    text,
)

ARN = "arn:aws:s3:::{name}"
HOME = "us-east-1"
READ = (
    "GetAccelerateConfiguration GetLifecycleConfiguration GetBucketPublicAccessBlock "
    "GetAnalyticsConfiguration GetBucketCORS GetEncryptionConfiguration GetInventoryConfiguration "
    "GetBucketLogging GetMetricsConfiguration GetBucketNotification GetBucketVersioning "
    "GetReplicationConfiguration GetBucketWebsite GetBucketObjectLockConfiguration GetBucketTagging "
    "GetBucketOwnershipControls GetIntelligentTieringConfiguration ListBucket"
)
# What a bucket has when its template does not say.
ALL_BLOCKED = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
OWNED = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def _location(bucket: Subject) -> dict[str, str] | None:
    return None if bucket.region == HOME else {"LocationConstraint": bucket.region}


def _encryption(bucket: Subject) -> dict[str, Any]:
    given = bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    name = "ServerSideEncryptionByDefault"
    return {"Rules": [{f"Apply{name}" if key == name else key: rule[key] for key in rule} for rule in given]}


BUCKET = ResourceType(
    name="AWS::S3::Bucket",
    service="s3",
    named_by="BucketName",
    limit=63,
    exists=request("HeadBucket", Bucket=NAME),
    taken="{id} already exists",
    create=request("CreateBucket", Bucket=NAME, CreateBucketConfiguration=made(_location)),
    settings=(
        Setting(
            put=request(
                "PutBucketVersioning",
                Bucket=NAME,
                VersioningConfiguration=prop("VersioningConfiguration", {"Status": "Suspended"}),
            )
        ),
        Setting(
            put=request(
                "PutBucketEncryption",
                Bucket=NAME,
                ServerSideEncryptionConfiguration=made(_encryption, "BucketEncryption"),
            ),
            remove=request("DeleteBucketEncryption", Bucket=NAME),
        ),
        Setting(
            put=request(
                "PutPublicAccessBlock",
                Bucket=NAME,
                PublicAccessBlockConfiguration=prop("PublicAccessBlockConfiguration", ALL_BLOCKED),
            )
        ),
        Setting(
            put=request(
                "PutBucketOwnershipControls",
                Bucket=NAME,
                OwnershipControls=prop("OwnershipControls", OWNED),
            )
        ),
        Setting(
            put=request("PutBucketTagging", Bucket=NAME, Tagging={"TagSet": tag_list()}),
            remove=request("DeleteBucketTagging", Bucket=NAME),
        ),
        Setting(
            put=request("PutBucketReplication", "ReplicationConfiguration", Bucket=NAME),
            remove=request("DeleteBucketReplication", Bucket=NAME),
        ),
    ),
    delete=(request("DeleteBucket", Bucket=NAME),),
    parts={"BucketEncryption": "ServerSideEncryptionConfiguration"},
    attributes={
        "Arn": text(ARN),
        "DomainName": text("{name}.s3.amazonaws.com"),
        "RegionalDomainName": text("{name}.s3.{region}.amazonaws.com"),
        "DualStackDomainName": text("{name}.s3.dualstack.{region}.amazonaws.com"),
    },
    reads={ARN: " ".join(f"s3:{action}" for action in READ.split())},
)

BUCKET_POLICY = ResourceType(
    name="AWS::S3::BucketPolicy",
    service="s3",
    exists=request("GetBucketPolicy", "Bucket"),
    taken="The bucket policy already exists on bucket {id}",
    settings=(Setting(put=request("PutBucketPolicy", "Bucket", Policy=prop("PolicyDocument"))),),
    delete=(request("DeleteBucketPolicy", Bucket=ID),),
    ref=prop("Bucket"),
)

RESOURCE_TYPES = (BUCKET, BUCKET_POLICY)
