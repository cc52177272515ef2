"""What is wrong with a request by the service's own model: members that are missing, or of another type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from botocore.model import Shape

NUMBERS = frozenset({"integer", "long", "float", "double"})
KINDS: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "boolean": (bool,),
    **dict.fromkeys(NUMBERS, (int, float)),
}
TOLD = {bool: "TRUE_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE", str: "STRING_VALUE"}


def missing(shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """Give the path of each required member that has no value, as validation errors spell it."""
    for name in getattr(shape, "required_members", ()):
        if isinstance(value, dict) and value.get(name) is None:
            yield f"{path}{name[:1].lower()}{name[1:]}"
    for name, inner, item in children(shape, value):
        if item is None and shape.type_name == "list":
            yield f"{path}{name}"
        elif item is not None:
            yield from missing(inner, item, f"{path}{name[:1].lower()}{name[1:]}.")


def violations(shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """Give each broken constraint of the model in AWS's words; values have the model's types."""
    yield from (null_at(name) for name in missing(shape, value))
    yield from _broken(shape, value, path)


def null_at(path: str) -> str:
    """Return AWS's words on a member that has no value."""
    return f"Value null at '{path}' failed to satisfy constraint: Member must not be null"


def detected(*broken: str) -> str:
    """Return AWS's words on all constraints that a request breaks."""
    errors = "error" if len(broken) == 1 else "errors"
    return f"{len(broken)} validation {errors} detected: {'; '.join(broken)}"


def _broken(shape: Shape, value: Any, path: str) -> Iterator[str]:
    for rule in _rules(shape.metadata, value):
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {rule}"
    prefix = f"{path}." if path else ""
    for name, inner, item in children(shape, value):
        if item is not None:
            yield from _broken(inner, item, f"{prefix}{name[:1].lower()}{name[1:]}")


def _rules(metadata: dict[str, Any], value: Any) -> Iterator[str]:
    least, most = metadata.get("min"), metadata.get("max")
    has_length = isinstance(value, str | list | dict)
    size = len(value) if has_length else value
    what = "have length " if has_length else "have value "
    if isinstance(size, int | float):
        if least is not None and size < float(least):
            yield f"{what}greater than or equal to {least}"
        if most is not None and size > float(most):
            yield f"{what}less than or equal to {most}"
    if not isinstance(value, str):
        return
    if metadata.get("enum") and value not in metadata["enum"]:
        yield f"satisfy enum value set: [{', '.join(metadata['enum'])}]"
    pattern = metadata.get("pattern")
    if pattern and not _matches(str(pattern), value):
        yield f"satisfy regular expression pattern: {pattern}"


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:  # an expression of Java
        return True


def mistyped(shape: Shape, value: Any) -> str | None:
    """Return the words on the first value that JSON gives another type than the model; None without one."""
    kinds = KINDS.get(shape.type_name)
    is_number = shape.type_name in NUMBERS
    if kinds and (not isinstance(value, kinds) or (is_number and isinstance(value, bool))):
        if isinstance(value, dict):
            return "Start of structure or map found where not expected."
        if isinstance(value, list):
            return "Start of list found where not expected"
        expected = shape.type_name.capitalize()
        return f"{TOLD.get(type(value), 'NULL_VALUE')} cannot be converted to {expected}"
    return next(
        filter(
            None, (mistyped(inner, item) for _, inner, item in children(shape, value) if item is not None)
        ),
        None,
    )


def unlike(shape: Any, element: Element) -> bool:
    """Say whether XML is not what the model says: an unknown element, or text where elements belong."""
    if shape.type_name not in ("structure", "list"):
        return len(element) > 0
    if (element.text or "").strip():
        return True
    members = dict(_members_in_xml(shape))
    for child in element:
        member = members.get(child.tag.rpartition("}")[2])
        if member is None or unlike(member, child):
            return True
    return False


def _members_in_xml(shape: Any) -> Iterator[tuple[str, Shape]]:
    if shape.type_name == "list":
        yield shape.member.serialization.get("name", "member"), shape.member
        return
    for name, member in shape.members.items():
        spelled = member.serialization.get("name", name)
        if member.type_name == "list" and member.serialization.get("flattened"):
            yield member.member.serialization.get("name", spelled), member.member
        yield spelled, member.member if member.serialization.get("flattened") else member


def children(shape: Any, value: Any) -> Iterator[tuple[str, Shape, Any]]:
    """Give what a structure, map or list holds: the name in a path, the shape and the value of each."""
    if shape.type_name == "structure" and isinstance(value, dict):
        yield from (
            (name, shape.members[name], item) for name, item in value.items() if name in shape.members
        )
    elif shape.type_name == "map" and isinstance(value, dict):
        yield from ((f"{name}.member", shape.value, item) for name, item in value.items())
    elif shape.type_name == "list" and isinstance(value, list):
        yield from ((f"{index}.member", shape.member, item) for index, item in enumerate(value, 1))
