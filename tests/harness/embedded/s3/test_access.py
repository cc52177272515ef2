"""Who gets into a bucket by its policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qa.embedded.s3 import is_public
from tests.harness.embedded.kms.refused import refusal

from .pair import EAST, make_bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from tests.harness.embedded.kms.serving import Served

ARN = f"arn:aws:s3:::{EAST}"


def policy(**changes: Any) -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{ARN}/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **changes}]})


WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"Principal": {"AWS": ["*"]}}, True),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, True),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}, True),
        ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, False),
        ({"Effect": "Deny", "Condition": WITHOUT_TLS}, False),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, False),
    ],
    ids=[
        "anybody",
        "anybody-in-a-list",
        "anybody-by-tls",
        "every-address",
        "one-org",
        "denial",
        "own-account",
    ],
)
def test_a_policy_is_public_when_it_lets_anybody_in(changes: dict[str, Any], *, expected: bool) -> None:
    assert is_public(policy(**changes)) is expected


def test_a_public_policy_is_blocked_until_the_block_is_lifted(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")

    blocked = refusal(lambda: east.put_bucket_policy(Bucket=EAST, Policy=policy()))
    east.delete_public_access_block(Bucket=EAST)
    east.put_bucket_policy(Bucket=EAST, Policy=policy())

    assert blocked == (
        "AccessDenied",
        (
            "User: arn:aws:iam::123456789012:user/administrator is not authorized to perform: "
            f's3:PutBucketPolicy on resource: "{ARN}" because public policies are blocked by the '
            "BlockPublicPolicy block public access setting."
        ),
    )
    assert east.get_bucket_policy_status(Bucket=EAST)["PolicyStatus"] == {"IsPublic": True}


def test_a_denial_of_requests_without_tls_is_not_public(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")
    east.put_bucket_policy(
        Bucket=EAST,
        Policy=policy(Effect="Deny", Action="s3:*", Resource=[ARN, f"{ARN}/*"], Condition=WITHOUT_TLS),
    )

    assert east.get_bucket_policy_status(Bucket=EAST)["PolicyStatus"] == {"IsPublic": False}
    assert east.put_object(Bucket=EAST, Key="k", Body=b"x")["VersionId"]


def test_a_new_bucket_is_private(served: Served, east: S3Client) -> None:
    east.create_bucket(Bucket="plain")

    flags = east.get_public_access_block(Bucket="plain")["PublicAccessBlockConfiguration"]

    assert flags == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no", "Policies must be valid JSON and the first byte must be '{'"),
        (policy(Resource="arn:aws:s3:::another/*"), "Policy has invalid resource"),
        (policy(Principal={"AWS": "arn:aws:iam::123456789012:role/gone"}), "Invalid principal in policy"),
    ],
    ids=["json", "resource", "principal"],
)
def test_a_malformed_policy_is_refused(served: Served, east: S3Client, text: str, message: str) -> None:
    make_bucket(served, EAST, "us-east-1")

    assert refusal(lambda: east.put_bucket_policy(Bucket=EAST, Policy=text)) == ("MalformedPolicy", message)
