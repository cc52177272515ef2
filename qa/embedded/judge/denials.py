"""The words in which AWS refuses an action to a caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.embedded.world import Caller, Decision


def denial(caller: Caller, action: str, resource: str, decision: Decision) -> str:
    """Return the message of AccessDenied."""
    if caller.is_anonymous:
        return "Access Denied"
    who = caller.arn or caller.service
    if action.startswith("s3:"):
        action, resource = f'"{action}"', f'"{resource}"'
    message = f"User: {who} is not authorized to perform: {action} on resource: {resource} {decision.reason}"
    return message.rstrip()
