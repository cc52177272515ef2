"""Every error answer can be read by the clients of the protocol in which the request came."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore.parsers import create_parser
from botocore.session import Session

from qa.embedded.services import SERVICES
from qa.embedded.wire.cbor import in_cbor
from qa.embedded.wire.protocol import Dialect, Protocol, dialect_of, is_rest
from qa.embedded.wire.refusals import Refusal, RequestRefusedError, Special

HEADERS: dict[str, dict[str, str]] = {
    "json": {"HTTP_X_AMZ_TARGET": "Service.Operation", "CONTENT_TYPE": "application/x-amz-json-1.0"},
    "query": {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8"},
    "ec2": {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8"},
    "smithy-rpc-v2-cbor": {"CONTENT_TYPE": "application/cbor", "HTTP_SMITHY_PROTOCOL": "rpc-v2-cbor"},
    "rest-json": {"CONTENT_TYPE": "application/json"},
    "rest-xml": {},
}
CODES = {"json": 0, "rest-json": 0, "smithy-rpc-v2-cbor": 0, "query": 1, "ec2": 1, "rest-xml": 1}
UNMODELLED = {"ec2": "ec2", "route53": "rest-xml", "apigateway": "rest-json", "athena": "json"}


@cache
def model(name: str) -> Any:
    return Session().get_service_model(name)


def spoken() -> list[tuple[str, str]]:
    """Return each service with each protocol that its own model names."""
    ours = [(each.name, protocol) for each in SERVICES for protocol in model(each.name).metadata["protocols"]]
    return [*ours, *UNMODELLED.items()]


def read(name: str, protocol: str, refused: RequestRefusedError) -> tuple[int, str, str]:
    """Return status, code and message as a client of the protocol reads them."""
    response = refused.get_response(HEADERS[protocol])
    operation = model(name).operation_model(next(iter(model(name).operation_names)))
    parsed = create_parser(protocol).parse(
        {
            "status_code": response.status_code,
            "headers": {key.lower(): value for key, value in response.headers.items()},
            "body": response.get_data(),
            "context": {"operation_name": operation.name},
        },
        operation.output_shape,
    )
    return response.status_code, parsed["Error"]["Code"], parsed["Error"]["Message"]


@pytest.mark.parametrize(("name", "protocol"), spoken(), ids=str)
def test_a_refusal_is_read_whatever_characters_it_repeats(name: str, protocol: str) -> None:
    hostile = "\x00\x1b[31m\ud800\ufffe\uffff]]>&<"
    refused = RequestRefusedError(name, Refusal.INVALID, hostile)

    status, code, message = read(name, protocol, refused)

    assert (status, code in Refusal.INVALID.value, message[-5:]) == (400, True, "]]>&<")


@pytest.mark.parametrize(("name", "protocol"), spoken(), ids=str)
def test_a_refusal_is_read_by_the_clients_of_each_protocol_of_each_service(name: str, protocol: str) -> None:
    message = 'the embedded AWS does not model <this> & "that", é'
    refused = RequestRefusedError(name, Refusal.UNKNOWN_KEY, message)

    status, code, words = read(name, protocol, refused)

    # who spoke the query protocol before still reads its codes
    is_json = "awsQueryCompatible" not in model(name).metadata
    expected = Refusal.UNKNOWN_KEY.value[2 if name == "s3" else CODES[protocol] if is_json else 1]
    plain = is_json and protocol in ("json", "smithy-rpc-v2-cbor")
    assert (status, code, words) == (400 if plain else 403, expected, message)


@pytest.mark.parametrize("service", SERVICES, ids=lambda each: each.name)
def test_a_service_s_own_form_of_an_error_is_read_by_its_clients(service: Any) -> None:
    protocol = str(model(service.name).resolved_protocol)

    codes = {
        refusal: read(service.name, protocol, RequestRefusedError(service.name, refusal, "no", special=form))[
            1
        ]
        for refusal, form in service.special.items()
    }

    assert codes == {refusal: form.code for refusal, form in service.special.items()}


def test_a_refusal_without_headers_is_in_the_protocol_that_boto3_takes() -> None:
    dialects = {name: dialect_of(name, {}) for name in ("kms", "sns", "lambda", "s3", "cloudwatch", "nobody")}

    assert dialects == {
        "kms": Dialect(protocol=Protocol.JSON),
        "sns": Dialect(protocol=Protocol.QUERY),
        "lambda": Dialect(protocol=Protocol.REST_JSON),
        "s3": Dialect(protocol=Protocol.S3),
        "cloudwatch": Dialect(protocol=Protocol.JSON, json_version="1.0", has_query_codes=True),
        "nobody": Dialect(protocol=Protocol.REST_JSON),
    }


def test_whether_operations_are_told_apart_by_path_is_read_off_the_model() -> None:
    names = ("s3", "lambda", "apigateway", "kms", "sns", "cloudwatch", "ec2", "nobody", "../s3")

    assert {name for name in names if is_rest(name)} == {"s3", "lambda", "apigateway"}


@pytest.mark.parametrize("name", ["../ec2", "", "a" * 65, "EC2"])
def test_no_model_is_looked_for_under_what_is_no_name_of_a_service(name: str) -> None:
    assert dialect_of(name, HEADERS["query"]) == Dialect(protocol=Protocol.QUERY)


def test_members_of_a_service_s_own_form_are_in_the_body() -> None:
    form = Special(code="TooManyRequestsException", status=429, members={"Reason": "CallerRateLimitExceeded"})
    refused = RequestRefusedError("lambda", Refusal.THROTTLED, "Rate exceeded", special=form)

    response = refused.get_response({})

    assert (response.status_code, response.get_json()) == (
        429,
        {
            "__type": "TooManyRequestsException",
            "message": "Rate exceeded",
            "Message": "Rate exceeded",
            "Reason": "CallerRateLimitExceeded",
        },
    )


@pytest.mark.parametrize("size", [0, 23, 24, 255, 256, 65_535, 65_536])
def test_a_text_of_any_length_is_read_back_from_cbor(size: int) -> None:
    parser: Any = create_parser("smithy-rpc-v2-cbor")
    content = in_cbor({"message": "é" * size})

    assert parser.parse_data_item(parser.get_peekable_stream_from_bytes(content)) == {"message": "é" * size}
