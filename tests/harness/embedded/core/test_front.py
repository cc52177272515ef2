"""What the front makes of a moto that falls over a request."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import run_wsgi_app

from qa.embedded.control.routes import ControlRoutes
from qa.embedded.middleware import Front
from qa.embedded.settings import Settings
from qa.embedded.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

WORDS = "the embedded AWS does not model {} as requested: moto failed on it (KeyError: 'Nonsense')"


def fallen(_: WSGIEnvironment, __: StartResponse) -> Iterable[bytes]:
    raise KeyError("Nonsense")


def page(_: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    start("404 Not Found", [("Content-Type", "text/html; charset=utf-8")])
    return [b"<!doctype html>\n<title>404 Not Found</title>"]


def exhausted(_: WSGIEnvironment, __: StartResponse) -> Iterable[bytes]:
    raise MemoryError


def answer(inner: WSGIApplication, headers: dict[str, str], sent: bytes = b"") -> tuple[int, str, Any]:
    """Send a request to a front before a moto that falls over; return status, body and headers."""
    world = World(settings=Settings(), scratch=Path())
    front = Front(
        inner,
        world,
        control=ControlRoutes(world),
        bucket_region=lambda _: None,
        on_throttle=lambda *_: None,
    )
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "wsgi.input": io.BytesIO(sent),
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.url_scheme": "http",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        **headers,
    }
    body, status, reported = run_wsgi_app(front, environ)
    return int(status.split()[0]), b"".join(body).decode(), reported


def signed(service: str) -> str:
    return f"AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host"


@pytest.mark.parametrize(
    ("service", "headers", "operation"),
    [
        ("kms", {"HTTP_X_AMZ_TARGET": "TrentService.GetPublicKey"}, "kms:GetPublicKey"),
        ("s3", {"REQUEST_METHOD": "GET", "PATH_INFO": "/documents/a"}, "s3:GetObject"),
    ],
    ids=["json", "xml"],
)
def test_what_moto_falls_over_is_told_by_name_and_not_sent_again(
    service: str, headers: dict[str, str], operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent = b'{"KeyId": "alias/none"}'  # all that the model requires

    status, body, response = answer(fallen, {"HTTP_AUTHORIZATION": signed(service), **headers}, sent)

    assert (status, WORDS.format(operation) in body, response["Connection"]) == (501, True, "close")
    assert caplog.messages == [f"moto failed on {operation}"]


@pytest.mark.parametrize(
    ("service", "headers", "operation"),
    [
        ("kms", {"HTTP_X_AMZ_TARGET": "TrentService.GetPublicKey"}, "kms:GetPublicKey"),
        ("s3", {"REQUEST_METHOD": "PUT", "PATH_INFO": "/documents/a"}, "s3:PutObject"),
    ],
    ids=["json", "xml"],
)
def test_a_lack_of_memory_is_said_as_such_and_may_be_sent_again(
    service: str, headers: dict[str, str], operation: str
) -> None:
    status, body, response = answer(exhausted, {"HTTP_AUTHORIZATION": signed(service), **headers})

    words = f"the embedded AWS is out of memory at {operation}"
    assert (status, words in body, "ServiceUnavailable" in body, response["Connection"]) == (
        503,
        True,
        True,
        "close",
    )


@pytest.mark.parametrize(
    ("sent", "code", "words"),
    [
        (
            b'{"Item": {}}',
            "ValidationException",
            (
                "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: "
                "Member must not be null"
            ),
        ),
        (
            b'{"TableName": 1, "Item": {}}',
            "SerializationException",
            "NUMBER_VALUE cannot be converted to String",
        ),
        (
            b'{"TableName": "a", "Item": {"id": {"S": {}}}}',
            "SerializationException",
            "Start of structure or map found where not expected.",
        ),
        (
            b'{"TableName": "a", "Item": "id"}',
            "SerializationException",
            "STRING_VALUE cannot be converted to Map",
        ),
        (b"[1", "SerializationException", "The request body is not valid JSON."),
    ],
    ids=["missing", "number for text", "map for text", "text for map", "no JSON"],
)
def test_what_moto_falls_over_is_the_callers_error_when_the_model_says_so(
    sent: bytes, code: str, words: str
) -> None:
    headers = {
        "HTTP_AUTHORIZATION": signed("dynamodb"),
        "HTTP_X_AMZ_TARGET": "DynamoDB_20120810.PutItem",
        "CONTENT_TYPE": "application/x-amz-json-1.0",
    }

    status, body, _ = answer(fallen, headers, sent)

    assert (status, json.loads(body)) == (400, {"__type": code, "message": words, "Message": words})


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
def test_a_key_longer_than_s3_takes_is_refused_in_every_operation(method: str) -> None:
    path = "/documents/" + "é".encode().decode("latin-1") * 513

    status, body, _ = answer(
        fallen, {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_AUTHORIZATION": signed("s3")}
    )

    elements = "<Size>1026</Size><MaxSizeAllowed>1024</MaxSizeAllowed>"
    error = f"<Code>KeyTooLongError</Code><Message>Your key is too long</Message>{elements}"
    assert (status, error in body) == (400, method != "HEAD")


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "documents.localhost:1", "PATH_INFO": f"/a/{'k' * 1_023}"},
        {"PATH_INFO": "/documents/a", "HTTP_X_AMZ_COPY_SOURCE": f"/documents/{'k' * 1_025}?versionId=a"},
    ],
    ids=["bucket in the host", "source of a copy"],
)
def test_a_key_is_measured_wherever_it_stands(headers: dict[str, str]) -> None:
    status, body, _ = answer(fallen, {"REQUEST_METHOD": "PUT", "HTTP_AUTHORIZATION": signed("s3"), **headers})

    assert (status, "<Code>KeyTooLongError</Code>" in body, "<Size>1025</Size>" in body) == (400, True, True)


@pytest.mark.parametrize(
    "address",
    [
        {"PATH_INFO": "/documents"},
        {"PATH_INFO": "/documents/"},
        {"HTTP_HOST": "documents.localhost:1", "PATH_INFO": "/"},
        {"HTTP_HOST": "documents.127.0.0.1", "PATH_INFO": "/"},
    ],
    ids=["path", "path that ends", "name", "address"],
)
def test_what_is_not_modelled_of_a_bucket_is_refused_wherever_its_name_stands(
    address: dict[str, str],
) -> None:
    request = {"REQUEST_METHOD": "PUT", "QUERY_STRING": "cors", "HTTP_AUTHORIZATION": signed("s3")}

    status, body, _ = answer(exhausted, {**request, **address})  # moto is not reached

    assert (status, "does not model s3:PutBucketCors" in body) == (501, True)


@pytest.mark.parametrize(
    ("service", "headers", "sent", "code", "words"),
    [
        (
            "iam",
            {},
            b"Action=ListUsers&MaxItems=many",
            "MalformedInput",
            "invalid literal for int() with base 10",
        ),
        (
            "cloudformation",
            {},
            b"Action=ExecuteChangeSet",
            "ValidationError",
            "Value null at 'changeSetName' failed to satisfy constraint: Member must not be null",
        ),
        (
            "lambda",
            {"PATH_INFO": "/2015-03-31/functions", "CONTENT_TYPE": "application/json"},
            b'{"FunctionName": {}}',
            "SerializationException",
            "Start of structure or map found where not expected.",
        ),
        (
            "s3",
            {"REQUEST_METHOD": "PUT", "PATH_INFO": "/documents", "QUERY_STRING": "tagging"},
            b"<Tagging><TagSet></Tagging>",
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
        ),
        (
            "s3",
            {"REQUEST_METHOD": "PUT", "PATH_INFO": "/documents/a", "HTTP_X_AMZ_ACL": "nobody"},
            b"",
            "InvalidArgument",
            "Value 'nobody' at 'aCL' failed to satisfy constraint: Member must satisfy enum value set",
        ),
    ],
    ids=["query text", "query missing", "rest-json", "rest-xml body", "rest-xml header"],
)
def test_a_malformed_request_is_the_callers_error_in_each_protocol(
    service: str, headers: dict[str, str], sent: bytes, code: str, words: str
) -> None:
    kind = {"CONTENT_TYPE": "application/x-www-form-urlencoded"} if sent[:6] == b"Action" else {}

    status, body, _ = answer(fallen, {"HTTP_AUTHORIZATION": signed(service), **kind, **headers}, sent)

    assert (status, code in body, words in body) == (400, True, True)


@pytest.mark.parametrize(
    ("target", "sent", "member"),
    [
        ("TrentService.CreateGrant", b'{"KeyId": "a", "Operations": ["Decrypt"]}', "granteePrincipal"),
        ("TrentService.ReEncrypt", b'{"DestinationKeyId": "a"}', "ciphertextBlob"),
    ],
)
def test_what_an_operation_cannot_do_without_is_missed_though_its_model_does_without(
    target: str, sent: bytes, member: str
) -> None:
    headers = {
        "HTTP_AUTHORIZATION": signed("kms"),
        "HTTP_X_AMZ_TARGET": target,
        "CONTENT_TYPE": "application/x-amz-json-1.1",
    }

    status, body, _ = answer(fallen, headers, sent)

    words = f"Value null at '{member}' failed to satisfy constraint: Member must not be null"
    assert (status, json.loads(body)["message"]) == (400, f"1 validation error detected: {words}")


def test_a_value_of_another_type_is_refused_before_lambda_stores_it() -> None:
    path = "/2015-03-31/functions/worker/policy"
    headers = {"PATH_INFO": path, "CONTENT_TYPE": "application/json", "HTTP_AUTHORIZATION": signed("lambda")}
    sent = b'{"StatementId": "a", "Action": "lambda:InvokeFunction", "Principal": {"a": "b"}}'

    status, body, response = answer(exhausted, headers, sent)  # moto is not reached

    assert (status, response["x-amzn-ErrorType"]) == (400, "SerializationException")
    assert json.loads(body)["message"] == "Start of structure or map found where not expected."


@pytest.mark.parametrize(
    ("service", "headers", "status", "code"),
    [
        (
            "lambda",
            {"PATH_INFO": "/2015-03-31/functions/worker/aliases", "REQUEST_METHOD": "GET"},
            404,
            "UnknownOperationException",
        ),
        ("s3", {"PATH_INFO": "/documents/a", "REQUEST_METHOD": "PUT"}, 405, "MethodNotAllowed"),
        ("kms", {"HTTP_X_AMZ_TARGET": "TrentService.ListKeys"}, 400, "UnknownOperationException"),
    ],
    ids=["rest-json", "s3", "json"],
)
def test_a_page_for_browsers_is_never_an_answer(
    service: str, headers: dict[str, str], status: int, code: str
) -> None:
    got, body, response = answer(page, {"HTTP_AUTHORIZATION": signed(service), **headers})

    assert (got, code in body, "html" in body, response["Connection"]) == (status, True, False, "close")
