"""The properties of a resource as its model gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import UnresolvedValueError
from .intrinsics import resolve
from .registry import properties_of
from .schemas import schema_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .intrinsics import StackMap
    from .template_values import References


def evaluated_properties(
    definition: Mapping[str, Any],
    stack_map: StackMap,
    *,
    tags: Mapping[str, str],
    references: References,
) -> Mapping[str, Any]:
    """Return the properties with every function and reference evaluated; raises UnresolvedValueError.

    A stack's own tags go to every resource that can have tags; the resource's win.
    """
    found = references.resolved(resolve(definition.get("Properties", {}), stack_map))
    if not isinstance(found, dict):
        raise UnresolvedValueError("Template format error: Properties must be an object.")
    supported = properties_of(definition["Type"])
    if not tags or supported is None or "Tags" not in supported:
        return found
    own = found.get("Tags", {} if _tags_by_key(definition["Type"], references.region) else [])
    if isinstance(own, dict):
        return {**found, "Tags": {**tags, **own}}
    if not isinstance(own, list):
        return found
    named = {one["Key"] for one in own}
    inherited = [{"Key": key, "Value": value} for key, value in tags.items() if key not in named]
    return {**found, "Tags": [*own, *inherited]}


def _tags_by_key(resource_type: str, region: str) -> bool:
    """Say whether a type has its tags as an object, and not as a list."""
    schema = schema_of(resource_type, region)
    return schema is not None and schema.raw["properties"].get("Tags", {}).get("type") == "object"
