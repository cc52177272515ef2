"""What the embedded CloudFormation remembers: stacks, their resources and events, change sets."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import World

    from .preparation import Prepared

STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass(slots=True, kw_only=True)
class Resource:
    """One resource of a stack; `model` is the object that moto's parser uses for Ref and GetAtt."""

    logical_id: str
    resource_type: str
    definition: Mapping[str, Any]
    properties: Mapping[str, Any] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    """The dynamic references in the properties, and what they stood for."""
    model: Any = None
    physical_id: str = ""
    status: str = ""
    reason: str | None = None
    changed_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_made(self) -> bool:
        """True while something stands behind the resource."""
        return self.model is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row of a stack's history."""

    event_id: str
    logical_id: str
    physical_id: str
    resource_type: str
    status: str
    reason: str | None
    client_token: str | None
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One output of a stack, evaluated."""

    key: str
    value: str
    description: str | None
    export_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An output that other stacks of the region import; moto's parser reads `name` and `value`."""

    name: str
    value: str
    stack_id: str
    stack_name: str


@dataclass(slots=True, kw_only=True)
class Stack:
    """One stack of a region, alive or deleted. `tags` and `stack_id` are read by moto's tagging API."""

    stack_id: str
    name: str
    account_id: str
    region: str
    world: World = field(repr=False)
    """Where its resources are."""
    body: str = ""
    description: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    resolved: Mapping[str, str] = field(default_factory=dict)
    """What the values that are names stand for."""
    secrets: frozenset[str] = frozenset()
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: tuple[str, ...] = ()
    status: str = ""
    reason: str | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    timeout_minutes: int | None = None
    disable_rollback: bool = False
    is_protected: bool = False
    client_token: str | None = None
    change_set_id: str | None = None
    prepared: Prepared | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    imports: frozenset[str] = frozenset()
    """Names of the exports that the stack uses."""
    events: list[Event] = field(default_factory=list)

    @property
    def is_busy(self) -> bool:
        """True while an operation is changing the stack."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def enter(self, status: str, reason: str | None = None) -> None:
        """Take a status, with an event that reports it."""
        self.status = status
        self.reason = reason
        self._record(self.name, self.stack_id, STACK_TYPE, status=status, reason=reason)

    def record(self, resource: Resource, status: str, reason: str | None = None) -> None:
        """Give a resource a status, with an event that reports it."""
        resource.status = status
        resource.reason = reason
        resource.changed_at = datetime.now(UTC)
        self._record(
            resource.logical_id, resource.physical_id, resource.resource_type, status=status, reason=reason
        )

    def _record(
        self, logical_id: str, physical_id: str, resource_type: str, *, status: str, reason: str | None
    ) -> None:
        self.events.append(
            Event(
                event_id=f"{logical_id}-{status}-{uuid.uuid4()}"
                if resource_type != STACK_TYPE
                else str(uuid.uuid4()),
                logical_id=logical_id,
                physical_id=physical_id,
                resource_type=resource_type,
                status=status,
                reason=reason,
                client_token=self.client_token,
                timestamp=datetime.now(UTC),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyChange:
    """What changes about one resource, and whether that needs a new one."""

    attribute: str
    """Properties, Metadata, Tags and so on."""
    name: str | None
    recreation: str
    """Never, Conditionally or Always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of a change set."""

    action: str
    logical_id: str
    physical_id: str | None
    resource_type: str
    replacement: str | None = None
    details: tuple[PropertyChange, ...] = ()


@dataclass(slots=True, kw_only=True)
class ChangeSet:
    """A change that was requested and is carried out by ExecuteChangeSet."""

    change_set_id: str
    name: str
    stack: Stack
    kind: str
    """CREATE or UPDATE."""
    prepared: Prepared
    description: str | None
    tags: dict[str, str]
    capabilities: tuple[str, ...]
    changes: tuple[Change, ...]
    status: str
    execution_status: str
    reason: str | None = None
    on_failure: str | None = None
    client_token: str | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
