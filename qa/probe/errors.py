"""Which answers of AWS are facts about the stack, and which mean that we could not find out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from qa.errors import ProbeError
from qa.resending import done_by_an_earlier_attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

T = TypeVar("T")


class RefusedError(ProbeError):
    """AWS answered with an error; `code` is AWS's own, such as AccessDeniedException."""

    def __init__(self, what: str, error: ClientError) -> None:
        details = error.response.get("Error", {})
        self.code = details.get("Code", "")
        self.message = details.get("Message", "")
        self.request_id = error.response.get("ResponseMetadata", {}).get("RequestId", "unknown")
        super().__init__(f"{what}: {self.code}: {self.message} (request {self.request_id})")


def ask(what: str, call: Callable[[], T]) -> T:
    """Return what the call returns. Raises RefusedError, or ProbeError when no answer came at all."""
    try:
        return call()
    except ClientError as error:
        raise RefusedError(what, error) from error
    except BotoCoreError as error:
        raise ProbeError(f"{what}: no answer: {error}") from error


def ask_to_remove(what: str, call: Callable[[], object], *, gone: Collection[str]) -> None:
    """Remove something; one of the codes `gone` is success when an earlier attempt had removed it.

    Raises as `ask`.
    """

    def remove() -> None:
        with done_by_an_earlier_attempt(*gone):
            call()

    ask(what, remove)


def ask_or_none(what: str, call: Callable[[], T], *, absent: Collection[str]) -> T | None:
    """Return what the call returns, or None when AWS's code is one of those that mean `absent`."""
    try:
        return ask(what, call)
    except RefusedError as refused:
        if refused.code in absent:
            return None
        raise
