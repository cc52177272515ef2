"""SQS: queues as rights on their ARNs, and their policies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from moto.sqs.models import sqs_backends

from qa.embedded.service.rights import Call, each, everywhere, on, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.embedded.service.rights import Need, Needs


def _queue(call: Call) -> str:
    url = str(call.get("QueueUrl") or call.get("QueueName") or "")
    return call.arn(urlsplit(url).path.rpartition("/")[2])


def _source_queue(call: Call) -> str:
    return str(call.get("SourceArn") or "*")


def _each_of_batch(call: Call) -> Iterable[Need]:
    """Yield the right on a single message: a batch needs no right of its own."""
    return on("sqs", _queue)(replace(call, operation=call.operation.removesuffix("Batch")))


RIGHTS: dict[str, Needs] = (
    each(
        "DeleteQueue GetQueueAttributes SetQueueAttributes GetQueueUrl SendMessage "
        "ReceiveMessage DeleteMessage ChangeMessageVisibility PurgeQueue AddPermission RemovePermission "
        "ListQueueTags TagQueue UntagQueue ListDeadLetterSourceQueues",
        on("sqs", _queue),
    )
    | each("SendMessageBatch DeleteMessageBatch ChangeMessageVisibilityBatch", _each_of_batch)
    | {"CreateQueue": tagged(on("sqs", _queue), "sqs:TagQueue", tags="tags")}
    | {"ListQueues": everywhere("sqs"), "StartMessageMoveTask": on("sqs", _source_queue)}
)


def policy_of(region: str, rest: str, account_id: str) -> Any:
    """Return the policy of a queue by its name; None without such a queue."""
    queue = sqs_backends[account_id][region].queues.get(rest)
    return None if queue is None else queue.policy
