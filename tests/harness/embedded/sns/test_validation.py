"""What SNS refuses in a request, and what a topic survives."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.harness.embedded.kms.refused import refusal

from .conftest import EAST

SHORT = "Reason: An ARN must have at least 6 elements, not"
QUEUE = f"arn:aws:sqs:{EAST}:123456789012:jobs"


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        ("news", f" {SHORT} 1"),
        (f"arn:aws:sns:{EAST}:123456789012", f" {SHORT} 5"),
        (f"arn:aws:sns:{EAST}:123:news", ""),
        ("arn:aws:sns:no-region:123456789012:news", ""),
        (QUEUE, ""),
    ],
    ids=["no ARN", "no name", "no account", "no region", "another service"],
)
def test_an_arn_that_is_none_of_a_topic_is_an_invalid_parameter(topics: Any, arn: str, words: str) -> None:
    of_topic = ("InvalidParameter", f"Invalid parameter: TopicArn{words}")
    calls = (
        partial(topics.get_topic_attributes, TopicArn=arn),
        partial(topics.delete_topic, TopicArn=arn),
        partial(topics.publish, TopicArn=arn, Message="ring"),
        partial(topics.subscribe, TopicArn=arn, Protocol="sqs", Endpoint=QUEUE),
    )

    assert [refusal(each) for each in calls] == [of_topic] * 4
    assert refusal(partial(topics.unsubscribe, SubscriptionArn=arn)) == (
        "InvalidParameter",
        f"Invalid parameter: SubscriptionArn{words}",
    )


def test_a_message_needs_somebody_to_go_to(topics: Any) -> None:
    assert refusal(partial(topics.publish, Message="ring")) == (
        "InvalidParameter",
        "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
    )


def test_an_attribute_of_a_message_needs_a_type(topics: Any, topic_arn: str) -> None:
    attributes = {"bell": {"DataType": ""}}
    publish = partial(topics.publish, TopicArn=topic_arn, Message="ring", MessageAttributes=attributes)

    assert refusal(publish) == (
        "ParameterValueInvalid",
        "The message attribute 'bell' must contain non-empty message attribute type.",
    )


@pytest.mark.parametrize("token", ["a", "-1"])
def test_a_token_that_nobody_gave_continues_no_list(topics: Any, token: str) -> None:
    assert refusal(partial(topics.list_topics, NextToken=token)) == (
        "InvalidParameter",
        "Invalid parameter: NextToken",
    )


@pytest.mark.parametrize(("protocol", "name"), [("sqs", "SQS"), ("lambda", "Lambda")])
@pytest.mark.parametrize("endpoint", ["jobs", "arn:aws:sns:us-east-1:123456789012:news"])
def test_a_subscriber_needs_an_arn_of_its_service(
    topics: Any, topic_arn: str, protocol: str, name: str, endpoint: str
) -> None:
    subscribe = partial(topics.subscribe, TopicArn=topic_arn, Protocol=protocol, Endpoint=endpoint)

    assert refusal(subscribe) == ("InvalidParameter", f"Invalid parameter: {name} endpoint ARN")


@pytest.mark.parametrize("policy", ["a", "[]", "{}", '{"Statement": {"Effect": "Perhaps"}}'])
def test_a_policy_that_cannot_be_read_leaves_the_topic_as_it_was(
    topics: Any, topic_arn: str, policy: str
) -> None:
    before = topics.get_topic_attributes(TopicArn=topic_arn)["Attributes"]
    set_policy = partial(
        topics.set_topic_attributes, TopicArn=topic_arn, AttributeName="Policy", AttributeValue=policy
    )
    create = partial(topics.create_topic, Name="misled", Attributes={"Policy": policy})

    invalid = ("InvalidParameter", "Invalid parameter: Policy Error: null")
    assert [refusal(set_policy), refusal(create)] == [invalid, invalid]
    assert topics.get_topic_attributes(TopicArn=topic_arn)["Attributes"] == before


def test_an_attribute_that_topics_have_not_is_invalid(topics: Any, topic_arn: str) -> None:
    set_arn = partial(
        topics.set_topic_attributes, TopicArn=topic_arn, AttributeName="Arn", AttributeValue="another"
    )
    create = partial(topics.create_topic, Name="misled", Attributes={"Arn": "another"})

    assert refusal(set_arn) == ("InvalidParameter", "Invalid parameter: AttributeName")
    assert refusal(create) == (
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: Unknown attribute Arn",
    )


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("a", "FilterPolicy: failed to parse JSON."),
        ("[]", "FilterPolicy: failed to parse JSON."),
        ('{"a": [{}]}', "FilterPolicy"),
        ('{"a": [{"numeric": 1}]}', "FilterPolicy"),
    ],
)
def test_a_filter_that_cannot_be_read_is_an_invalid_parameter(
    topics: Any, topic_arn: str, policy: str, words: str
) -> None:
    subscription = topics.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    set_filter = partial(
        topics.set_subscription_attributes,
        SubscriptionArn=subscription,
        AttributeName="FilterPolicy",
        AttributeValue=policy,
    )

    assert refusal(set_filter) == ("InvalidParameter", f"Invalid parameter: {words}")
