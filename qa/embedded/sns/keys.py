"""Messages under the key of a topic: publishing one needs the key as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.sns.exceptions import SNSException
from moto.sns.responses import SNSResponse

from qa.embedded.kms import SENDING, Holder, KeyOfMessagesError, use_key_of
from qa.embedded.patches import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.sqs.models import Queue

    from qa.embedded.world import Caller, World


def opens_queue(world: World, queue: Queue, caller: Caller) -> bool:
    """Say whether a caller may put messages under a queue's key; true for a queue without one."""
    arn = str(queue.queue_arn)
    key = str(getattr(queue, "kms_master_key_id", None) or "")
    holder = Holder(service="sqs", arn=arn, key=key, context={"aws:sqs:arn": arn})
    try:
        use_key_of(world, holder, caller, SENDING)
    except KeyOfMessagesError:
        return False
    return True


def _publishing(original: Callable[..., Any], world: World) -> Callable[..., Any]:
    def publish(self: SNSResponse) -> Any:
        topic = self.backend.topics.get(self._get_param("TopicArn") or "")
        key = str(getattr(topic, "kms_master_key_id", None) or "")
        if topic is not None and key:
            holder = Holder(
                service="sns", arn=str(topic.arn), key=key, context={"aws:sns:topicArn": str(topic.arn)}
            )
            try:
                use_key_of(world, holder, world.authorizer.current(), SENDING)
            except KeyOfMessagesError as refused:  # moto knows them by the names of their shapes
                raise SNSException(f"KMS{refused.kind}Exception", refused.words) from refused
        return original(self)

    return publish


PATCHES = (
    Patch(owner=SNSResponse, name="publish", parameters="self", around=_publishing),
    Patch(owner=SNSResponse, name="publish_batch", parameters="self", around=_publishing),
)
