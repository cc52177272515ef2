"""A change set, from a request and what it would change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .errors import invalid
from .stacks import Change, ChangeSet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .lifecycle import DesiredState
    from .stacks import Stack

NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]*")
NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


def new_change_set(
    stack: Stack,
    desired: DesiredState,
    *,
    change_set_id: str,
    params: Mapping[str, Any],
    changes: tuple[Change, ...],
    is_change: bool,
) -> ChangeSet:
    """Return the change set; one without changes has failed."""
    name = params["ChangeSetName"]
    if not NAME.fullmatch(name):
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'changeSetName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    return ChangeSet(
        change_set_id=change_set_id,
        name=name,
        stack=stack,
        kind=params.get("ChangeSetType") or "UPDATE",
        prepared=desired.prepared,
        description=params.get("Description"),
        tags=desired.tags,
        capabilities=desired.capabilities,
        changes=changes,
        status="CREATE_COMPLETE" if is_change else "FAILED",
        execution_status="AVAILABLE" if is_change else "UNAVAILABLE",
        reason=None if is_change else NO_CHANGES,
        on_failure=params.get("OnStackFailure"),
        client_token=params.get("ClientToken"),
    )
