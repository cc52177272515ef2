"""The signs by which a disagreement is recognised: predicates on the template and on both opinions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa import schemas
from qa.checks.rules.template.schema import PACKAGED

from .cycles import on_cycles
from .opinion import EDGE, READING, Place
from .ours import SERVERLESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.template import Path

    from .comparison import Disagreement

NO_VALUE = {"Ref": "AWS::NoValue"}


def is_of_sam(found: Disagreement) -> bool:
    """Tell whether the place is in a resource that the serverless transform makes or changes."""
    kind = str(found.resource.get("Type", ""))
    return "Transform" in found.body and (not found.resource or kind.startswith(SERVERLESS))


def is_of_a_bucket_that_notifies(found: Disagreement) -> bool:
    """Tell whether an edge goes from a bucket to a function of SAM that its events call."""
    target = found.body.get("Resources", {}).get(found.place.path[-1], {})
    is_function = str(target.get("Type", "")).startswith(SERVERLESS)
    is_bucket = found.resource.get("Type") == "AWS::S3::Bucket"
    return found.place.rule == EDGE and "Transform" in found.body and is_bucket and is_function


def has_keyword_of_no_rule(found: Disagreement) -> bool:
    return found.place.rule == "E3002" and "Additional properties are not allowed" not in found.words


def is_of_wrong_type(found: Disagreement) -> bool:
    return found.place.rule == "E3030" and Place("E3012", found.place.path) in found.other.said


def is_of_another_vendor(found: Disagreement) -> bool:
    kind = str(found.resource.get("Type", ""))
    is_formed = re.fullmatch(r"[A-Za-z0-9]+(::[A-Za-z0-9]+)+", kind) is not None
    return found.place.rule == "E3006" and is_formed and not kind.startswith("AWS::")


def is_a_function(found: Disagreement) -> bool:
    """Tell whether a function that gives no object stands where one is wanted: E10… to cfn-lint."""
    path = found.place.path
    value = found.at(path)
    names = list(value) if isinstance(value, dict) else []
    is_refused = any(
        place.rule.startswith("E10") and place.path[: len(path)] == path
        for place in found.comparison.cfn_lint.beside
    )
    is_function = len(names) == 1 and names[0].startswith(("Ref", "Fn::"))
    return found.place.rule == "E3003" and is_function and is_refused


def is_there_here(found: Disagreement) -> bool:
    """Tell whether what is called missing is AWS::NoValue in a branch that this region does not take."""
    missing = re.search(r"'(\w+)' is a required property", found.words)
    holder = found.at(found.place.path)
    value = holder.get(missing[1]) if missing and isinstance(holder, dict) else None
    return found.place.rule == "E3003" and isinstance(value, dict) and _may_be_no_value(value)


def _may_be_no_value(value: Any) -> bool:
    branches = value.get("Fn::If") if isinstance(value, dict) else None
    return value == NO_VALUE or (isinstance(branches, list) and any(map(_may_be_no_value, branches[1:])))


def is_found_as_another_kind(found: Disagreement) -> bool:
    kinds = {"E3002", "E3012"}
    return found.place.rule in kinds and any(
        Place(kind, found.place.path) in found.other.said for kind in kinds
    )


def is_placed_in_a_branch(found: Disagreement) -> bool:
    """Tell whether the other finds the same above or below Fn::If."""
    path = found.place.path
    return any(
        place.rule == found.place.rule
        and (_without_branches(place.path) == _without_branches(path))
        and place.path != path
        for place in found.other.said
    )


def _without_branches(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    kept = []
    for index, key in enumerate(path):
        if key != "Fn::If" and not (index and path[index - 1] == "Fn::If"):
            kept.append(key)
    return tuple(kept)


def is_of_a_branch_not_meant(found: Disagreement) -> bool:
    beside = found.comparison.cfn_lint.beside
    path = found.place.path
    return any(
        Place(rule, path[:length]) in beside
        for rule in ("E3017", "E3018")
        for length in range(3, len(path) + 1)
    )


def is_null(found: Disagreement) -> bool:
    return found.place.rule == "E3012" and "null" in found.words and found.at(found.place.path) is None


def is_behind_no_condition(found: Disagreement) -> bool:
    conditions = found.body.get("Conditions", {})
    path = found.place.path
    for index, key in enumerate(path):
        argument = found.at(path[: index + 1]) if key == "Fn::If" else None
        if isinstance(argument, list) and argument and argument[0] not in conditions:
            return True
    return False


def is_packaged(found: Disagreement) -> bool:
    is_place = (str(found.resource.get("Type")), found.place.path[3:]) in PACKAGED
    return found.place.rule == "E3012" and is_place and isinstance(found.at(found.place.path), str)


def is_serverless_without_transform(found: Disagreement) -> bool:
    return found.place.rule == "E3006" and str(found.resource.get("Type")).startswith(SERVERLESS)


def is_on_another_cycle(found: Disagreement) -> bool:
    return found.place.rule == "E3004" and any(place.rule == "E3004" for place in found.other.said)


def is_of_a_function_beside_keys(found: Disagreement) -> bool:
    """Tell whether an edge comes from a function that stands beside other keys."""
    return found.place.rule == EDGE and any(
        str(found.place.path[-1]) in repr(value)
        for map_ in _maps(found.resource)
        for key, value in map_.items()
        if len(map_) > 1 and (key == "Ref" or key.startswith("Fn::"))
    )


def _maps(value: Any) -> Iterator[dict[str, Any]]:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict):
        yield value
    for member in members:
        yield from _maps(member)


def is_wrong_to_both(found: Disagreement) -> bool:
    said = {**found.other.said, **found.other.beside}
    return found.place.rule == READING and any(place.rule.startswith("E") for place in said)


def is_language_extension(found: Disagreement) -> bool:
    return found.place.rule == READING and "Fn::ForEach" in found.words


def is_breaking_off(found: Disagreement) -> bool:
    return found.place.rule == READING and found.words.startswith("cfn-lint breaks off")


def is_edge_of_metadata(found: Disagreement) -> bool:
    return found.place.rule == EDGE and str(found.place.path[-1]) in repr(found.resource.get("Metadata"))


def is_cycle_of_metadata(found: Disagreement) -> bool:
    return found.place.rule == "E3004" and found.place.path[1] not in on_cycles(found.other.said)


def is_of_a_type_beside_ref(found: Disagreement) -> bool:
    """Tell whether the schema has a type beside the $ref at this place."""
    kinds = schemas.resource_types(found.comparison.region)
    kind = str(found.resource.get("Type"))
    if found.place.rule != "E3012" or kind not in kinds:
        return False
    node = _schema_at(schemas.schema(kinds[kind]), _without_branches(found.place.path)[3:])
    return "$ref" in node and "type" in node


def _schema_at(root: dict[str, Any], path: Path) -> dict[str, Any]:
    node = root
    for key in path:
        while "$ref" in node:
            node = _referred(root, node["$ref"])
        part = node.get("items", {}) if isinstance(key, int) else node.get("properties", {}).get(key, {})
        node = part if isinstance(part, dict) else {}
    return node


def _referred(root: dict[str, Any], pointer: str) -> dict[str, Any]:
    node: Any = root
    for step in pointer.removeprefix("#/").split("/"):
        node = node.get(step, {})
    return dict(node)
