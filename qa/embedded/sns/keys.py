"""Messages under KMS keys: whoever sends or receives one needs the key of the topic or queue as well."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from moto.sns.exceptions import SNSException
from moto.sns.models import Topic
from moto.sns.responses import SNSResponse
from moto.sqs.exceptions import SQSException
from moto.sqs.responses import SQSResponse

from qa.embedded.kms import KmsRefusalError, use_key
from qa.embedded.patches import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.sqs.models import Queue

    from qa.embedded.world import Caller, World

SENDING = ("kms:GenerateDataKey", "kms:Decrypt")
RECEIVING = ("kms:Decrypt",)
WRONG = {
    "AccessDeniedException": "AccessDenied",
    "DisabledException": "Disabled",
    "KMSInvalidStateException": "InvalidState",
    "NotFoundException": "NotFound",
}


def opens_queue(world: World, queue: Queue, caller: Caller) -> bool:
    """Say whether a caller may put messages under the queue's key; true for a queue without one."""
    try:
        _use(world, "sqs", queue, caller, SENDING)
    except KmsRefusalError:
        return False
    return True


def _publishing(original: Callable[..., Any], world: World) -> Callable[..., Any]:
    def publish(self: SNSResponse) -> Any:
        topic = self.backend.topics.get(self._get_param("TopicArn") or "")
        if topic is not None:
            _require(world, "sns", topic, SENDING)
        return original(self)

    return publish


def _at_queue(original: Callable[..., Any], world: World, *, actions: tuple[str, ...]) -> Callable[..., Any]:
    def handle(self: SQSResponse) -> Any:
        queue = self.sqs_backend.queues.get(self._get_queue_name())
        if queue is not None:
            _require(world, "sqs", queue, actions)
        return original(self)

    return handle


def _require(world: World, service: str, holder: Topic | Queue, actions: tuple[str, ...]) -> None:
    if not _key_of(holder):
        return
    try:
        _use(world, service, holder, world.authorizer.current(), actions)
    except KmsRefusalError as refusal:
        kind, words = WRONG.get(refusal.error_type, "InvalidState"), str(refusal.message)
        # moto knows them by the names of their shapes
        if service == "sns":
            raise SNSException(f"KMS{kind}Exception", words) from refusal
        raise SQSException(f"Kms{kind}", words) from refusal


def _use(world: World, service: str, holder: Topic | Queue, caller: Caller, actions: tuple[str, ...]) -> None:
    key = _key_of(holder)
    arn = str(holder.arn if isinstance(holder, Topic) else holder.queue_arn)
    context = {"aws:sns:topicArn" if isinstance(holder, Topic) else "aws:sqs:arn": arn}
    region = arn.split(":")[3]
    for action in actions if key else ():
        use_key(
            world,
            action=action,
            region=region,
            key=key,
            caller=caller,
            via_service=f"{service}.{region}.amazonaws.com",
            encryption_context=context,
        )


def _key_of(holder: Topic | Queue) -> str:
    return str(getattr(holder, "kms_master_key_id", None) or "")


_sending, _receiving = partial(_at_queue, actions=SENDING), partial(_at_queue, actions=RECEIVING)

PATCHES = (
    Patch(owner=SNSResponse, name="publish", parameters="self", around=_publishing),
    Patch(owner=SNSResponse, name="publish_batch", parameters="self", around=_publishing),
    Patch(owner=SQSResponse, name="send_message", parameters="self", around=_sending),
    Patch(owner=SQSResponse, name="send_message_batch", parameters="self", around=_sending),
    Patch(owner=SQSResponse, name="receive_message", parameters="self", around=_receiving),
)
