"""S3: bucket policies, TLS, strangers, and what a missing right tells of a missing key."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from .refusals import refusal
from .serving import document, statement

if TYPE_CHECKING:
    from .serving import Served

ACCOUNT = "123456789012"
BUCKET = "arn:aws:s3:::docs"
PUBLIC_READ = statement("s3:GetObject", f"{BUCKET}/*", Principal="*")
TLS_ONLY = statement(
    "s3:*",
    [BUCKET, f"{BUCKET}/*"],
    Effect="Deny",
    Principal="*",
    Condition={"Bool": {"aws:SecureTransport": "false"}},
)


@pytest.fixture
def bucket(aws: Served) -> Any:
    """Return the administrator's client, with the bucket `docs` and its object `a` in two versions."""
    client = aws.client("s3")
    client.create_bucket(Bucket="docs")
    client.delete_public_access_block(Bucket="docs")  # AWS blocks a new bucket's public access
    client.put_bucket_versioning(Bucket="docs", VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket="docs", Key="a", Body=b"old")
    client.put_object(Bucket="docs", Key="a", Body=b"new")
    return client


def fetched(url: str) -> int:
    try:
        with urlopen(Request(url)) as answer:  # noqa: S310 - our own server
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def test_nobody_reads_a_private_object(aws: Served, bucket: Any) -> None:
    stranger = aws.client("s3", None)

    response = refusal(lambda: stranger.get_object(Bucket="docs", Key="a"))

    assert response == (403, "AccessDenied", "Access Denied")
    assert refusal(lambda: stranger.head_object(Bucket="docs", Key="a"))[0] == 403
    assert refusal(lambda: stranger.put_object(Bucket="docs", Key="b", Body=b""))[0] == 403
    assert refusal(lambda: stranger.list_objects_v2(Bucket="docs"))[0] == 403


def test_a_plain_url_is_refused_and_a_presigned_one_is_not(aws: Served, bucket: Any) -> None:
    url = bucket.generate_presigned_url("get_object", Params={"Bucket": "docs", "Key": "a"})

    assert (fetched(url), fetched(url.partition("?")[0])) == (200, 403)


def test_a_presigned_url_has_the_rights_of_its_signer(aws: Served, bucket: Any) -> None:
    signer = aws.client("s3", aws.session("worker"))
    url = signer.generate_presigned_url("get_object", Params={"Bucket": "docs", "Key": "a"})

    assert fetched(url) == 403


def test_a_public_bucket_policy_lets_strangers_read(aws: Served, bucket: Any) -> None:
    bucket.put_bucket_policy(Bucket="docs", Policy=document(PUBLIC_READ))

    assert aws.client("s3", None).get_object(Bucket="docs", Key="a")["Body"].read() == b"new"


def test_a_public_bucket_policy_counts_for_nothing_once_public_buckets_are_restricted(
    aws: Served, bucket: Any
) -> None:
    bucket.put_bucket_policy(Bucket="docs", Policy=document(PUBLIC_READ))
    bucket.put_public_access_block(
        Bucket="docs", PublicAccessBlockConfiguration={"RestrictPublicBuckets": True}
    )

    assert refusal(lambda: aws.client("s3", None).get_object(Bucket="docs", Key="a"))[1] == "AccessDenied"


@pytest.mark.parametrize(
    ("ownership", "ignored", "expected"),
    [("ObjectWriter", False, 200), ("ObjectWriter", True, 403), ("BucketOwnerEnforced", False, 403)],
    ids=["lists count", "lists are ignored", "owner enforced"],
)
def test_a_public_list_counts_where_the_bucket_has_lists(
    ownership: str,
    ignored: bool,  # noqa: FBT001
    expected: int,
    aws: Served,
    bucket: Any,
) -> None:
    for owner in ("ObjectWriter", ownership):
        bucket.put_bucket_ownership_controls(
            Bucket="docs", OwnershipControls={"Rules": [{"ObjectOwnership": owner}]}
        )
        if owner == "ObjectWriter":
            bucket.put_object_acl(Bucket="docs", Key="a", ACL="public-read")
    bucket.put_public_access_block(
        Bucket="docs", PublicAccessBlockConfiguration={"IgnorePublicAcls": ignored}
    )

    assert fetched(f"{aws.world.endpoint}/docs/a") == expected


