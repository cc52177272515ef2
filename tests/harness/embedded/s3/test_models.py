"""The S3 resource types as CloudFormation makes, changes and deletes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from moto.cloudformation.parsing import get_model_map

from qa.embedded.s3 import S3RefusalError, models

from .pair import EAST, ROLE, WEST, make_bucket, rule

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from tests.harness.embedded.kms.serving import Served

ACCOUNT = "123456789012"
NEW = "documents-new"


def create(kind: Any, name: str, properties: dict[str, Any]) -> Any:
    return kind.create_from_cloudformation_json(name, {"Properties": properties}, ACCOUNT, "us-east-1")


def update(resource: Any, properties: dict[str, Any]) -> Any:
    return type(resource).update_from_cloudformation_json(
        resource, "other", {"Properties": properties}, ACCOUNT, "us-east-1"
    )


def documents(key: str, west_key: str) -> dict[str, Any]:
    told = rule(WEST, west_key)
    told["Id"] = told.pop("ID")
    return {
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
        "ReplicationConfiguration": {"Role": ROLE, "Rules": [told]},
        "Tags": [{"Key": "stage", "Value": "dev"}],
    }


def test_our_types_stand_in_for_motos(served: Served) -> None:
    types = get_model_map()

    assert {name: types[name] for name in ("AWS::S3::Bucket", "AWS::S3::BucketPolicy")} == {
        "AWS::S3::Bucket": models.BucketResource,
        "AWS::S3::BucketPolicy": models.BucketPolicyResource,
    }


def test_a_bucket_is_made_with_all_its_properties(served: Served, east: S3Client) -> None:
    west_key = make_bucket(served, WEST, "us-west-2")
    key = served.client("kms", "us-east-1").create_key()["KeyMetadata"]["Arn"]

    bucket = create(models.BucketResource, NEW, documents(key, west_key))

    assert bucket.get_cfn_attribute("Arn") == f"arn:aws:s3:::{NEW}"
    assert bucket.get_cfn_attribute("RegionalDomainName") == f"{NEW}.s3.us-east-1.amazonaws.com"
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
    told = east.get_bucket_replication(Bucket=NEW)["ReplicationConfiguration"]
    assert told == {"Role": ROLE, "Rules": [rule(WEST, west_key)]}


def test_a_bucket_loses_its_replication_in_place(served: Served) -> None:
    west_key = make_bucket(served, WEST, "us-west-2")
    properties = documents(served.client("kms", "us-east-1").create_key()["KeyMetadata"]["Arn"], west_key)
    bucket = create(models.BucketResource, NEW, properties)
    del properties["ReplicationConfiguration"]

    changed = update(bucket, properties)

    assert changed.physical_resource_id == NEW
    with pytest.raises(
        served.client("s3", "us-east-1").exceptions.ClientError, match="ReplicationConfigurationNot"
    ):
        served.client("s3", "us-east-1").get_bucket_replication(Bucket=NEW)


def test_a_bucket_that_holds_anything_is_not_deleted(served: Served, east: S3Client) -> None:
    bucket = create(models.BucketResource, NEW, {"VersioningConfiguration": {"Status": "Enabled"}})
    version = east.put_object(Bucket=NEW, Key="k", Body=b"x")["VersionId"]

    with pytest.raises(S3RefusalError) as refused:
        bucket.delete(ACCOUNT, "us-east-1")
    east.delete_object(Bucket=NEW, Key="k", VersionId=version)
    bucket.delete(ACCOUNT, "us-east-1")

    assert str(refused.value) == (
        "BucketNotEmpty: The bucket you tried to delete is not empty. "
        "You must delete all versions in the bucket."
    )
    assert [each["Name"] for each in east.list_buckets()["Buckets"]] == []


def test_a_name_that_is_taken_is_refused(served: Served) -> None:
    make_bucket(served, EAST, "us-east-1")

    with pytest.raises(S3RefusalError) as refused:
        create(models.BucketResource, EAST, {})

    assert str(refused.value) == f"BucketAlreadyExists: {EAST} already exists"


def test_a_bucket_whose_replication_is_refused_is_not_left_behind(served: Served, east: S3Client) -> None:
    properties = {
        "VersioningConfiguration": {"Status": "Enabled"},
        "ReplicationConfiguration": {"Role": ROLE, "Rules": [rule("nowhere", None)]},
    }

    with pytest.raises(S3RefusalError, match="Destination bucket must exist"):
        create(models.BucketResource, NEW, properties)

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

    resource = create(models.BucketPolicyResource, "name", {"Bucket": EAST, "PolicyDocument": document})
    stored = json.loads(east.get_bucket_policy(Bucket=EAST)["Policy"])
    resource.delete(ACCOUNT, "us-east-1")

    assert (resource.physical_resource_id, stored) == (EAST, document)
    with pytest.raises(east.exceptions.ClientError, match="NoSuchBucketPolicy"):
        east.get_bucket_policy(Bucket=EAST)
