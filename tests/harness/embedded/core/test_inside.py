"""What a service sends to another one: values in the types of the model, judged as the caller's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from moto.core.utils import get_service_model

from qa.embedded.inside import Inside, RequestFailedError, fitted
from qa.embedded.server import Server
from qa.embedded.settings import Settings
from qa.embedded.world import Caller, World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VIA = "cloudformation.amazonaws.com"
NOBODY = Caller(arn="arn:aws:iam::123456789012:user/nobody")


def fit(service: str, operation: str, value: dict[str, Any]) -> Any:
    return fitted(get_service_model(service).operation_model(operation).input_shape, value)


def test_texts_become_numbers_and_booleans_and_names_get_the_models_case() -> None:
    given = {"LogGroupName": "a", "RetentionInDays": "7"}

    assert fit("logs", "PutRetentionPolicy", given) == {"logGroupName": "a", "retentionInDays": 7}
    assert fit("kms", "CreateKey", {"MultiRegion": "true"}) == {"MultiRegion": True}
    assert fit("cloudwatch", "PutMetricAlarm", {"Threshold": "1.5"}) == {"Threshold": 1.5}


def test_numbers_and_booleans_become_texts_and_objects_their_json() -> None:
    attributes = {"DelaySeconds": 5, "FifoQueue": True, "Policy": {"Statement": []}}

    assert fit("sqs", "CreateQueue", {"Attributes": attributes}) == {
        "Attributes": {"DelaySeconds": "5", "FifoQueue": "true", "Policy": '{"Statement": []}'}
    }


def test_a_member_that_the_model_has_not_is_named() -> None:
    with pytest.raises(LookupError, match="LoggingConfig has no Levels"):
        fit("lambda", "CreateFunction", {"LoggingConfig": {"Levels": "x"}})


@pytest.fixture
def served() -> Iterator[World]:
    server = Server(Settings())
    server.start()
    yield server.world
    server.close()


def ask(world: World, operation: str, parameters: dict[str, Any], **others: Any) -> Any:
    given: dict[str, Any] = {"region": "us-east-1", "caller": NOBODY, "via": VIA, **others}
    return world.part(Inside).request("logs", operation, parameters, **given)


def test_a_request_inside_needs_the_callers_right(served: World) -> None:
    with pytest.raises(RequestFailedError) as refused:
        ask(served, "CreateLogGroup", {"logGroupName": "a"})

    assert (refused.value.code, "user/nobody is not authorized" in refused.value.message) == (
        "AccessDeniedException",
        True,
    )


def test_what_is_not_modelled_is_refused_inside_too(served: World) -> None:
    parameters = {"logGroupName": "a", "logGroupClass": "DELIVERY"}

    with pytest.raises(RequestFailedError) as refused:
        ask(served, "CreateLogGroup", parameters)

    assert refused.value.code == "NotImplemented"
    assert refused.value.message == (
        "the embedded AWS does not model logGroupClass of logs:CreateLogGroup as requested "
        "(groups are of the standard class)"
    )


def test_no_header_can_say_who_calls(served: World) -> None:
    """The front is told by what HTTP cannot carry: every header's key begins with HTTP_."""
    seen: list[dict[str, Any]] = []

    def application(_: Any, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        seen.append(environ)
        start("200 OK", [])
        return [b"{}"]

    world = World(settings=Settings(), scratch=Path(), endpoint=served.endpoint)
    world.authorizer = served.authorizer
    Inside(application, world).request(
        "logs", "DescribeLogGroups", {}, region="us-east-1", caller=NOBODY, via=VIA
    )

    told = {key: value for key, value in seen[0].items() if key in ("qa.caller", "qa.called_via")}
    assert told == {"qa.caller": NOBODY, "qa.called_via": VIA}
