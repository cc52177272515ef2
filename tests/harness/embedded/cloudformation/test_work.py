"""Work on a stack that goes on behind the answer, and work that breaks."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from qa import wait
from qa.embedded.cloudformation import work
from qa.embedded.inside import Inside

from .templates import template, topic

if TYPE_CHECKING:
    from .conftest import Aws


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Make topics wait for an event; answers wait for nothing."""
    may_go_on = threading.Event()
    request = Inside.request

    def request_later(inside: Inside, service: str, operation: str, *args: Any, **others: Any) -> Any:
        if operation == "CreateTopic":
            may_go_on.wait(10)
        return request(inside, service, operation, *args, **others)

    monkeypatch.setattr(Inside, "request", request_later)
    monkeypatch.setattr(work, "PATIENCE", 0.01)
    return may_go_on


def status(aws: Aws) -> str:
    stacks = aws.client("cloudformation").describe_stacks(StackName="demo")["Stacks"]
    return str(stacks[0]["StackStatus"])


def test_long_work_goes_on_behind_the_answer(aws: Aws, slow: threading.Event) -> None:
    stack = aws.create(template({"A": topic()}))

    slow.set()

    assert stack["StackStatus"] == "CREATE_IN_PROGRESS"
    wait.until(lambda: status(aws), "CREATE_COMPLETE".__eq__, what="the stack", within=5, every=0.02)


def test_a_stack_in_progress_takes_no_second_operation(aws: Aws, slow: threading.Event) -> None:
    aws.create(template({"A": topic()}))

    with pytest.raises(ClientError) as raised:
        aws.client("cloudformation").update_stack(
            StackName="demo", TemplateBody=json.dumps(template({"B": topic()}))
        )
    slow.set()

    assert raised.value.response["Error"]["Message"].endswith(
        " is in CREATE_IN_PROGRESS state and can not be updated."
    )
    wait.until(lambda: status(aws), "CREATE_COMPLETE".__eq__, what="the stack", within=5, every=0.02)


def test_a_handler_that_breaks_fails_its_resource_and_no_more(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise KeyError("TagKey")

    monkeypatch.setattr(Inside, "request", broken)

    stack = aws.create(template({"A": topic()}))

    reasons = [reason for _, state, reason in aws.events() if state == "CREATE_FAILED"]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert [str(reason).partition(" (RequestToken")[0] for reason in reasons] == [
        "Resource handler returned message: \"KeyError('TagKey')\""
    ]
