"""What the gate and the judge refuse over HTTP is in the protocol in which the request came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.parsers import create_parser
from botocore.session import Session

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
    told = sent(account.world.endpoint, model, protocol, {}, **changes)
    assert told is not None
    parsed: Any = create_parser(protocol).parse(
        {"status_code": told.status, "headers": {}, "body": told.body, "context": {}}, model.output_shape
    )
    return told.status, parsed["Error"]["Code"]


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
