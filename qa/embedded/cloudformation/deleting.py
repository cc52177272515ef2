"""Delete resources of a stack, each before what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import handlers
from .errors import ResourceError
from .references import needs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .stacks import Resource, Stack


def delete_all(stack: Stack, *, retain: Collection[str] = (), of_rollback: bool = False) -> tuple[str, ...]:
    """Delete what the stack has; return the logical IDs that could not be deleted."""
    made = [resource for resource in stack.resources.values() if resource.is_made]
    return delete_resources(stack, made, retain=retain, of_rollback=of_rollback)


def delete_resources(
    stack: Stack, resources: Iterable[Resource], *, retain: Collection[str] = (), of_rollback: bool = False
) -> tuple[str, ...]:
    """Delete these; what a resource that stays still needs stays too. Return what failed."""
    left = {resource.logical_id: resource for resource in resources}
    failed: list[str] = []
    while left:
        wave = [one for one in left.values() if not _is_needed(one, left)]
        if not wave:
            break
        for resource in wave:
            del left[resource.logical_id]
            if not _delete(stack, resource, keep=resource.logical_id in retain, of_rollback=of_rollback):
                failed.append(resource.logical_id)
                _keep_what_it_needs(resource, left)
    return tuple(failed)


def _is_needed(resource: Resource, left: dict[str, Resource]) -> bool:
    return any(
        resource.logical_id in needs(other.definition)
        for other in left.values()
        if other.logical_id != resource.logical_id
    )


def _keep_what_it_needs(resource: Resource, left: dict[str, Resource]) -> None:
    for need in needs(resource.definition):
        kept = left.pop(need, None)
        if kept is not None:
            _keep_what_it_needs(kept, left)


def _delete(stack: Stack, resource: Resource, *, keep: bool, of_rollback: bool) -> bool:
    attribute = (
        "UpdateReplacePolicy"
        if stack.resources.get(resource.logical_id) is not resource
        else "DeletionPolicy"
    )
    policy = resource.definition.get(attribute, "Delete")
    if keep or policy == "Retain" or (policy == "RetainExceptOnCreate" and not of_rollback):
        stack.record(resource, "DELETE_SKIPPED")
        resource.model = None
        return True
    stack.record(resource, "DELETE_IN_PROGRESS")
    try:
        handlers.delete(stack, resource)
    except ResourceError as broken:
        stack.record(resource, "DELETE_FAILED", broken.reason)
        return False
    resource.model = None
    stack.record(resource, "DELETE_COMPLETE")
    return True
