"""Hooks into moto's SNS: whom a message reaches, and who has confirmed.

No message leaves the machine: queues and functions of the embedded AWS get theirs; e-mail, HTTP and
the like stay unconfirmed for ever, because nobody receives the token that would confirm them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import rsa
from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse
from moto.sqs.models import sqs_backends

from qa.embedded.patches import Patch
from qa.embedded.world import Caller, Question

from .keys import opens_queue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.sqs.models import Queue

    from qa.embedded.world import World

SNS = Caller(service="sns.amazonaws.com")
CONFIRMED_AT_ONCE = frozenset({"sqs", "lambda", "firehose", "sms", "application"})
PENDING = "PendingConfirmation"
MANAGED_KEY = "alias/aws/sqs"


def is_pending(subscription: Subscription) -> bool:
    """Say whether the subscriber has yet to confirm."""
    return subscription.protocol not in CONFIRMED_AT_ONCE


def _publish(original: Callable[..., None], world: World) -> Callable[..., None]:
    def publish(self: Subscription, *args: Any, **kwargs: Any) -> None:
        if is_pending(self) or not _REACHES.get(self.protocol, _anybody)(world, self):
            return
        original(self, *args, **kwargs)

    return publish


def _reaches_queue(world: World, subscription: Subscription) -> bool:
    """Say whether the queue is there, readable to SNS, and its policy lets the topic send."""
    region, account, name = subscription.endpoint.split(":")[3:6]
    queue: Queue | None = sqs_backends[account][region].queues.get(name)
    if queue is None or getattr(queue, "kms_master_key_id", None) == MANAGED_KEY:
        return False
    return _lets_in(world, subscription, "sqs:SendMessage") and opens_queue(world, queue, SNS)


def _reaches_function(world: World, subscription: Subscription) -> bool:
    """Say whether the function's policy lets the topic invoke it, as AddPermission allows."""
    return _lets_in(world, subscription, "lambda:InvokeFunction")


def _anybody(_world: World, _subscription: Subscription) -> bool:
    return True


def _lets_in(world: World, subscription: Subscription, action: str) -> bool:
    question = Question(
        caller=SNS,
        action=action,
        resource=subscription.endpoint,
        region=subscription.endpoint.split(":")[3],
        context={
            "aws:SourceArn": subscription.topic.arn,
            "aws:SourceAccount": world.account_id,
            "aws:SourceOwner": world.account_id,
        },
    )
    return world.authorizer.decide(question).allowed


_REACHES: Mapping[str, Callable[[World, Subscription], bool]] = {
    "sqs": _reaches_queue,
    "lambda": _reaches_function,
}


def _private_key(_: Callable[..., rsa.RSAPrivateKey], _world: World) -> Callable[..., rsa.RSAPrivateKey]:
    # moto makes a key per subscription, which takes a tenth of a second at the first message
    return lambda _subscription: _signing_key()


@cache
def _signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _subscribe(original: Callable[..., Subscription], _: World) -> Callable[..., Subscription]:
    def subscribe(self: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
        subscription = original(self, topic_arn, endpoint, protocol)
        if is_pending(subscription):
            subscription.attributes["PendingConfirmation"] = True
            subscription.attributes["ConfirmationWasAuthenticated"] = False
        return subscription

    return subscribe


def _set_attributes(original: Callable[..., None], _: World) -> Callable[..., None]:
    def set_subscription_attributes(self: SNSBackend, arn: str, name: str, value: Any) -> None:
        # moto takes the text "false" for true, and a policy's scope only from before the policy
        original(self, arn, name, str(value).lower() == "true" if name == "RawMessageDelivery" else value)
        policy = self.subscriptions[arn].attributes.get("FilterPolicy")
        if name == "FilterPolicyScope" and policy:
            original(self, arn, "FilterPolicy", policy)

    return set_subscription_attributes


def _answer_subscribe(original: Callable[..., ActionResult], _: World) -> Callable[..., ActionResult]:
    def subscribe(self: SNSResponse) -> ActionResult:
        answer = original(self)
        is_waiting = self._get_param("Protocol") not in CONFIRMED_AT_ONCE
        if is_waiting and not self._get_bool_param("ReturnSubscriptionArn"):
            return ActionResult({"SubscriptionArn": "pending confirmation"})
        return answer

    return subscribe


def _list(original: Callable[..., ActionResult], _: World) -> Callable[..., ActionResult]:
    def list_subscriptions(self: SNSResponse) -> ActionResult:
        result: Any = original(self).result
        return ActionResult({**result, "Subscriptions": [_listed(each) for each in result["Subscriptions"]]})

    return list_subscriptions


def _listed(subscription: Subscription) -> dict[str, str]:
    return {
        "SubscriptionArn": PENDING if is_pending(subscription) else subscription.arn,
        "Owner": subscription.owner,
        "Protocol": subscription.protocol,
        "Endpoint": subscription.endpoint,
        "TopicArn": subscription.topic.arn,
    }


def _confirm(_: Callable[..., ActionResult], _world: World) -> Callable[..., ActionResult]:
    def confirm_subscription(_response: SNSResponse) -> ActionResult:
        raise SNSInvalidParameter("Invalid parameter: Token")

    return confirm_subscription


PATCHES = (
    Patch(
        owner=Subscription,
        name="publish",
        parameters=(
            "self, message, message_id, subject, message_attributes, group_id, deduplication_id, "
            "message_structure"
        ),
        around=_publish,
    ),
    Patch(owner=Subscription, name="private_key", parameters="self", around=_private_key),
    Patch(
        owner=SNSBackend,
        name="subscribe",
        parameters="self, topic_arn, endpoint, protocol",
        around=_subscribe,
    ),
    Patch(
        owner=SNSBackend,
        name="set_subscription_attributes",
        parameters="self, arn, name, value",
        around=_set_attributes,
    ),
    Patch(owner=SNSResponse, name="subscribe", parameters="self", around=_answer_subscribe),
    Patch(owner=SNSResponse, name="list_subscriptions", parameters="self", around=_list),
    Patch(owner=SNSResponse, name="list_subscriptions_by_topic", parameters="self", around=_list),
    Patch(owner=SNSResponse, name="confirm_subscription", parameters="self", around=_confirm),
)
