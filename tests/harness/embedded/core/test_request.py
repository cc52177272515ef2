"""What a raw request is for."""

from __future__ import annotations

import io
from typing import Any

import pytest

from qa.embedded.request import RequestTarget, identify


def environ(method: str, path: str, query: str = "", **headers: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.input": io.BytesIO(),
        **headers,
    }


def signed(region: str, service: str) -> str:
    return f"AWS4-HMAC-SHA256 Credential=AKIA/20260101/{region}/{service}/aws4_request, SignedHeaders=host"


def test_a_json_service_names_its_operation_in_the_target_header() -> None:
    request = environ(
        "POST",
        "/",
        HTTP_AUTHORIZATION=signed("us-west-2", "dynamodb"),
        HTTP_X_AMZ_TARGET="DynamoDB_20120810.PutItem",
    )

    assert identify(request) == RequestTarget(service="dynamodb", region="us-west-2", operation="PutItem")


def test_a_query_service_names_its_operation_in_the_form_which_stays_readable() -> None:
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    request = environ(
        "POST",
        "/",
        HTTP_AUTHORIZATION=signed("us-east-1", "sts"),
        CONTENT_TYPE="application/x-www-form-urlencoded; charset=utf-8",
        CONTENT_LENGTH=str(len(body)),
    )
    request["wsgi.input"] = io.BytesIO(body)

    assert identify(request) == RequestTarget(
        service="sts", region="us-east-1", operation="GetCallerIdentity"
    )
    assert request["wsgi.input"].read() == body


@pytest.mark.parametrize(
    ("method", "path", "query", "operation"),
    [
        ("GET", "/documents", "versioning", "GetBucketVersioning"),
        ("GET", "/documents", "versions&prefix=qa", "ListObjectVersions"),
        ("GET", "/documents", "list-type=2", "ListObjectsV2"),
        ("PUT", "/documents/a/b.json", "", "PutObject"),
        ("HEAD", "/documents/a/b.json", "", "HeadObject"),
        ("GET", "/", "", "ListBuckets"),
    ],
)
def test_a_request_to_s3_is_known_by_method_path_and_query(
    method: str, path: str, query: str, operation: str
) -> None:
    request = environ(method, path, query, HTTP_AUTHORIZATION=signed("us-east-1", "s3"))

    assert identify(request).operation == operation


def test_a_presigned_url_tells_its_scope_in_the_query() -> None:
    scope = "X-Amz-Credential=AKIA%2F20260101%2Fus-west-2%2Fs3%2Faws4_request"

    assert identify(environ("GET", "/documents/a", scope)) == RequestTarget(
        service="s3", region="us-west-2", operation="GetObject", bucket="documents"
    )


def test_an_unsigned_request_is_one_to_s3() -> None:
    assert identify(environ("GET", "/documents/a")) == RequestTarget(
        service="s3", region="us-east-1", operation="GetObject", bucket="documents"
    )


@pytest.mark.parametrize(
    ("host", "path", "bucket"),
    [
        ("127.0.0.1:1", "/documents/a", "documents"),
        ("localhost:1", "/documents/a", "documents"),
        ("[::1]:1", "/documents", "documents"),
        ("documents.localhost:1", "/a/b", "documents"),
        ("documents.127.0.0.1:1", "/", "documents"),
        ("127.0.0.1", "/", None),
    ],
)
def test_a_bucket_is_named_in_the_path_or_before_the_host(host: str, path: str, bucket: str | None) -> None:
    request = environ("GET", path, HTTP_HOST=host, HTTP_AUTHORIZATION=signed("us-east-1", "s3"))

    assert identify(request).bucket == bucket
