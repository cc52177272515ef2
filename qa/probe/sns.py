"""Questions to SNS: who listens to a topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import ask

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

MACHINE_PROTOCOLS = frozenset({"sqs", "lambda", "firehose"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One subscription of a topic; its ARN is PendingConfirmation until somebody confirms."""

    arn: str
    protocol: str
    endpoint: str

    @property
    def reaches_a_person(self) -> bool:
        """True unless it is known that only a machine listens."""
        return self.protocol not in MACHINE_PROTOCOLS


def subscriptions(sns: SNSClient, topic_arn: str) -> tuple[Subscription, ...]:
    """Return everyone who is subscribed to the topic, confirmed or not."""
    pages = ask(
        f"ListSubscriptionsByTopic of {topic_arn}",
        lambda: list(sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)),
    )
    return tuple(
        Subscription(
            arn=subscription.get("SubscriptionArn", ""),
            protocol=subscription.get("Protocol", ""),
            endpoint=subscription.get("Endpoint", ""),
        )
        for page in pages
        for subscription in page["Subscriptions"]
    )


def tags(sns: SNSClient, topic_arn: str) -> dict[str, str]:
    """Return the topic's tags."""
    response = ask(
        f"ListTagsForResource of {topic_arn}", lambda: sns.list_tags_for_resource(ResourceArn=topic_arn)
    )
    return {tag["Key"]: tag["Value"] for tag in response.get("Tags", [])}


def subscribe_queue(sns: SNSClient, topic_arn: str, queue_arn: str) -> str:
    """Subscribe a queue of the same account, which needs no confirmation; return the subscription's ARN."""
    response = ask(
        f"Subscribe {queue_arn} to {topic_arn}",
        lambda: sns.subscribe(
            TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_arn, ReturnSubscriptionArn=True
        ),
    )
    return response["SubscriptionArn"]


def unsubscribe(sns: SNSClient, subscription_arn: str) -> None:
    """End a subscription; one that has ended stays so."""
    ask(f"Unsubscribe {subscription_arn}", lambda: sns.unsubscribe(SubscriptionArn=subscription_arn))


def attributes(sns: SNSClient, topic_arn: str) -> dict[str, str]:
    """Return the topic's settings, such as Policy and KmsMasterKeyId."""
    answer = ask(f"GetTopicAttributes of {topic_arn}", lambda: sns.get_topic_attributes(TopicArn=topic_arn))
    return dict(answer["Attributes"])
