"""What an update would change, before anything is touched: the lines of a change set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .difference import changes_of, needs_replacement
from .errors import UnresolvedValueError
from .outputs import evaluated_outputs
from .properties import evaluated_properties
from .stacks import Change, PropertyChange
from .template_values import References

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .lifecycle import DesiredState
    from .preparation import Prepared
    from .stacks import Resource, Stack

# The service's own word for a value that only exists once the change set is executed.
KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}"


class _Pending:
    """Stands for a resource that does not exist yet."""

    physical_resource_id = KNOWN_AFTER_APPLY

    def get_cfn_attribute(self, _attribute: str) -> str:
        """Return the marker for every attribute."""
        return KNOWN_AFTER_APPLY


def planned_changes(stack: Stack, desired: DesiredState) -> tuple[Change, ...]:
    """Return what would be added, modified and removed; leaves the stack as it is."""
    prepared = desired.prepared
    made = {name: one for name, one in stack.resources.items() if one.is_made}
    stack_map = prepared.stack_map
    for logical_id, resource in made.items():
        stack_map.put(logical_id, resource.model)
    changes = []
    for logical_id in prepared.order:
        change = _planned(stack, desired, logical_id, made.get(logical_id))
        if change is not None:
            changes.append(change)
    return (*changes, *_removed(made, prepared))


def changes_outputs(stack: Stack, prepared: Prepared) -> bool:
    """Say whether the outputs would differ; call it after `planned_changes` on the same template."""
    try:
        return evaluated_outputs(prepared) != stack.outputs
    except UnresolvedValueError:
        return True


def _planned(
    stack: Stack, desired: DesiredState, logical_id: str, existing: Resource | None
) -> Change | None:
    prepared = desired.prepared
    definition = prepared.resources[logical_id]
    if existing is None:
        prepared.stack_map.put(logical_id, _Pending())
        return Change(action="Add", logical_id=logical_id, physical_id=None, resource_type=definition["Type"])
    details = _details(stack, desired, existing)
    if not details:
        return None
    replaced = needs_replacement(details)
    if replaced:
        prepared.stack_map.put(logical_id, _Pending())
    return Change(
        action="Modify",
        logical_id=logical_id,
        physical_id=existing.physical_id,
        resource_type=definition["Type"],
        replacement="True" if replaced else "False",
        details=details,
    )


def _details(stack: Stack, desired: DesiredState, existing: Resource) -> tuple[PropertyChange, ...]:
    definition = desired.prepared.resources[existing.logical_id]
    try:
        properties = evaluated_properties(
            definition,
            desired.prepared.stack_map,
            tags=desired.tags,
            references=References(world=stack.world, region=stack.region, values=dict(existing.references)),
        )
    except UnresolvedValueError:
        return (PropertyChange(attribute="Properties", name=None, recreation="Conditionally"),)
    return changes_of(
        existing.resource_type,
        stack.region,
        before=(existing.definition, existing.properties),
        after=(definition, properties),
    )


def _removed(made: dict[str, Resource], prepared: Prepared) -> Iterator[Change]:
    for logical_id, resource in made.items():
        if logical_id not in prepared.resources:
            yield Change(
                action="Remove",
                logical_id=logical_id,
                physical_id=resource.physical_id,
                resource_type=resource.resource_type,
            )
