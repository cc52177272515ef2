"""What moto's SNS falls over, or stores and falls over later: ARNs and tokens that nobody can read."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from moto.sns.exceptions import SNSException, SNSInvalidParameter
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse

from qa.embedded.judge.errors import PolicyError
from qa.embedded.judge.policy import parse_policy
from qa.embedded.patches import Patch
from qa.embedded.regions import is_region

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

ELEMENTS = 6
ARN = re.compile(r"arn:aws(?:-[a-z]+)*:([a-z0-9-]+):([a-z0-9-]+):\d{12}:.+")
MEMBERS = {
    "TopicArn": (
        "get_topic_attributes set_topic_attributes delete_topic subscribe list_subscriptions_by_topic "
        "add_permission remove_permission confirm_subscription publish publish_batch"
    ),
    "TargetArn": "publish",
    "SubscriptionArn": "unsubscribe get_subscription_attributes set_subscription_attributes",
    "ResourceArn": "tag_resource untag_resource list_tags_for_resource",
}
"""Parameters that are ARNs of SNS, with the methods of moto that read them."""
ENDPOINTS = {"sqs": "SQS", "lambda": "Lambda"}
ATTRIBUTES = frozenset(
    {
        "ContentBasedDeduplication",
        "DeliveryPolicy",
        "DisplayName",
        "FifoTopic",
        "KmsMasterKeyId",
        "Policy",
        "TracingConfig",
    }
)
"""Of topics; moto takes any, and also those that are its own."""
IN_JSON = frozenset({"DeliveryPolicy", "FilterPolicy", "Policy", "RedrivePolicy"})
ADDRESSEES = ("TopicArn", "TargetArn", "PhoneNumber")


def _with_arn(original: Callable[..., Any], _: World, *, member: str) -> Callable[..., Any]:
    def judged(self: SNSResponse) -> Any:
        arn = self._get_param(member)
        if arn is not None:
            _require_arn(member, str(arn))
        return original(self)

    return judged


def _require_arn(member: str, arn: str) -> None:
    count = len(arn.split(":"))
    if count < ELEMENTS:
        raise SNSInvalidParameter(
            f"Invalid parameter: {member} Reason: An ARN must have at least {ELEMENTS} elements, not {count}"
        )
    if not _is_arn_of("sns", arn):
        raise SNSInvalidParameter(f"Invalid parameter: {member}")


def _is_arn_of(service: str, text: str) -> bool:
    match = ARN.fullmatch(text)
    return match is not None and match[1] == service and is_region(match[2])


def _with_addressee(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def publish(self: SNSResponse) -> Any:
        if not any(self._get_param(each) for each in ADDRESSEES):
            raise SNSInvalidParameter(
                "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter"
            )
        return original(self)

    return publish


def _to_endpoint(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def subscribe(self: SNSBackend, topic_arn: str, endpoint: str | None, protocol: str) -> Any:
        # moto stores it, and falls over it in each message to the topic
        if protocol in ENDPOINTS and not _is_arn_of(protocol, endpoint or ""):
            raise SNSInvalidParameter(f"Invalid parameter: {ENDPOINTS[protocol]} endpoint ARN")
        return original(self, topic_arn, endpoint, protocol)

    return subscribe


def _created(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def create_topic(self: SNSResponse) -> Any:
        for name, value in (self._get_param("Attributes") or {}).items():
            if name not in ATTRIBUTES:
                raise SNSInvalidParameter(f"Invalid parameter: Attributes Reason: Unknown attribute {name}")
            _require_json(name, value)
        return original(self)

    return create_topic


def _changed(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def set_topic_attributes(self: SNSResponse) -> Any:
        name = self._get_param("AttributeName")
        if name is not None and name not in ATTRIBUTES:
            raise SNSInvalidParameter("Invalid parameter: AttributeName")
        _require_json(str(name), self._get_param("AttributeValue"))
        return original(self)

    return set_topic_attributes


def _filtered(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def set_subscription_attributes(self: SNSBackend, arn: str, name: str, value: Any) -> None:
        _require_json(name, value)
        try:
            original(self, arn, name, value)
        except (AttributeError, LookupError, TypeError) as unread:
            raise SNSInvalidParameter(f"Invalid parameter: {name}") from unread

    return set_subscription_attributes


def _require_json(name: str, value: object) -> None:
    if name not in IN_JSON or not value:
        return
    try:
        document = json.loads(str(value))
        if name == "Policy":  # a topic whose policy nobody can read answers nothing any more
            parse_policy(document, name="the policy", kind="resource")
    except (PolicyError, ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        words = "Policy Error: null" if name == "Policy" else f"{name}: failed to parse JSON."
        raise SNSInvalidParameter(f"Invalid parameter: {words}")


def _typed(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def transform(self: SNSResponse, message_attributes: dict[str, Any]) -> Any:
        for name, value in message_attributes.items():
            if not isinstance(value, dict) or not value.get("DataType"):
                raise SNSException(
                    "InvalidParameterValueException",
                    f"The message attribute '{name}' must contain non-empty message attribute type.",
                )
        return original(self, message_attributes)

    return transform


def _paged(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def page(self: SNSBackend, values_map: dict[str, Any], next_token: str | None = None) -> Any:
        if next_token and not (next_token.isascii() and next_token.isdigit()):
            raise SNSInvalidParameter("Invalid parameter: NextToken")
        return original(self, values_map, next_token)

    return page


PATCHES = (
    *(
        Patch(
            owner=SNSResponse,
            name=name,
            parameters="self",
            around=partial(_with_arn, member=member),
        )
        for member, names in MEMBERS.items()
        for name in names.split()
    ),
    Patch(owner=SNSResponse, name="publish", parameters="self", around=_with_addressee),
    Patch(owner=SNSResponse, name="create_topic", parameters="self", around=_created),
    Patch(owner=SNSResponse, name="set_topic_attributes", parameters="self", around=_changed),
    Patch(
        owner=SNSBackend,
        name="set_subscription_attributes",
        parameters="self, arn, name, value",
        around=_filtered,
    ),
    Patch(
        owner=SNSResponse,
        name="_transform_message_attributes",
        parameters="self, message_attributes",
        around=_typed,
    ),
    Patch(
        owner=SNSBackend,
        name="subscribe",
        parameters="self, topic_arn, endpoint, protocol",
        around=_to_endpoint,
    ),
    Patch(
        owner=SNSBackend,
        name="_get_values_nexttoken",
        parameters="self, values_map, next_token",
        around=_paged,
    ),
)
