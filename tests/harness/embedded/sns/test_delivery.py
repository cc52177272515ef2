"""A message reaches the queues whose policy lets it in, and nobody outside this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse
from moto.sqs.responses import SQSResponse

from .conftest import EAST

if TYPE_CHECKING:
    from qa.embedded.world import World
    from tests.harness.embedded.dynamodb.serving import AllowAll

QUEUE_ARN = f"arn:aws:sqs:{EAST}:123456789012:"


@pytest.fixture
def queue(topics: Any, queues: Any, topic_arn: str) -> tuple[str, str]:
    """The ARN and URL of a queue that is subscribed to the topic."""
    name = f"listener-{uuid4().hex[:8]}"
    url = queues.create_queue(QueueName=name)["QueueUrl"]
    topics.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=QUEUE_ARN + name)
    return QUEUE_ARN + name, url


def received(queues: Any, url: str) -> list[str]:
    messages = queues.receive_message(QueueUrl=url).get("Messages", ())
    return [json.loads(message["Body"])["Message"] for message in messages]


def test_a_queue_that_lets_the_topic_in_gets_its_message(
    topics: Any, queues: Any, topic_arn: str, queue: tuple[str, str], judge: AllowAll
) -> None:
    topics.publish(TopicArn=topic_arn, Message="ring")

    assert received(queues, queue[1]) == ["ring"]
    question = judge.questions[-1]
    assert (question.caller.service, question.action, question.resource) == (
        "sns.amazonaws.com",
        "sqs:SendMessage",
        queue[0],
    )
    assert question.context["aws:SourceArn"] == topic_arn


def test_a_queue_that_does_not_gets_nothing(
    topics: Any, queues: Any, topic_arn: str, queue: tuple[str, str], judge: AllowAll
) -> None:
    judge.denied.add("sqs:SendMessage")

    topics.publish(TopicArn=topic_arn, Message="ring")

    assert received(queues, queue[1]) == []


def test_a_queue_encrypted_by_the_managed_key_gets_nothing(
    topics: Any, queues: Any, topic_arn: str, queue: tuple[str, str]
) -> None:
    queues.set_queue_attributes(QueueUrl=queue[1], Attributes={"KmsMasterKeyId": "alias/aws/sqs"})

    topics.publish(TopicArn=topic_arn, Message="ring")

    assert received(queues, queue[1]) == []


def test_a_queue_that_is_gone_does_not_hinder_the_others(
    topics: Any, queues: Any, topic_arn: str, queue: tuple[str, str]
) -> None:
    topics.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=f"{QUEUE_ARN}gone")

    topics.publish(TopicArn=topic_arn, Message="ring")

    assert received(queues, queue[1]) == ["ring"]


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("email", "somebody@example.com"),
        ("email-json", "somebody@example.com"),
        ("http", "http://127.0.0.1:9/hook"),
        ("https", "https://127.0.0.1:9/hook"),
    ],
)
def test_a_subscriber_outside_stays_unconfirmed_and_hears_nothing(
    topics: Any, topic_arn: str, protocol: str, endpoint: str
) -> None:
    answer = topics.subscribe(TopicArn=topic_arn, Protocol=protocol, Endpoint=endpoint)
    topics.publish(TopicArn=topic_arn, Message="ring")  # a request to port 9 would fail

    assert answer["SubscriptionArn"] == "pending confirmation"
    assert topics.list_subscriptions_by_topic(TopicArn=topic_arn)["Subscriptions"] == [
        {
            "SubscriptionArn": "PendingConfirmation",
            "Owner": "123456789012",
            "Protocol": protocol,
            "Endpoint": endpoint,
            "TopicArn": topic_arn,
        }
    ]


def test_no_token_confirms(topics: Any, topic_arn: str) -> None:
    with pytest.raises(topics.exceptions.InvalidParameterException) as refused:
        topics.confirm_subscription(TopicArn=topic_arn, Token="guessed")

    assert refused.value.response["Error"]["Message"] == "Invalid parameter: Token"


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Subscription, "publish"),
        (Subscription, "private_key"),
        (SNSBackend, "subscribe"),
        (SNSBackend, "set_subscription_attributes"),
        (SNSResponse, "publish"),
        (SNSResponse, "publish_batch"),
        (SQSResponse, "send_message"),
        (SQSResponse, "send_message_batch"),
        (SQSResponse, "receive_message"),
        (SNSResponse, "subscribe"),
        (SNSResponse, "list_subscriptions"),
        (SNSResponse, "list_subscriptions_by_topic"),
        (SNSResponse, "confirm_subscription"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_symbol_of_moto_is_wrapped(world: World, owner: Any, name: str) -> None:
    assert getattr(owner, name).__wrapped__.__module__ == owner.__module__


def test_a_filter_is_held_against_the_body_once_its_scope_is_the_body(
    topics: Any, queues: Any, topic_arn: str, queue: tuple[str, str]
) -> None:
    subscription = topics.list_subscriptions_by_topic(TopicArn=topic_arn)["Subscriptions"][0][
        "SubscriptionArn"
    ]
    for name, value in (("FilterPolicy", '{"state": ["ALARM"]}'), ("FilterPolicyScope", "MessageBody")):
        topics.set_subscription_attributes(
            SubscriptionArn=subscription, AttributeName=name, AttributeValue=value
        )

    for state in ("OK", "ALARM"):
        topics.publish(TopicArn=topic_arn, Message=json.dumps({"state": state}))

    assert received(queues, queue[1]) == ['{"state": "ALARM"}']


def test_raw_delivery_that_is_switched_off_is_off(topics: Any, queues: Any, topic_arn: str) -> None:
    name = f"listener-{uuid4().hex[:8]}"
    url = queues.create_queue(QueueName=name)["QueueUrl"]
    topics.subscribe(
        TopicArn=topic_arn,
        Protocol="sqs",
        Endpoint=QUEUE_ARN + name,
        Attributes={"RawMessageDelivery": "false"},
    )

    topics.publish(TopicArn=topic_arn, Message="ring")

    assert received(queues, url) == ["ring"]
