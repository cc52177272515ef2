"""What SQS refuses of a queue's attributes, and what a queue survives."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.harness.embedded.kms.refused import refusal


@pytest.fixture
def url(queues: Any) -> str:
    return str(queues.create_queue(QueueName=f"jobs-{uuid4().hex[:8]}")["QueueUrl"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("Policy", text) for text in ("a", "[]", "{}", '{"Statement": {"Effect": "Perhaps"}}')),
        ("RedrivePolicy", "a"),
        ("VisibilityTimeout", "soon"),
        ("VisibilityTimeout", "-1"),
        ("DelaySeconds", "901"),
        ("SqsManagedSseEnabled", "perhaps"),
    ],
)
def test_an_attribute_that_cannot_be_read_leaves_the_queue_as_it_was(
    queues: Any, url: str, name: str, value: str
) -> None:
    before = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    change = partial(queues.set_queue_attributes, QueueUrl=url, Attributes={name: value})
    create = partial(queues.create_queue, QueueName="misled", Attributes={name: value})

    invalid = ("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
    assert [refusal(change), refusal(create)] == [invalid, invalid]
    assert queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"] == before


def test_an_attribute_that_queues_have_not_is_unknown(queues: Any, url: str) -> None:
    change = partial(queues.set_queue_attributes, QueueUrl=url, Attributes={"Name": "another"})

    assert refusal(change) == ("InvalidAttributeName", "Unknown Attribute Name.")
    assert queues.receive_message(QueueUrl=url).get("Messages", []) == []


def test_attributes_that_can_be_read_are_kept(queues: Any, url: str) -> None:
    given = {"VisibilityTimeout": "43200", "DelaySeconds": "0", "Policy": '{"Statement": []}'}

    queues.set_queue_attributes(QueueUrl=url, Attributes=given)

    kept = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout", "DelaySeconds"])
    assert kept["Attributes"] == {"VisibilityTimeout": "43200", "DelaySeconds": "0"}
