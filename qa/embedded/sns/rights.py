"""SNS: topics and subscriptions as rights on their ARNs, and the policies of topics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from moto.sns.models import sns_backends

from qa.embedded.service.rights import Call, each, everywhere, on, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.embedded.service.rights import ContextValues, Need, Needs

TOPIC_PARTS = 6


def _topic(call: Call) -> str:
    arn = call.get("TopicArn") or call.get("TargetArn") or call.get("ResourceArn")
    return str(arn or "*")


def _topic_of_subscription(call: Call) -> str:
    return ":".join(str(call.get("SubscriptionArn")).split(":")[:TOPIC_PARTS])


def _new_topic(call: Call) -> str:
    return call.arn(str(call.get("Name")))


def _subscriber(call: Call) -> ContextValues:
    keys = {"sns:Protocol": call.get("Protocol"), "sns:Endpoint": call.get("Endpoint")}
    return {key: str(value) for key, value in keys.items() if value}


def _each_of_batch(call: Call) -> Iterable[Need]:
    """Yield the right on a single message: a batch needs no right of its own."""
    single = replace(call, operation=call.operation.removesuffix("Batch"))
    return on("sns", _topic)(single)


RIGHTS: dict[str, Needs] = (
    each(
        "GetTopicAttributes SetTopicAttributes DeleteTopic Publish ListSubscriptionsByTopic AddPermission "
        "RemovePermission ConfirmSubscription TagResource UntagResource ListTagsForResource",
        on("sns", _topic),
    )
    | {"PublishBatch": _each_of_batch, "CreateTopic": tagged(on("sns", _new_topic), "sns:TagResource")}
    | {"Subscribe": on("sns", _topic, _subscriber)}
    | each(
        "Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes",
        on("sns", _topic_of_subscription),
    )
    | each("ListTopics ListSubscriptions", everywhere("sns"))
)


def policy_of(region: str, rest: str, account_id: str) -> Any:
    """Return the policy of a topic, by the rest of its ARN; None without such a topic."""
    topic = sns_backends[account_id][region].topics.get(f"arn:aws:sns:{region}:{account_id}:{rest}")
    return None if topic is None else topic.policy