def test_a_tls_only_bucket_denies_even_the_administrator_without_tls(aws: Served, bucket: Any) -> None:
    bucket.put_bucket_policy(Bucket="docs", Policy=document(TLS_ONLY))

    with_tls = aws.client("s3").get_object(Bucket="docs", Key="a")["Body"].read()
    without = refusal(lambda: aws.insecure_client("s3").get_object(Bucket="docs", Key="a"))

    assert with_tls == b"new"
    assert without == (
        403,
        "AccessDenied",
        (
            f'User: arn:aws:iam::{ACCOUNT}:user/administrator is not authorized to perform: "s3:GetObject" '
            f'on resource: "{BUCKET}/a" with an explicit deny in a resource-based policy'
        ),
    )


def test_a_bucket_policy_alone_lets_a_role_of_the_account_in(aws: Served, bucket: Any) -> None:
    keys = aws.session("worker")
    role = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/worker"}
    bucket.put_bucket_policy(
        Bucket="docs", Policy=document(statement("s3:GetObject", f"{BUCKET}/*", Principal=role))
    )

    assert aws.client("s3", keys).get_object(Bucket="docs", Key="a")["Body"].read() == b"new"


def test_a_missing_key_is_told_only_to_those_who_may_list(aws: Served, bucket: Any) -> None:
    reading = statement("s3:GetObject", f"{BUCKET}/*")
    reader = aws.client("s3", aws.session("reader", reading))
    lister = aws.client("s3", aws.session("lister", reading, statement("s3:ListBucket", BUCKET)))

    reported = [refusal(partial(each.head_object, Bucket="docs", Key="b"))[0] for each in (reader, lister)]

    assert reported == [403, 404]


def test_an_old_version_needs_a_right_of_its_own(aws: Served, bucket: Any) -> None:
    old = bucket.list_object_versions(Bucket="docs")["Versions"][-1]["VersionId"]
    reader = aws.client("s3", aws.session("reader", statement("s3:GetObject", f"{BUCKET}/*")))

    response = refusal(lambda: reader.get_object(Bucket="docs", Key="a", VersionId=old))

    assert '"s3:GetObjectVersion"' in response[2]


def test_a_listing_is_bounded_by_its_prefix(aws: Served, bucket: Any) -> None:
    bounded = statement("s3:ListBucket", BUCKET, Condition={"StringLike": {"s3:prefix": "qa/*"}})
    lister = aws.client("s3", aws.session("lister", bounded))

    listed = lister.list_objects_v2(Bucket="docs", Prefix="qa/1")["KeyCount"]

    assert listed == 0
    assert refusal(lambda: lister.list_objects_v2(Bucket="docs", Prefix="transactions/"))[1] == "AccessDenied"


def test_deletions_in_bulk_are_judged_one_by_one(aws: Served, bucket: Any) -> None:
    bucket.put_object(Bucket="docs", Key="qa/1", Body=b"")
    cleaner = aws.client("s3", aws.session("cleaner", statement("s3:DeleteObject", f"{BUCKET}/qa/*")))

    response = cleaner.delete_objects(Bucket="docs", Delete={"Objects": [{"Key": "qa/1"}, {"Key": "a"}]})

    assert [each["Key"] for each in response["Deleted"]] == ["qa/1"]
    assert response["Errors"] == [{"Key": "a", "Code": "AccessDenied", "Message": "Access Denied"}]
    assert bucket.get_object(Bucket="docs", Key="a")["Body"].read() == b"new"


def test_deletions_in_bulk_without_any_right_delete_nothing(aws: Served, bucket: Any) -> None:
    response = aws.client("s3", None).delete_objects(Bucket="docs", Delete={"Objects": [{"Key": "a"}]})

    assert response["Errors"] == [{"Key": "a", "Code": "AccessDenied", "Message": "Access Denied"}]
    assert bucket.get_object(Bucket="docs", Key="a")["Body"].read() == b"new"


