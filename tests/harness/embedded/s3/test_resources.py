"""The S3 resource types as CloudFormation makes, changes and deletes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.embedded.one_resource import FailedError, OneResource

from .pair import EAST, ROLE, WEST, make_bucket, rule

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from tests.harness.embedded.kms.serving import Served

ACCOUNT = "123456789012"
NEW = "documents-new"


def stack_of(served: Served, kind: str = "Bucket") -> OneResource:
    attributes = ("Arn", "RegionalDomainName") if kind == "Bucket" else ()
    client = served.client("cloudformation", "us-east-1")
    return OneResource(cloudformation=client, kind=f"AWS::S3::{kind}", attributes=attributes)


def as_property(described: dict[str, Any]) -> dict[str, Any]:
    """Return a rule as templates spell it."""
    return {"Id" if name == "ID" else name: value for name, value in described.items()}


def documents(key: str, west_key: str) -> dict[str, Any]:
    return {
        "BucketName": NEW,
        "VersioningConfiguration": {"Status": "Enabled"},
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {
                    "BucketKeyEnabled": True,
                    "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
                }
            ]
        },
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": "true"},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "ReplicationConfiguration": {"Role": ROLE, "Rules": [as_property(rule(WEST, west_key))]},
        "Tags": [{"Key": "stage", "Value": "dev"}],
    }


def test_a_bucket_is_made_with_all_its_properties(served: Served, east: S3Client) -> None:
    west_key = make_bucket(served, WEST, "us-west-2")
    key = served.client("kms", "us-east-1").create_key()["KeyMetadata"]["Arn"]

    outputs = stack_of(served).create(documents(key, west_key))

    assert outputs == {
        "Ref": NEW,
        "Arn": f"arn:aws:s3:::{NEW}",
        "RegionalDomainName": f"{NEW}.s3.us-east-1.amazonaws.com",
    }
    assert east.get_bucket_versioning(Bucket=NEW)["Status"] == "Enabled"
    assert east.get_bucket_tagging(Bucket=NEW)["TagSet"] == [{"Key": "stage", "Value": "dev"}]
    assert east.get_bucket_encryption(Bucket=NEW)["ServerSideEncryptionConfiguration"]["Rules"] == [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
            "BucketKeyEnabled": True,
        }
    ]
    assert east.get_public_access_block(Bucket=NEW)["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": False,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": False,
    }
    assert east.get_bucket_ownership_controls(Bucket=NEW)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    response = east.get_bucket_replication(Bucket=NEW)["ReplicationConfiguration"]
    assert response == {"Role": ROLE, "Rules": [rule(WEST, west_key)]}


def test_a_bucket_loses_its_replication_in_place(served: Served) -> None:
    west_key = make_bucket(served, WEST, "us-west-2")
    properties = documents(served.client("kms", "us-east-1").create_key()["KeyMetadata"]["Arn"], west_key)
    stack = stack_of(served)
    stack.create(properties)
    del properties["ReplicationConfiguration"]

    changed = stack.update(properties)

    assert changed["Ref"] == NEW
    with pytest.raises(
        served.client("s3", "us-east-1").exceptions.ClientError, match="ReplicationConfigurationNot"
    ):
        served.client("s3", "us-east-1").get_bucket_replication(Bucket=NEW)


def test_a_bucket_that_holds_anything_is_not_deleted(served: Served, east: S3Client) -> None:
    stack = stack_of(served)
    stack.create({"BucketName": NEW, "VersioningConfiguration": {"Status": "Enabled"}})
    version = east.put_object(Bucket=NEW, Key="k", Body=b"x")["VersionId"]

    with pytest.raises(FailedError) as refused:
        stack.delete()
    east.delete_object(Bucket=NEW, Key="k", VersionId=version)
    stack.delete()

    assert str(refused.value) == (
        "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
    )
    assert [each["Name"] for each in east.list_buckets()["Buckets"]] == []


def test_a_name_that_is_taken_is_refused(served: Served) -> None:
    make_bucket(served, EAST, "us-east-1")

    with pytest.raises(FailedError) as refused:
        stack_of(served).create({"BucketName": EAST})

    assert str(refused.value) == f"{EAST} already exists"


def test_a_bucket_whose_replication_is_refused_is_not_left_behind(served: Served, east: S3Client) -> None:
    properties = {
        "VersioningConfiguration": {"Status": "Enabled"},
        "ReplicationConfiguration": {"Role": ROLE, "Rules": [as_property(rule("nowhere", None))]},
    }

    with pytest.raises(FailedError, match="Destination bucket must exist"):
        stack_of(served).create(properties)

    assert east.list_buckets()["Buckets"] == []


def test_a_bucket_policy_comes_and_goes(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": f"arn:aws:s3:::{EAST}/*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }

    stack = stack_of(served, "BucketPolicy")
    outputs = stack.create({"Bucket": EAST, "PolicyDocument": document})
    stored = json.loads(east.get_bucket_policy(Bucket=EAST)["Policy"])
    stack.delete()

    assert (outputs, stored) == ({"Ref": EAST}, document)
    with pytest.raises(east.exceptions.ClientError, match="NoSuchBucketPolicy"):
        east.get_bucket_policy(Bucket=EAST)


def test_a_policy_that_is_there_is_not_replaced(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")
    arn = f"arn:aws:s3:::{EAST}"
    allowed = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:*", "Resource": arn}
    former = {"Version": "2012-10-17", "Statement": [allowed]}
    east.put_bucket_policy(Bucket=EAST, Policy=json.dumps(former))
    other = {"Version": "2012-10-17", "Statement": [{**allowed, "Action": "s3:ListBucket"}]}

    with pytest.raises(FailedError) as refused:
        stack_of(served, "BucketPolicy").create({"Bucket": EAST, "PolicyDocument": other})

    assert str(refused.value) == f"The bucket policy already exists on bucket {EAST}"
    assert json.loads(east.get_bucket_policy(Bucket=EAST)["Policy"]) == former


def test_what_a_template_no_longer_says_of_a_bucket_gets_the_default(served: Served, east: S3Client) -> None:
    stack = stack_of(served)
    stack.create(
        {
            "BucketName": NEW,
            "VersioningConfiguration": {"Status": "Enabled"},
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
            "Tags": [{"Key": "stage", "Value": "dev"}],
        }
    )

    stack.update({"BucketName": NEW})

    assert east.get_bucket_versioning(Bucket=NEW)["Status"] == "Suspended"
    assert set(east.get_public_access_block(Bucket=NEW)["PublicAccessBlockConfiguration"].values()) == {True}
    assert east.get_bucket_ownership_controls(Bucket=NEW)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    with pytest.raises(east.exceptions.ClientError, match="NoSuchTagSet"):
        east.get_bucket_tagging(Bucket=NEW)
