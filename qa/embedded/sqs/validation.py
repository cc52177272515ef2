"""Attributes of queues that nobody can read: moto takes them, and falls over them in every later request."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from moto.sqs.exceptions import InvalidAttributeName, InvalidAttributeValue
from moto.sqs.models import SQSBackend

from qa.embedded.judge.errors import PolicyError
from qa.embedded.judge.policy import parse_policy
from qa.embedded.patches import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa.embedded.world import World

RANGES = {
    "DelaySeconds": (0, 900),
    "KmsDataKeyReusePeriodSeconds": (60, 86_400),
    "MaximumMessageSize": (1_024, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
}
BOOLEANS = frozenset({"ContentBasedDeduplication", "FifoQueue", "SqsManagedSseEnabled"})
DOCUMENTS = frozenset({"Policy", "RedriveAllowPolicy", "RedrivePolicy"})
TEXTS = frozenset({"DeduplicationScope", "FifoThroughputLimit", "KmsMasterKeyId"})
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html."""
NUMBER = re.compile(r"[0-9]{1,10}")


def require_attributes(attributes: Mapping[str, Any]) -> None:
    """Raise InvalidAttributeName or InvalidAttributeValue for the first that SQS does not take."""
    for name, value in attributes.items():
        if name not in RANGES and name not in BOOLEANS | DOCUMENTS | TEXTS:
            raise InvalidAttributeName(name)
        if value is not None and not _is_valid(name, str(value)):
            raise InvalidAttributeValue(name)


def _is_valid(name: str, value: str) -> bool:
    if name in RANGES:
        least, most = RANGES[name]
        return NUMBER.fullmatch(value) is not None and least <= int(value) <= most
    if name in BOOLEANS:
        return value.lower() in ("true", "false")
    return name not in DOCUMENTS or not value or _is_document(name, value)


def _is_document(name: str, value: str) -> bool:
    try:
        document = json.loads(value)
        if name == "Policy":
            parse_policy(value, name="the policy", kind="resource")
    except (PolicyError, ValueError, RecursionError):
        return False
    return isinstance(document, dict)


def _created(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def create_queue(self: SQSBackend, name: str, tags: Any = None, **attributes: Any) -> Any:
        require_attributes({key: each for key, each in attributes.items() if key != "region"})
        return original(self, name, tags, **attributes)

    return create_queue


def _changed(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def set_queue_attributes(self: SQSBackend, queue_name: str, attributes: dict[str, Any]) -> Any:
        require_attributes(attributes)
        return original(self, queue_name, attributes)

    return set_queue_attributes


PATCHES = (
    Patch(owner=SQSBackend, name="create_queue", parameters="self, name, tags, kwargs", around=_created),
    Patch(
        owner=SQSBackend,
        name="set_queue_attributes",
        parameters="self, queue_name, attributes",
        around=_changed,
    ),
)
