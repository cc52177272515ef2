"""Bodies that are never read: each test sends headers alone, so that a server which reads would wait."""

from __future__ import annotations

import socket
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID

from .test_server import s3

if TYPE_CHECKING:
    from qa.embedded.process import EmbeddedProcess

MEBIBYTE = 1024 * 1024
LARGE = f"Content-Length: {300 * MEBIBYTE}"
JSON = "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: DynamoDB_20120810.PutItem"
STREAMED = "X-Amz-Content-SHA256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
DECODED = "X-Amz-Decoded-Content-Length"
FORM = "Content-Type: application/x-www-form-urlencoded"


def answer(process: EmbeddedProcess, target: str, *headers: str, body: bytes = b"") -> tuple[int, str]:
    """Return status and body of the answer to a request whose body never comes, or in part."""
    place = urlsplit(process.endpoint)
    with socket.create_connection((place.hostname or "", place.port or 0), 15) as connection:
        head = "\r\n".join((f"{target} HTTP/1.1", f"Host: {place.netloc}", *headers, "", ""))
        connection.sendall(head.encode() + body)
        if body:
            connection.shutdown(socket.SHUT_WR)
        reported = b"".join(iter(lambda: connection.recv(65_536), b"")).decode()
    return int(reported.split()[1]), reported.partition("\r\n\r\n")[2]


def resident(process: EmbeddedProcess) -> int:
    """Return how many bytes of memory the server holds."""
    result = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process.pid)],  # noqa: S607 - the system's own
        capture_output=True,
        check=True,
        text=True,
    )
    return int(result.stdout) * 1024


def signed(service: str, key: str = ADMIN_ACCESS_KEY_ID) -> str:
    scope = f"Credential={key}/20260101/us-east-1/{service}/aws4_request"
    return f"Authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature={'0' * 64}"


@pytest.mark.parametrize(
    ("target", "headers", "status", "code"),
    [
        ("PUT /documents/a", (LARGE,), 403, "<Code>AccessDenied</Code>"),
        ("POST /", (LARGE, JSON), 400, "MissingAuthenticationTokenException"),
        ("POST /", (LARGE, FORM), 403, "<Code>MissingAuthenticationToken</Code>"),
        (
            "PUT /documents/a",
            (LARGE, signed("s3", "AKIANOBODY0000000000")),
            403,
            "<Code>InvalidAccessKeyId</Code>",
        ),
        (
            "PUT /documents/a",
            (LARGE, signed("s3"), "X-Amz-Content-SHA256: UNSIGNED-PAYLOAD"),
            403,
            "<Code>SignatureDoesNotMatch</Code>",
        ),
        ("POST /", (LARGE, JSON, signed("dynamodb")), 413, "RequestEntityTooLargeException"),
        ("POST /", (LARGE, FORM, signed("iam")), 413, "<Code>RequestEntityTooLarge</Code>"),
        ("POST /", (JSON, "Transfer-Encoding: chunked"), 400, "MissingAuthenticationTokenException"),
        ("PUT /documents/a", ("Content-Length: many",), 400, "<Code>InvalidArgument</Code>"),
        ("PUT /documents/a", ("Content-Length: -1",), 400, "<Code>InvalidArgument</Code>"),
        ("PUT /documents/a", (STREAMED, f"{DECODED}: many"), 400, "<Code>InvalidArgument</Code>"),
        ("PUT /documents/a", (STREAMED,), 411, "<Code>MissingContentLength</Code>"),
    ],
    ids=[
        "unsigned to S3",
        "unsigned JSON",
        "unsigned form",
        "unknown key",
        "wrong signature",
        "JSON too large",
        "form too large",
        "unsigned in chunks",
        "length that is none",
        "negative length",
        "decoded length that is none",
        "no decoded length",
    ],
)
def test_a_refused_request_is_answered_before_its_body(
    process: EmbeddedProcess, target: str, headers: tuple[str, ...], status: int, code: str
) -> None:
    response = answer(process, target, *headers)

    assert (response[0], code in response[1]) == (status, True)


def test_an_object_beyond_the_limit_is_refused_before_its_bytes(process: EmbeddedProcess) -> None:
    url = urlsplit(
        s3(process, "us-east-1").generate_presigned_url(
            "put_object", Params={"Bucket": "documents", "Key": "a"}
        )
    )

    status, body = answer(process, f"PUT {url.path}?{url.query}", f"Content-Length: {513 * MEBIBYTE}")

    assert (status, "<Code>EntityTooLarge</Code>" in body) == (400, True)


def test_a_decoded_length_makes_no_room_for_bytes_that_do_not_come(process: EmbeddedProcess) -> None:
    before = resident(process)

    status, body = answer(
        process,
        "PUT /documents/a",
        STREAMED,
        f"{DECODED}: {2048 * MEBIBYTE}",
        "Content-Length: 1",
        body=b"a",
    )

    assert (status, "<Code>IncompleteBody</Code>" in body) == (400, True)
    assert resident(process) - before < 512 * MEBIBYTE


def test_chunks_are_cut_off_where_they_become_too_many(process: EmbeddedProcess) -> None:
    chunk = f"{MEBIBYTE:x}\r\n".encode() + b"a" * MEBIBYTE + b"\r\n"

    status, body = answer(process, "PUT /documents/a", "Transfer-Encoding: chunked", body=chunk * 17)

    assert (status, "<Code>EntityTooLarge</Code>" in body) == (400, True)


@pytest.mark.parametrize(
    ("target", "operation"),
    [
        ("POST /2015-03-31/functions", "CreateFunction"),
        ("PUT /2015-03-31/functions/processor/code", "UpdateFunctionCode"),
    ],
)
def test_a_package_beyond_50_mb_in_a_request_is_refused_in_the_words_of_lambda(
    process: EmbeddedProcess, target: str, operation: str
) -> None:
    status, body = answer(process, target, f"Content-Length: {70_167_212}", signed("lambda"))

    words = f"Request must be smaller than 70167211 bytes for the {operation} operation"
    assert (status, "RequestEntityTooLargeException" in body, words in body) == (413, True, True)
