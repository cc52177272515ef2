"""Bytes that do not fit the digest sent with them are not stored."""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from qa.embedded.s3.crc import crc32c, crc64nvme

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from mypy_boto3_s3 import S3Client

BODY = b"document"
CHECK = b"123456789"
"""What catalogues of CRCs tell the value of."""
RIGHT: dict[str, str] = {
    "ContentMD5": base64.b64encode(hashlib.md5(BODY).digest()).decode(),  # noqa: S324 - what S3 asks for
    "ChecksumCRC32": base64.b64encode(struct.pack(">I", zlib.crc32(BODY))).decode(),
    "ChecksumCRC32C": base64.b64encode(crc32c(BODY)).decode(),
    "ChecksumCRC64NVME": base64.b64encode(crc64nvme(BODY)).decode(),
    "ChecksumSHA512": base64.b64encode(hashlib.sha512(BODY).digest()).decode(),
    "ChecksumSHA1": base64.b64encode(hashlib.sha1(BODY).digest()).decode(),  # noqa: S324 - as above
    "ChecksumSHA256": base64.b64encode(hashlib.sha256(BODY).digest()).decode(),
}
OTHER = b"another document"


def refusal(put: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        put()
    error = refused.value.response["Error"]
    return error.get("Code", ""), error.get("Message", "")


def test_the_checks_are_those_of_the_catalogues() -> None:
    assert (crc32c(CHECK).hex(), crc64nvme(CHECK).hex()) == ("e3069283", "ae8b14860a799888")


@pytest.mark.parametrize("name", RIGHT)
def test_bytes_that_fit_their_digest_are_stored(name: str, east: S3Client) -> None:
    east.create_bucket(Bucket="documents")

    east.put_object(Bucket="documents", Key="a", Body=BODY, **{name: RIGHT[name]})  # type: ignore[arg-type]  # one of many

    assert east.get_object(Bucket="documents", Key="a")["Body"].read() == BODY


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ContentMD5", "The Content-MD5 you specified did not match what we received."),
        ("ChecksumCRC32", "The CRC32 you specified did not match the calculated checksum."),
        ("ChecksumCRC32C", "The CRC32C you specified did not match the calculated checksum."),
        ("ChecksumCRC64NVME", "The CRC64NVME you specified did not match the calculated checksum."),
        ("ChecksumSHA1", "The SHA1 you specified did not match the calculated checksum."),
        ("ChecksumSHA256", "The SHA256 you specified did not match the calculated checksum."),
    ],
)
@pytest.mark.parametrize("operation", ["put_object", "upload_part"])
def test_bytes_that_do_not_fit_their_digest_are_refused(
    operation: str, name: str, message: str, east: S3Client
) -> None:
    east.create_bucket(Bucket="documents")
    place: dict[str, Any] = {"Bucket": "documents", "Key": "a"}
    if operation == "upload_part":
        place |= {"UploadId": east.create_multipart_upload(**place)["UploadId"], "PartNumber": 1}

    reported = refusal(lambda: getattr(east, operation)(**place, Body=OTHER, **{name: RIGHT[name]}))

    assert reported == ("BadDigest", message)
    assert "Contents" not in east.list_objects_v2(Bucket="documents")


def test_a_digest_that_is_none_is_refused(east: S3Client) -> None:
    east.create_bucket(Bucket="documents")

    response = refusal(lambda: east.put_object(Bucket="documents", Key="a", Body=BODY, ContentMD5="none"))

    assert response == ("InvalidDigest", "The Content-MD5 you specified was invalid.")


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("CRC32C", RIGHT["ChecksumCRC32C"]),
        ("CRC64NVME", RIGHT["ChecksumCRC64NVME"]),
        ("SHA256", RIGHT["ChecksumSHA256"]),
    ],
)
def test_an_object_tells_the_checksum_that_it_was_stored_with(
    algorithm: Any, expected: str, east: S3Client
) -> None:
    east.create_bucket(Bucket="documents")
    given: dict[str, Any] = {f"Checksum{algorithm}": expected}
    east.put_object(Bucket="documents", Key="a", Body=BODY, ChecksumAlgorithm=algorithm, **given)

    response: Any = east.head_object(Bucket="documents", Key="a", ChecksumMode="ENABLED")

    assert response[f"Checksum{algorithm}"] == expected


def test_a_digest_that_follows_the_bytes_counts_as_well(east: S3Client) -> None:
    east.create_bucket(Bucket="documents")

    def in_chunks(request: AWSRequest, **_: Any) -> None:
        chunk = b"%x\r\n%s\r\n0\r\n" % (len(OTHER), OTHER)
        trailer = b"x-amz-checksum-sha256:%s\r\n\r\n" % RIGHT["ChecksumSHA256"].encode()
        request.data = chunk + trailer
        for name in ("x-amz-checksum-crc32", "x-amz-sdk-checksum-algorithm"):
            del request.headers[name]
        request.headers["Content-Encoding"] = "aws-chunked"
        request.headers["x-amz-trailer"] = "x-amz-checksum-sha256"
        request.headers["x-amz-decoded-content-length"] = str(len(OTHER))
        request.headers["X-Amz-Content-SHA256"] = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

    east.meta.events.register("before-sign.s3.PutObject", in_chunks)

    try:
        response = refusal(lambda: east.put_object(Bucket="documents", Key="a", Body=OTHER))
    finally:
        east.meta.events.unregister("before-sign.s3.PutObject", in_chunks)

    assert response == ("BadDigest", "The SHA256 you specified did not match the calculated checksum.")
