"""What happens to a stack: creation, update and deletion, with roll-back and every event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .changing import ChangesFailedError, Changing
from .deleting import delete_all, delete_resources
from .errors import UnresolvedValueError
from .outputs import evaluated_imports, evaluated_outputs
from .parameters import is_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from .preparation import Prepared
    from .stacks import Output, Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredState:
    """What a stack is to become by a request."""

    prepared: Prepared
    tags: dict[str, str]
    capabilities: tuple[str, ...]
    check_exports: Callable[[Stack, tuple[Output, ...]], None]
    """Raises UnresolvedValueError for exports that clash or that others still use."""


def create(stack: Stack, desired: DesiredState, *, on_failure: str) -> None:
    """Create the resources of a stack in progress; `on_failure` is ROLLBACK, DELETE or DO_NOTHING."""
    _adopt(stack, desired)
    try:
        Changing(stack=stack, prepared=desired.prepared).run()
        _publish_outputs(stack, desired)
    except (ChangesFailedError, UnresolvedValueError) as failed:
        _give_up_creation(stack, str(failed), on_failure)
    else:
        stack.enter("CREATE_COMPLETE")


def update(stack: Stack, desired: DesiredState) -> None:
    """Bring a stack in progress to what is requested, or back to what it was."""
    before = _Before.of(stack)
    stack.updated_at = datetime.now(UTC)
    _adopt(stack, desired)
    changing = Changing(stack=stack, prepared=desired.prepared)
    try:
        changing.run()
        _publish_outputs(stack, desired)
    except (ChangesFailedError, UnresolvedValueError) as failed:
        _roll_back(stack, changing, before, reason=str(failed))
        return
    stack.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    removed = [
        one
        for logical_id, one in stack.resources.items()
        if one.is_made and logical_id not in desired.prepared.resources
    ]
    failed_ids = delete_resources(stack, [*changing.replaced, *removed])
    stack.resources = {
        logical_id: one
        for logical_id, one in stack.resources.items()
        if logical_id in desired.prepared.resources
    }
    stack.enter("UPDATE_COMPLETE", _not_deleted(failed_ids))


def delete(stack: Stack, *, retain: Collection[str] = ()) -> None:
    """Delete what a stack in progress has; it ends as DELETE_COMPLETE or DELETE_FAILED."""
    _delete(stack, retain=retain)


def _delete(stack: Stack, *, retain: Collection[str] = (), of_rollback: bool = False) -> None:
    failed = delete_all(stack, retain=retain, of_rollback=of_rollback)
    if failed:
        stack.enter("DELETE_FAILED", _not_deleted(failed))
    else:
        stack.deleted_at = datetime.now(UTC)
        stack.outputs = ()
        stack.imports = frozenset()
        stack.enter("DELETE_COMPLETE")


def _adopt(stack: Stack, desired: DesiredState) -> None:
    template = desired.prepared.template
    stack.prepared = desired.prepared
    stack.body = template.body
    stack.description = template.description
    stack.values = desired.prepared.values
    stack.resolved = desired.prepared.resolved
    stack.secrets = frozenset(name for name, one in template.parameters.items() if is_secret(one))
    stack.tags = desired.tags
    stack.capabilities = desired.capabilities


def _publish_outputs(stack: Stack, desired: DesiredState) -> None:
    outputs = evaluated_outputs(desired.prepared)
    desired.check_exports(stack, outputs)
    stack.imports = evaluated_imports(desired.prepared)
    stack.outputs = outputs


def _give_up_creation(stack: Stack, reason: str, on_failure: str) -> None:
    if on_failure == "DO_NOTHING":
        stack.enter("CREATE_FAILED", reason)
        return
    if on_failure == "DELETE":
        stack.enter("DELETE_IN_PROGRESS", f"{reason.rstrip()} Delete requested by user.")
        _delete(stack, of_rollback=True)
        return
    stack.enter("ROLLBACK_IN_PROGRESS", f"{reason.rstrip()} Rollback requested by user.")
    failed = delete_all(stack, of_rollback=True)
    if failed:
        stack.enter("ROLLBACK_FAILED", _not_deleted(failed))
    else:
        stack.enter("ROLLBACK_COMPLETE")


def _roll_back(stack: Stack, changing: Changing, before: _Before, *, reason: str) -> None:
    stack.enter("UPDATE_ROLLBACK_IN_PROGRESS", reason)
    try:
        changing.undo_updates()
    except ChangesFailedError as failed:
        stack.enter("UPDATE_ROLLBACK_FAILED", str(failed))
        return
    stack.enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    failed_ids = delete_resources(stack, changing.left_over(), of_rollback=True)
    before.restore(stack)
    stack.enter("UPDATE_ROLLBACK_COMPLETE", _not_deleted(failed_ids))


def _not_deleted(failed: Collection[str]) -> str | None:
    return f"The following resource(s) failed to delete: [{', '.join(failed)}]. " if failed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What a stack was before an update, but for the resources themselves."""

    desired: DesiredState
    outputs: tuple[Output, ...]
    imports: frozenset[str]

    @classmethod
    def of(cls, stack: Stack) -> _Before:
        if stack.prepared is None:
            raise RuntimeError(f"{stack.name} has no template to come back to")
        expected = DesiredState(
            prepared=stack.prepared,
            tags=stack.tags,
            capabilities=stack.capabilities,
            check_exports=lambda _stack, _outputs: None,
        )
        return cls(desired=expected, outputs=stack.outputs, imports=stack.imports)

    def restore(self, stack: Stack) -> None:
        """Give the stack its template, values and outputs back, and forget what never became of it."""
        _adopt(stack, self.desired)
        stack.outputs = self.outputs
        stack.imports = self.imports
        definitions = self.desired.prepared.resources
        stack.resources = {
            logical_id: one for logical_id, one in stack.resources.items() if logical_id in definitions
        }
        for logical_id, resource in stack.resources.items():
            resource.definition = definitions[logical_id]
