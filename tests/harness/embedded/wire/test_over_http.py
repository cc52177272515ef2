"""What the gate and the judge refuse over HTTP is in the protocol in which the request came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.parsers import create_parser
from botocore.session import Session

from qa.embedded.control import Control
from tests.harness.malformed.wire import sent

if TYPE_CHECKING:
    from tests.harness.embedded.iam.serving import Served

PROTOCOLS = [
    ("cloudwatch", "PutDashboard", "query"),
    ("cloudwatch", "PutDashboard", "json"),
    ("cloudwatch", "PutDashboard", "smithy-rpc-v2-cbor"),
    ("sqs", "StartMessageMoveTask", "query"),
    ("sqs", "StartMessageMoveTask", "json"),
]


def answer(account: Served, service: str, operation: str, protocol: str, **changes: Any) -> tuple[int, str]:
    """Send a request and return status and code as a client of the protocol reads them."""
    model: Any = Session().get_service_model(service).operation_model(operation)
    reported = sent(account.world.endpoint, model, protocol, {}, **changes)
    assert reported is not None
    parsed: Any = create_parser(protocol).parse(
        {"status_code": reported.status, "headers": {}, "body": reported.body, "context": {}},
        model.output_shape,
    )
    return reported.status, parsed["Error"]["Code"]


@pytest.mark.parametrize(("service", "operation", "protocol"), PROTOCOLS, ids=str)
def test_what_is_not_modelled_is_read_by_the_client(
    service: str, operation: str, protocol: str, account: Served
) -> None:
    assert answer(account, service, operation, protocol) == (501, "NotImplemented")


@pytest.mark.parametrize(
    ("service", "operation"),
    [("sqs", "ListQueues"), ("cloudwatch", "ListMetrics")],
    ids=["sqs", "cloudwatch"],
)
@pytest.mark.parametrize(
    ("protocol", "code"), [("query", "SignatureDoesNotMatch"), ("json", "InvalidSignatureException")]
)
def test_a_refusal_of_the_judge_is_read_by_the_client(
    service: str, operation: str, protocol: str, code: str, account: Served
) -> None:
    assert answer(account, service, operation, protocol, secret="another") == (403, code)


def test_a_request_in_cbor_is_refused_by_name(account: Served) -> None:
    model = Session().get_service_model("cloudwatch").operation_model("ListMetrics")

    told = sent(account.world.endpoint, model, "smithy-rpc-v2-cbor", {})

    assert told is not None
    words = b"the embedded AWS does not model cloudwatch:ListMetrics in CBOR (JSON is understood)"
    assert (told.status, told.kind, words in told.body) == (501, "application/cbor", True)


@pytest.mark.parametrize(("protocol", "code"), [("query", "Throttling"), ("json", "ThrottlingException")])
def test_a_fault_is_read_by_the_client(protocol: str, code: str, account: Served) -> None:
    control = Control(account.world.endpoint)
    fault = control.start_fault("throttle", service="sqs")

    told = answer(account, "sqs", "ListQueues", protocol)

    control.end_fault(fault)
    assert told == (400, code)
