"""Requests to S3 that nobody can fulfil get S3's own error, whatever moto makes of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.embedded.kms.refused import refusal

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NO_UPLOAD = (
    "NoSuchUpload",
    (
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
        "aborted or completed."
    ),
)
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
BUCKET = "documents"
OBJECT: dict[str, Any] = {"Bucket": BUCKET, "Key": "a"}
PART: dict[str, Any] = {**OBJECT, "UploadId": "none", "PartNumber": 1}


@pytest.fixture
def s3(east: S3Client) -> S3Client:
    east.create_bucket(Bucket=BUCKET)
    east.put_object(**OBJECT, Body=b"0123456789")
    return east


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("upload_part", {**PART, "Body": b"a"}),
        ("upload_part_copy", {**PART, "CopySource": f"{BUCKET}/a"}),
        (
            "complete_multipart_upload",
            {
                **OBJECT,
                "UploadId": "none",
                "MultipartUpload": {"Parts": [{"ETag": "a", "PartNumber": 1}]},
            },
        ),
        ("list_parts", {**OBJECT, "UploadId": "none"}),
        ("abort_multipart_upload", {**OBJECT, "UploadId": "none"}),
    ],
)
def test_an_upload_that_is_not_there_is_refused_by_name(
    s3: S3Client, operation: str, parameters: dict[str, Any]
) -> None:
    assert refusal(partial(getattr(s3, operation), **parameters)) == NO_UPLOAD


@pytest.mark.parametrize("grantee", ["nobody", "id=", "name=x", 'id="a", b'])
def test_a_grantee_that_cannot_be_read_is_an_invalid_argument(s3: S3Client, grantee: str) -> None:
    put = partial(s3.put_object_acl, **OBJECT, GrantRead=grantee)

    assert refusal(put) == ("InvalidArgument", "Argument format not recognized")


@pytest.mark.parametrize(
    ("header", "grantee"),
    [('id="0123"', ("ID", "0123")), (f"uri={EVERYBODY}", ("URI", EVERYBODY))],
    ids=["user", "group"],
)
def test_a_grantee_may_be_a_user_or_a_group(s3: S3Client, header: str, grantee: tuple[str, str]) -> None:
    s3.put_object_acl(**OBJECT, GrantRead=header)

    (grant,) = s3.get_object_acl(**OBJECT)["Grants"]
    assert grantee in grant["Grantee"].items()


def test_a_bucket_acl_without_headers_and_body_misses_a_header(s3: S3Client) -> None:
    put = partial(s3.put_bucket_acl, Bucket=BUCKET)

    assert refusal(put) == (
        "MissingSecurityHeader",
        "Your request was missing a required header: x-amz-acl",
    )


def test_an_empty_set_of_tags_removes_them(s3: S3Client) -> None:
    s3.put_object_tagging(**OBJECT, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})

    s3.put_object_tagging(**OBJECT, Tagging={"TagSet": []})

    assert s3.get_object_tagging(**OBJECT)["TagSet"] == []


def test_tags_of_an_object_or_a_version_that_is_not_there_cannot_be_deleted(s3: S3Client) -> None:
    of_object = partial(s3.delete_object_tagging, Bucket=BUCKET, Key="none")
    of_version = partial(s3.delete_object_tagging, **OBJECT, VersionId="none")

    assert refusal(of_object) == ("NoSuchKey", "The specified key does not exist.")
    assert refusal(of_version) == ("NoSuchVersion", "The specified version does not exist.")


@pytest.mark.parametrize("part_of_it", ["5", "items=1-2", "bytes=a-b"])
def test_a_range_that_cannot_be_read_is_ignored(s3: S3Client, part_of_it: str) -> None:
    assert s3.get_object(**OBJECT, Range=part_of_it)["Body"].read() == b"0123456789"


def test_a_token_that_nobody_gave_continues_no_list(s3: S3Client) -> None:
    list_on = partial(s3.list_objects_v2, Bucket=BUCKET, ContinuationToken="none")

    assert refusal(list_on) == ("InvalidArgument", "The continuation token provided is incorrect")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([{"PartNumber": 1}], "MalformedXML"),
        ([{"ETag": "a"}], "MalformedXML"),
        ([{"ETag": "a", "PartNumber": 2}, {"ETag": "a", "PartNumber": 1}], "InvalidPartOrder"),
    ],
)
def test_a_list_of_parts_that_cannot_be_completed_leaves_the_upload(
    s3: S3Client, parts: list[Any], code: str
) -> None:
    upload = s3.create_multipart_upload(**OBJECT)["UploadId"]
    complete = partial(
        s3.complete_multipart_upload, **OBJECT, UploadId=upload, MultipartUpload={"Parts": parts}
    )

    assert refusal(complete)[0] == code
    assert [each["UploadId"] for each in s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]] == [upload]


@pytest.mark.parametrize(
    ("operation", "parameter", "name", "argument"),
    [
        ("list_objects", "MaxKeys", "max-keys", "maxKeys"),
        ("list_objects_v2", "MaxKeys", "max-keys", "maxKeys"),
        ("list_object_versions", "MaxKeys", "max-keys", "maxKeys"),
        ("list_multipart_uploads", "MaxUploads", "max-uploads", "maxUploads"),
    ],
)
def test_a_list_has_a_length_that_can_be_counted(
    s3: S3Client, operation: str, parameter: str, name: str, argument: str
) -> None:
    listed = partial(getattr(s3, operation), Bucket=BUCKET)

    assert refusal(partial(listed, **{parameter: -1})) == (
        "InvalidArgument",
        f"Argument {argument} must be an integer between 0 and 2147483647",
    )
    assert refusal(partial(listed, **{parameter: 2**31})) == (
        "InvalidArgument",
        f"Provided {name} not an integer or within integer range",
    )


@pytest.mark.parametrize("value", ["a\nb", "a\x01", "\N{SNOWMAN}"])
def test_a_header_of_the_answer_has_characters_of_headers(s3: S3Client, value: str) -> None:
    read = partial(s3.get_object, **OBJECT, ResponseContentDisposition=value)

    assert refusal(read) == ("InvalidArgument", "Header value cannot be represented using ISO-8859-1.")
    assert s3.get_object(**OBJECT, ResponseContentDisposition="caf\xe9")["ContentDisposition"]


def test_a_bucket_without_a_place_is_in_the_first_region(s3: S3Client) -> None:
    s3.create_bucket(Bucket="somewhere", CreateBucketConfiguration={})

    assert s3.get_bucket_location(Bucket="somewhere").get("LocationConstraint") is None


def test_a_key_longer_than_s3_takes_deletes_nothing(s3: S3Client) -> None:
    objects: list[Any] = [{"Key": "a"}, {"Key": "é" * 513}]

    assert refusal(partial(s3.delete_objects, Bucket=BUCKET, Delete={"Objects": objects})) == (
        "KeyTooLongError",
        "Your key is too long",
    )
    assert s3.head_object(**OBJECT)["ContentLength"] == 10


def test_at_most_a_thousand_objects_are_deleted_at_once(s3: S3Client) -> None:
    objects: list[Any] = [{"Key": f"{number}"} for number in range(1_001)]

    assert (
        refusal(partial(s3.delete_objects, Bucket=BUCKET, Delete={"Objects": objects}))[0] == "MalformedXML"
    )
