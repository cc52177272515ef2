"""A share of the malformed requests that `python -m tests.harness.malformed` sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.session import Session

from qa.embedded.process import start_embedded
from qa.embedded.services import SERVICES
from qa.embedded.settings import Settings

from .campaign import swept, verdict_of
from .making import malformations
from .wire import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    process = start_embedded(Settings())
    yield process.endpoint
    process.stop()


@pytest.mark.parametrize("service", [each.name for each in SERVICES])
def test_malformed_requests_get_the_callers_error(endpoint: str, service: str) -> None:
    assert swept(endpoint, seed="0", share=4, only=f"{service}:").finds == []


def test_each_member_is_taken_out_emptied_and_given_another_type() -> None:
    model = Session().get_service_model("kms").operation_model("EnableKeyRotation")

    made = {(each.kind, each.path) for each in malformations(model, {"KeyId": "a"})}

    of_text = {
        *("missing", "empty", "map for text", "list for text", "number for text"),
        *("control characters", "long text"),
    }
    of_number = {"text for integer", "map for integer", "negative number", "huge number"}
    assert made == (
        {("valid", ())}
        | {(kind, ("KeyId",)) for kind in of_text}
        | {(kind, ("RotationPeriodInDays",)) for kind in of_number}
    )


def test_an_arn_is_also_cut_short_and_of_no_region() -> None:
    model = Session().get_service_model("sns").operation_model("GetTopicAttributes")

    made = {each.kind: each.parameters for each in malformations(model, {}) if "ARN" in each.kind}

    assert made == {
        "short ARN": {"TopicArn": "arn:aws:sns"},
        "ARN of no region": {"TopicArn": "arn:aws:sns:no-region:123456789012:a"},
    }


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (0, b"", "no answer"),
        (501, b"moto failed on it", "failed on"),
        (501, b"does not model", "not modelled"),
        (404, b"<!doctype html>", "HTML"),
        (500, b"Traceback (most recent call last)", "traceback"),
        (500, b"", "server error"),
        (400, b"", "refused"),
        (200, b"", "accepted"),
    ],
)
def test_an_answer_has_a_verdict(status: int, body: bytes, verdict: str) -> None:
    assert verdict_of(Answer(status=status, kind="", body=body)) == verdict
