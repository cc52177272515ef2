"""The properties of a resource as its model gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import UnresolvedValueError
from .intrinsics import resolve
from .registry import properties_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .intrinsics import StackMap


def evaluated_properties(
    definition: Mapping[str, Any], stack_map: StackMap, *, tags: Mapping[str, str]
) -> Mapping[str, Any]:
    """Return the properties with every function evaluated; raises UnresolvedValueError.

    A stack's own tags go to every resource that has a list of tags; the resource's win.
    """
    found = resolve(definition.get("Properties", {}), stack_map)
    if not isinstance(found, dict):
        raise UnresolvedValueError("Template format error: Properties must be an object.")
    own = found.get("Tags", [])
    supported = properties_of(definition["Type"])
    if not tags or supported is None or "Tags" not in supported or not isinstance(own, list):
        return found
    named = {one["Key"] for one in own}
    inherited = [{"Key": key, "Value": value} for key, value in tags.items() if key not in named]
    return {**found, "Tags": [*own, *inherited]}
