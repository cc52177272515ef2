"""Messages under KMS keys: sending or receiving one needs the key of the topic or queue as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .refusals import KmsRefusalError
from .service import use_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import Caller, World

SENDING = ("kms:GenerateDataKey", "kms:Decrypt")
RECEIVING = ("kms:Decrypt",)
KINDS = {
    "AccessDeniedException": "AccessDenied",
    "DisabledException": "Disabled",
    "KMSInvalidStateException": "InvalidState",
    "NotFoundException": "NotFound",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A topic or queue, the key of its messages, and the encryption context that its service gives."""

    service: str
    arn: str
    key: str
    """Empty for none."""
    context: Mapping[str, str]


class KeyOfMessagesError(Exception):
    """The caller cannot use the key of a topic or queue; `kind` is what SNS and SQS put into their codes."""

    def __init__(self, refusal: KmsRefusalError) -> None:
        self.kind, self.words = KINDS.get(refusal.error_type, "InvalidState"), str(refusal.message)
        super().__init__(self.words)


def use_key_of(world: World, holder: Holder, caller: Caller, actions: tuple[str, ...]) -> None:
    """Raise KeyOfMessagesError unless the caller may use the key of a topic or queue; fine without one."""
    region = holder.arn.split(":")[3]
    for action in actions if holder.key else ():
        try:
            use_key(
                world,
                action=action,
                region=region,
                key=holder.key,
                caller=caller,
                via_service=f"{holder.service}.{region}.amazonaws.com",
                encryption_context=holder.context,
            )
        except KmsRefusalError as refusal:
            raise KeyOfMessagesError(refusal) from refusal
