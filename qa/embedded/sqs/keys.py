"""Messages under the key of a queue: sending or receiving one needs the key as well."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from moto.sqs.exceptions import SQSException
from moto.sqs.responses import SQSResponse

from qa.embedded.kms import RECEIVING, SENDING, Holder, KeyOfMessagesError, use_key_of
from qa.embedded.patches import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World


def _at_queue(original: Callable[..., Any], world: World, *, actions: tuple[str, ...]) -> Callable[..., Any]:
    def handle(self: SQSResponse) -> Any:
        queue = self.sqs_backend.queues.get(self._get_queue_name())
        key = str(getattr(queue, "kms_master_key_id", None) or "")
        if queue is not None and key:
            arn = str(queue.queue_arn)
            holder = Holder(service="sqs", arn=arn, key=key, context={"aws:sqs:arn": arn})
            try:
                use_key_of(world, holder, world.authorizer.current(), actions)
            except KeyOfMessagesError as refused:  # moto knows them by the names of their shapes
                raise SQSException(f"Kms{refused.kind}", refused.words) from refused
        return original(self)

    return handle


_sending, _receiving = partial(_at_queue, actions=SENDING), partial(_at_queue, actions=RECEIVING)

PATCHES = (
    Patch(owner=SQSResponse, name="send_message", parameters="self", around=_sending),
    Patch(owner=SQSResponse, name="send_message_batch", parameters="self", around=_sending),
    Patch(owner=SQSResponse, name="receive_message", parameters="self", around=_receiving),
)
