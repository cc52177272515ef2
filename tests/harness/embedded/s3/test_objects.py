"""Objects: their encryption, their bucket's region, and conditional writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from qa.embedded import kms
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY
from tests.harness.embedded.kms.refused import refusal
from tests.harness.embedded.kms.serving import ADMINISTRATOR

from .pair import EAST, WEST, make_bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from tests.harness.embedded.kms.serving import Served


def test_an_object_lies_under_its_buckets_key(served: Served, east: S3Client) -> None:
    key = make_bucket(served, EAST, "us-east-1")

    put = east.put_object(Bucket=EAST, Key="k", Body=b"x")

    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"], put["BucketKeyEnabled"]) == (
        "aws:kms",
        key,
        True,
    )


def test_without_a_default_objects_are_encrypted_by_s3(served: Served, east: S3Client) -> None:
    east.create_bucket(Bucket="plain")

    response = east.get_bucket_encryption(Bucket="plain")["ServerSideEncryptionConfiguration"]["Rules"]

    assert response[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert east.put_object(Bucket="plain", Key="k", Body=b"x")["ServerSideEncryption"] == "AES256"


def test_kms_without_a_key_means_the_key_that_aws_manages(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")

    put = east.put_object(Bucket=EAST, Key="k", Body=b"x", ServerSideEncryption="aws:kms")

    assert put["SSEKMSKeyId"] == kms.managed_key_arn(served.world, "us-east-1", "s3")


def test_a_caller_without_the_key_writes_and_reads_nothing(served: Served, east: S3Client) -> None:
    key = make_bucket(served, EAST, "us-east-1")
    east.put_object(Bucket=EAST, Key="k", Body=b"x")
    served.judge.refused |= {"kms:GenerateDataKey", "kms:Decrypt"}

    write = refusal(lambda: east.put_object(Bucket=EAST, Key="new", Body=b"x"))
    read = refusal(lambda: east.get_object(Bucket=EAST, Key="k"))

    why = f"on resource: {key} because a test refuses it"
    who = f"User: {ADMINISTRATOR.arn} is not authorized to perform:"
    assert write == ("AccessDenied", f"{who} kms:GenerateDataKey {why}")
    assert read == ("AccessDenied", f"{who} kms:Decrypt {why}")
    assert east.list_objects_v2(Bucket=EAST)["KeyCount"] == 1


def test_a_disabled_key_closes_the_bucket(served: Served, east: S3Client) -> None:
    key = make_bucket(served, EAST, "us-east-1")
    east.put_object(Bucket=EAST, Key="k", Body=b"x")
    served.client("kms", "us-east-1").disable_key(KeyId=key)

    disabled = ("KMS.DisabledException", f"{key} is disabled.")

    assert refusal(lambda: east.put_object(Bucket=EAST, Key="new", Body=b"x")) == disabled
    assert refusal(lambda: east.get_object(Bucket=EAST, Key="k")) == disabled
    assert refusal(lambda: east.create_multipart_upload(Bucket=EAST, Key="m")) == disabled


def test_a_key_of_another_region_is_not_found(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")
    foreign = make_bucket(served, WEST, "us-west-2")

    refused = refusal(
        lambda: east.put_object(
            Bucket=EAST, Key="k", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=foreign
        )
    )

    assert refused == ("KMS.NotFoundException", "Invalid arn us-west-2")


def test_a_bucket_tells_its_region(served: Served, east: S3Client, west: S3Client) -> None:
    make_bucket(served, WEST, "us-west-2")

    assert west.head_bucket(Bucket=WEST)["BucketRegion"] == "us-west-2"
    assert east.get_bucket_location(Bucket=WEST)["LocationConstraint"] == "us-west-2"


def test_a_client_of_another_region_is_sent_on(served: Served, east: S3Client, west: S3Client) -> None:
    make_bucket(served, WEST, "us-west-2")
    west.put_object(Bucket=WEST, Key="k", Body=b"x")

    assert east.get_object(Bucket=WEST, Key="k")["Body"].read() == b"x"
    assert east.head_object(Bucket=WEST, Key="k")["ContentLength"] == 1
    assert east.head_bucket(Bucket=WEST)["BucketRegion"] == "us-west-2"
    assert east.put_object(Bucket=WEST, Key="new", Body=b"y")["VersionId"]
    assert west.get_object(Bucket=WEST, Key="new")["Body"].read() == b"y"


@pytest.mark.parametrize(("region", "status"), [("us-west-2", 200), ("us-east-1", 301)])
def test_a_presigned_url_opens_at_home_only(served: Served, west: S3Client, region: str, status: int) -> None:
    make_bucket(served, WEST, "us-west-2")
    west.put_object(Bucket=WEST, Key="k", Body=b"x")
    signer = boto3.client(
        "s3",
        region_name=region,
        endpoint_url=served.world.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        config=Config(signature_version="s3v4"),
    )

    url = signer.generate_presigned_url("get_object", {"Bucket": WEST, "Key": "k"})

    assert status_of(url.removeprefix(served.world.endpoint), served.world.endpoint) == status


def status_of(path: str, endpoint: str) -> int:
    connection = HTTPConnection(endpoint.removeprefix("http://"), timeout=5)
    with closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status


def test_a_part_is_copied_only_by_who_may_read_its_source(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")
    east.put_object(Bucket=EAST, Key="k", Body=b"x")
    upload = east.create_multipart_upload(Bucket=EAST, Key="m")["UploadId"]
    served.judge.refused.add("kms:Decrypt")

    refused = refusal(
        lambda: east.upload_part_copy(
            Bucket=EAST, Key="m", UploadId=upload, PartNumber=1, CopySource=f"{EAST}/k"
        )
    )

    assert refused[0] == "AccessDenied"


def test_only_one_of_many_writes_that_must_be_the_first_succeeds(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")

    def put(_: int) -> str:
        try:
            east.put_object(Bucket=EAST, Key="k", Body=b"x", IfNoneMatch="*")
        except ClientError as refused:
            return refused.response["Error"]["Code"]
        return "written"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(put, range(8)))

    assert outcomes == ["PreconditionFailed"] * 7 + ["written"]


def test_suspended_versioning_keeps_the_versions_there_are(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")
    version = east.put_object(Bucket=EAST, Key="k", Body=b"first")["VersionId"]
    east.put_bucket_versioning(Bucket=EAST, VersioningConfiguration={"Status": "Suspended"})

    east.put_object(Bucket=EAST, Key="k", Body=b"second")
    east.put_object(Bucket=EAST, Key="k", Body=b"third")
    east.delete_object(Bucket=EAST, Key="k")

    listed = east.list_object_versions(Bucket=EAST)
    assert [each["VersionId"] for each in listed["Versions"]] == [version]
    assert [each["VersionId"] for each in listed["DeleteMarkers"]] == ["null"]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"CopySourceIfMatch": "own"}, True),
        ({"CopySourceIfMatch": "another"}, False),
        ({"CopySourceIfNoneMatch": "own"}, False),
        ({"CopySourceIfNoneMatch": "another"}, True),
    ],
    ids=["match", "no match", "match that must not be", "none"],
)
@pytest.mark.parametrize("operation", ["copy_object", "upload_part_copy"])
def test_a_copy_is_made_only_from_the_source_that_was_meant(
    operation: str, condition: dict[str, str], east: S3Client, *, holds: bool
) -> None:
    east.create_bucket(Bucket="documents")
    etags = {
        "own": east.put_object(Bucket="documents", Key="a", Body=b"x")["ETag"],
        "another": '"0123456789abcdef0123456789abcdef"',
    }
    place: dict[str, Any] = {"Bucket": "documents", "Key": "b", "CopySource": "documents/a"}
    if operation == "upload_part_copy":
        upload = east.create_multipart_upload(Bucket="documents", Key="b")
        place |= {"UploadId": upload["UploadId"], "PartNumber": 1}
    conditions = {name: etags[which] for name, which in condition.items()}

    def copy() -> None:
        getattr(east, operation)(**place, **conditions)

    if holds:
        copy()
    else:
        with pytest.raises(ClientError) as refused:
            copy()
        assert refused.value.response["Error"]["Code"] == "PreconditionFailed"
