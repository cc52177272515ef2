"""What the engine reports while it works, as values; the command line makes words of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StackEvent:
    """One line of a stack's history."""

    event_id: str
    time: datetime
    region: str
    stack_name: str
    logical_id: str
    resource_type: str
    physical_id: str
    status: str
    reason: str
    """Empty when CloudFormation gives none."""

    @property
    def is_failure(self) -> bool:
        """True for a resource that failed by itself, not for one that was cancelled because of another."""
        return self.status.endswith("_FAILED") and "cancelled" not in self.reason

    @property
    def is_of_stack(self) -> bool:
        """True for the stack's own events."""
        return self.resource_type == "AWS::CloudFormation::Stack" and self.logical_id == self.stack_name


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationBegan:
    """A stack is about to be created, updated or deleted."""

    region: str
    stack_name: str
    verb: str
    """create, update or delete."""
    resources: int
    """How many resources will change; 0 when that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationEnded:
    """The operation on a stack came to its end; `outcome` is a status, or `no changes`."""

    region: str
    stack_name: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something a person wants to know besides."""

    text: str


Progress = StackEvent | OperationBegan | OperationEnded | Notice
Tell = Callable[[Progress], None]


def to_nobody(progress: Progress) -> None:
    """Listen to nothing."""
    del progress
