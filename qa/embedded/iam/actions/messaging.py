"""SNS and SQS: topics, subscriptions and queues as rights on their ARNs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .call import Call, each, everywhere, on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .call import ContextValues, Need, Needs

TOPIC_PARTS = 6


def _topic(call: Call) -> str:
    told = call.get("TopicArn") or call.get("TargetArn") or call.get("ResourceArn")
    return str(told or "*")


def _topic_of_subscription(call: Call) -> str:
    return ":".join(str(call.get("SubscriptionArn")).split(":")[:TOPIC_PARTS])


def _new_topic(call: Call) -> str:
    return call.arn(str(call.get("Name")))


def _subscriber(call: Call) -> ContextValues:
    told = {"sns:Protocol": call.get("Protocol"), "sns:Endpoint": call.get("Endpoint")}
    return {key: str(value) for key, value in told.items() if value}


def _queue(call: Call) -> str:
    url = str(call.get("QueueUrl") or call.get("QueueName") or "")
    return call.arn(urlsplit(url).path.rpartition("/")[2])


def _source_queue(call: Call) -> str:
    return str(call.get("SourceArn") or "*")


def _each_of_batch(call: Call) -> Iterable[Need]:
    """Yield the right on a single message: a batch needs no right of its own."""
    single = replace(call, operation=call.operation.removesuffix("Batch"))
    return on(call.service, _topic if call.service == "sns" else _queue)(single)


TOPICS: dict[str, Needs] = (
    each(
        "GetTopicAttributes SetTopicAttributes DeleteTopic Publish ListSubscriptionsByTopic AddPermission "
        "RemovePermission ConfirmSubscription TagResource UntagResource ListTagsForResource",
        on("sns", _topic),
    )
    | {"PublishBatch": _each_of_batch, "CreateTopic": on("sns", _new_topic)}
    | {"Subscribe": on("sns", _topic, _subscriber)}
    | each(
        "Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes",
        on("sns", _topic_of_subscription),
    )
    | each("ListTopics ListSubscriptions", everywhere("sns"))
)

QUEUES: dict[str, Needs] = (
    each(
        "CreateQueue DeleteQueue GetQueueAttributes SetQueueAttributes GetQueueUrl SendMessage "
        "ReceiveMessage DeleteMessage ChangeMessageVisibility PurgeQueue AddPermission RemovePermission "
        "ListQueueTags TagQueue UntagQueue ListDeadLetterSourceQueues",
        on("sqs", _queue),
    )
    | each("SendMessageBatch DeleteMessageBatch ChangeMessageVisibilityBatch", _each_of_batch)
    | {"ListQueues": everywhere("sqs"), "StartMessageMoveTask": on("sqs", _source_queue)}
)