def test_a_copy_needs_to_read_its_source(aws: Served, bucket: Any) -> None:
    writer = aws.client("s3", aws.session("writer", statement("s3:PutObject", f"{BUCKET}/*")))

    response = refusal(
        lambda: writer.copy_object(Bucket="docs", Key="b", CopySource={"Bucket": "docs", "Key": "a"})
    )

    assert f'"s3:GetObject" on resource: "{BUCKET}/a"' in response[2]


def test_replication_needs_the_right_to_hand_over_its_role(aws: Served, bucket: Any) -> None:
    keys = aws.session("worker", statement("s3:PutReplicationConfiguration", BUCKET))
    role = f"arn:aws:iam::{ACCOUNT}:role/replicator"
    rule = {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::copies"}}

    response = refusal(
        lambda: aws.client("s3", keys).put_bucket_replication(
            Bucket="docs", ReplicationConfiguration={"Role": role, "Rules": [rule]}
        )
    )

    assert f"iam:PassRole on resource: {role} " in response[2]


@pytest.mark.parametrize(
    ("operation", "right"),
    [
        ("get_bucket_versioning", "s3:GetBucketVersioning"),
        ("get_bucket_replication", "s3:GetReplicationConfiguration"),
        ("get_bucket_encryption", "s3:GetEncryptionConfiguration"),
        ("get_public_access_block", "s3:GetBucketPublicAccessBlock"),
        ("get_bucket_policy", "s3:GetBucketPolicy"),
        ("get_bucket_policy_status", "s3:GetBucketPolicyStatus"),
        ("get_bucket_location", "s3:GetBucketLocation"),
        ("get_bucket_ownership_controls", "s3:GetBucketOwnershipControls"),
        ("list_object_versions", "s3:ListBucketVersions"),
        ("list_objects_v2", "s3:ListBucket"),
        ("delete_bucket_policy", "s3:DeleteBucketPolicy"),
        ("delete_bucket_encryption", "s3:PutEncryptionConfiguration"),
        ("delete_bucket", "s3:DeleteBucket"),
    ],
)
def test_a_bucket_operation_needs_its_right(operation: str, right: str, aws: Served, bucket: Any) -> None:
    client = aws.client("s3", aws.session("worker"))

    reported = refusal(lambda: getattr(client, operation)(Bucket="docs"))

    assert f'to perform: "{right}" on resource: "{BUCKET}"' in reported[2]


def test_a_bucket_that_is_not_there_is_told_to_everybody(aws: Served) -> None:
    client = aws.client("s3", aws.session("worker"))

    assert refusal(lambda: client.get_object(Bucket="nowhere", Key="a"))[:2] == (404, "NoSuchBucket")


def test_a_configuration_that_is_not_mapped_is_refused_by_name(aws: Served, bucket: Any) -> None:
    client = aws.client("s3", aws.session("worker"))

    assert refusal(lambda: client.list_bucket_analytics_configurations(Bucket="docs")) == (
        501,
        "NotImplemented",
        "the embedded AWS does not model authorization of GET with ?analytics on S3",
    )


def test_a_configuration_that_is_not_mapped_is_the_administrators(aws: Served, bucket: Any) -> None:
    assert bucket.list_bucket_inventory_configurations(Bucket="docs")["IsTruncated"] is False


def test_a_preflight_of_a_browser_needs_no_right(aws: Served, bucket: Any) -> None:
    requested = Request(  # noqa: S310 - our own server
        f"{aws.world.endpoint}/docs/a", method="OPTIONS", headers={"Origin": "http://localhost"}
    )

    with urlopen(requested) as answer:  # noqa: S310 - as above
        assert answer.status == 200


def test_bucket_policies_keep_their_json(aws: Served, bucket: Any) -> None:
    bucket.put_bucket_policy(Bucket="docs", Policy=document(TLS_ONLY))

    assert json.loads(bucket.get_bucket_policy(Bucket="docs")["Policy"])["Statement"] == [TLS_ONLY]
