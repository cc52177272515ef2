"""What a new definition changes about a resource, and whether that needs a new physical one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .registry import declared_types
from .schemas import schema_of
from .stacks import PropertyChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Attributes outside Properties whose change is a change of the resource.
_ATTRIBUTES = ("Metadata", "DeletionPolicy", "UpdateReplacePolicy")


def changes_of(
    resource_type: str,
    region: str,
    *,
    before: tuple[Mapping[str, Any], Mapping[str, Any]],
    after: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> tuple[PropertyChange, ...]:
    """Return what differs between two (definition, evaluated properties) of one resource."""
    found = [
        _property_change(resource_type, region, name, before[1], after[1])
        for name in _differing(before[1], after[1])
    ]
    others = [one for one in _ATTRIBUTES if before[0].get(one) != after[0].get(one)]
    found += [PropertyChange(attribute=one, name=None, recreation="Never") for one in others]
    return tuple(found)


def needs_replacement(changes: tuple[PropertyChange, ...]) -> bool:
    """Say whether one of the changes cannot be made in place."""
    return any(change.recreation == "Always" for change in changes)


def touches_the_resource(changes: tuple[PropertyChange, ...]) -> bool:
    """Say whether the changes reach beyond what CloudFormation alone remembers."""
    return any(change.name is not None for change in changes)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield name


def _property_change(
    resource_type: str, region: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> PropertyChange:
    schema = schema_of(resource_type, region)
    kind = declared_types().get(resource_type)
    beyond = () if kind is None else tuple((each,) for each in kind.replaced_by)
    paths = (*(schema.create_only if schema else ()), *beyond)
    replaced = any(path[0] == name and _at(before, path) != _at(after, path) for path in paths)
    return PropertyChange(
        attribute="Tags" if name == "Tags" else "Properties",
        name=name,
        recreation="Always" if replaced else "Never",
    )


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(value, dict):
            return value
        value = value.get(name)
    return value
