"""Following a stack's events until its operation has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.errors import QaError
from qa.wait import WaitTimeoutError, until

from .aws_errors import translate_errors
from .live import LiveStack, find_stack
from .polling import polling_of
from .progress import Notice, StackEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef

    from .clients import Clients
    from .progress import Tell


class DeployError(QaError):
    """A stack could not be brought to where it was to go; names the first resource that failed."""


class EventReader:
    """The events of one stack, each reported once; what happened before `skip` is not reported at all."""

    def __init__(self, clients: Clients, region: str, stack_id: str) -> None:
        self._clients = clients
        self._region = region
        self._stack_id = stack_id
        self._seen: set[str] = set()

    def skip(self) -> None:
        """Take everything so far as reported."""
        self.new_events()

    def new_events(self) -> tuple[StackEvent, ...]:
        """Return the events since the last call, oldest first."""
        fresh: list[StackEvent] = []
        with translate_errors(f"events of stack {self._stack_id!r} in {self._region}"):
            pages = self._clients.cloudformation(self._region).get_paginator("describe_stack_events")
            for page in pages.paginate(StackName=self._stack_id):
                unseen = [event for event in page["StackEvents"] if event["EventId"] not in self._seen]
                fresh += [_event(event, self._region) for event in unseen]
                if len(unseen) < len(page["StackEvents"]):
                    break  # newest come first: the older pages have all been seen
        self._seen.update(event.event_id for event in fresh)
        return tuple(reversed(fresh))


def _event(described: StackEventTypeDef, region: str) -> StackEvent:
    return StackEvent(
        event_id=described["EventId"],
        time=described["Timestamp"],
        region=region,
        stack_name=described["StackName"],
        logical_id=described.get("LogicalResourceId", ""),
        resource_type=described.get("ResourceType", ""),
        physical_id=described.get("PhysicalResourceId", ""),
        status=described.get("ResourceStatus", ""),
        reason=described.get("ResourceStatusReason", ""),
    )


def follow(
    clients: Clients, stack: LiveStack, reader: EventReader, tell: Tell
) -> tuple[LiveStack | None, tuple[StackEvent, ...]]:
    """Wait for the end of an operation that began after the reader's `skip`, telling its events.

    Returns the stack, None once it is deleted, and the events. Raises DeployError at the deadline.
    """
    events: list[StackEvent] = []
    found: list[LiveStack | None] = []

    def observe() -> str:
        now = find_stack(clients, stack.region, stack.stack_id)
        for event in reader.new_events():
            events.append(event)
            tell(event)
        found[:] = [now]
        return "DELETE_COMPLETE" if now is None else now.status

    def has_ended(status: str) -> bool:
        # right after the request the status may still be the final one of the operation before
        return status == "DELETE_COMPLETE" or (
            not status.endswith("_IN_PROGRESS")
            and any(event.is_of_stack and event.status == status for event in events)
        )

    polling = polling_of(clients.target)
    what = f"stack {stack.name!r} in {stack.region}"
    try:
        until(observe, has_ended, what=what, within=polling.stack_within, every=polling.every)
    except WaitTimeoutError as error:
        raise DeployError(f"{error}. It goes on by itself; look again with the same command.") from error
    return found[0], tuple(events)


def find_settled(clients: Clients, region: str, name: str, tell: Tell) -> LiveStack | None:
    """Return the stack once no operation runs on it, telling the events of one that does; None if none."""
    stack = find_stack(clients, region, name)
    if stack is None or not stack.is_in_progress:
        return stack
    tell(Notice(text=f"{region}: stack {name!r} is {stack.status}; waiting for that to end"))
    reader = EventReader(clients, region, stack.stack_id)
    reader.skip()
    stack = find_stack(clients, region, stack.stack_id)  # it may have ended before the events were skipped
    if stack is None or not stack.is_in_progress:
        return stack
    return follow(clients, stack, reader, tell)[0]


def first_failure(events: Iterable[StackEvent]) -> StackEvent | None:
    """Return the first resource that failed by itself; the stack's own event only if there is no other."""
    failures = [event for event in events if event.is_failure]
    return next((event for event in failures if not event.is_of_stack), failures[0] if failures else None)


def failure_text(verb: str, stack: LiveStack, events: Sequence[StackEvent]) -> str:
    """Return what failed first, why, and what was rolled back, in words."""
    lines = [f"{verb} of stack {stack.name!r} in {stack.region} ended as {stack.status}."]
    failure = first_failure(events)
    if failure is not None:
        lines.append(
            f"First to fail: {failure.logical_id!r} ({failure.resource_type}), {failure.status}: "
            f"{failure.reason or 'no reason given'}"
        )
    elif stack.reason:
        lines.append(f"Reason: {stack.reason}")
    lines.append(_rolled_back(stack, events))
    return "\n".join(lines)


def _rolled_back(stack: LiveStack, events: Sequence[StackEvent]) -> str:
    gone = _logical_ids(events, "DELETE_COMPLETE")
    restored = _logical_ids(events, "UPDATE_COMPLETE")
    kept = _logical_ids(events, "DELETE_FAILED")
    if stack.status == "ROLLBACK_COMPLETE":
        removed = "nothing had been made yet" if gone == "nothing" else f"{gone} removed"
        return f"Rolled back: {removed}; nothing of the stack is left. Fix it and deploy again."
    if stack.status == "UPDATE_ROLLBACK_COMPLETE":
        return f"Rolled back: {restored} restored, {gone} removed; the stack is as it was before."
    if stack.status.endswith("ROLLBACK_FAILED"):
        return f"The rollback failed too: {gone} removed, {kept} still there. `qa destroy` removes the rest."
    if stack.status == "DELETE_FAILED":
        return f"Still there: {kept}. Run `qa destroy` again once that is fixed."
    return "Nothing was rolled back."


def _logical_ids(events: Iterable[StackEvent], status: str) -> str:
    found = dict.fromkeys(
        event.logical_id for event in events if event.status == status and not event.is_of_stack
    )
    return ", ".join(found) or "nothing"
