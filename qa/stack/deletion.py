"""Deleting one stack and following it to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .aws_errors import request_token, translate_errors
from .events import DeployError, EventReader, failure_text, follow
from .progress import OperationBegan, OperationEnded

if TYPE_CHECKING:
    from .clients import Clients
    from .live import LiveStack
    from .progress import StackEvent, Tell


class DeletionFailedError(DeployError):
    """A stack could not be deleted; `events` tell which resources stayed and why."""

    def __init__(self, message: str, events: tuple[StackEvent, ...]) -> None:
        super().__init__(message)
        self.events = events


def delete_stack(clients: Clients, stack: LiveStack, tell: Tell) -> None:
    """Delete the stack. Raises DeletionFailedError when some of it stays."""
    reader = EventReader(clients, stack.region, stack.stack_id)
    reader.skip()
    tell(OperationBegan(region=stack.region, stack_name=stack.name, verb="delete", resources=0))
    with translate_errors(f"deletion of stack {stack.name!r} in {stack.region}"):
        clients.cloudformation(stack.region).delete_stack(
            StackName=stack.stack_id, ClientRequestToken=request_token()
        )
    left, events = follow(clients, stack, reader, tell)
    outcome = "DELETE_COMPLETE" if left is None else left.status
    tell(OperationEnded(region=stack.region, stack_name=stack.name, outcome=outcome))
    if left is not None:
        raise DeletionFailedError(failure_text("delete", left, events), events)
