"""Valid parameters of an operation, and the ways to make them wrong."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import OperationModel, Shape

DEPTH = 3
"""Members below are left out: shapes such as DynamoDB's AttributeValue contain themselves."""
NUMBERS = frozenset({"integer", "long", "float", "double"})
SIMPLE: dict[str, object] = {
    "boolean": True,
    "timestamp": 1_767_225_600,
    "blob": b"a",
    "double": 1.0,
    "float": 1.0,
}

OF_ANOTHER_TYPE = (("text for {kind}", "no-such-value"), ("map for {kind}", {"a": "b"}))
OF_MEMBERS: tuple[tuple[str, object], ...] = (
    ("text for {kind}", "text"),
    ("list for {kind}", ["a"]),
    ("empty {kind}", {}),
)
WRONG: dict[str, tuple[tuple[str, object], ...]] = {
    "string": (
        ("empty", ""),
        ("map for text", {"a": "b"}),
        ("list for text", ["a"]),
        ("number for text", 7),
        ("control characters", "a\n\x01"),
        ("long text", "a" * 3_000),
    ),
    "number": (*OF_ANOTHER_TYPE, ("negative number", -1), ("huge number", 10**18)),
    "boolean": OF_ANOTHER_TYPE,
    "timestamp": OF_ANOTHER_TYPE,
    "structure": OF_MEMBERS,
    "map": OF_MEMBERS,
    "list": (
        ("text for list", "text"),
        ("map for list", {"a": "b"}),
        ("empty list", []),
        ("nothing in a list", [None]),
    ),
}
ARNS = (
    ("short ARN", "arn:aws:sns"),
    ("ARN of no region", "arn:aws:sns:no-region:123456789012:a"),
)


class Absent:
    """The value of a member that is taken out."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformation:
    """One wrong value: where it stands, which kind it is of, and all parameters of the request."""

    kind: str
    path: tuple[str | int, ...]
    parameters: dict[str, Any]


def malformations(model: OperationModel, known: Mapping[str, object]) -> Iterator[Malformation]:
    """Yield requests with one fault each; `known` has values for members of things that exist."""
    shape = model.input_shape
    if shape is None:
        return
    base = valid(shape, known)
    yield Malformation(kind="valid", path=(), parameters=base)
    for name, member in shape.members.items():
        given = {**base, name: known.get(name, valid(member, known))}
        for path, inner, is_required in _places(member, given[name], (name,)):
            required = is_required or (path == (name,) and name in shape.required_members)
            for kind, wrong in _wrong(inner, is_required=required):
                yield Malformation(kind=kind, path=path, parameters=_replaced(given, path, wrong))


def valid(shape: Shape, known: Mapping[str, object], depth: int = 0) -> Any:
    """Return a value that the model allows, with what it requires and little else."""
    members: dict[str, Any] = getattr(shape, "members", {})
    if shape.type_name == "structure":
        names = getattr(shape, "required_members", []) or list(members)[:1]
        names = names if depth < DEPTH else []
        return {name: known.get(name, valid(members[name], known, depth + 1)) for name in names}
    if shape.type_name == "list":
        return [valid(shape.member, known, depth + 1)] if depth < DEPTH else []  # type: ignore[attr-defined]
    if shape.type_name == "map":
        return {"a": valid(shape.value, known, depth + 1)} if depth < DEPTH else {}  # type: ignore[attr-defined]
    if shape.type_name in ("integer", "long"):
        return int(shape.metadata.get("min", 1)) or 1
    if shape.type_name != "string":
        return SIMPLE[shape.type_name]
    choices = shape.metadata.get("enum")
    return choices[0] if choices else "a" * max(1, int(shape.metadata.get("min", 1)))


def _places(
    shape: Shape, value: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Shape, bool]]:
    yield path, shape, False
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, inner in value.items():
            for place in _places(shape.members[name], inner, (*path, name)):  # type: ignore[attr-defined]
                is_required = len(place[0]) == len(path) + 1 and name in shape.required_members
                yield place[0], place[1], place[2] or is_required
    elif shape.type_name == "list" and isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(shape.member, inner, (*path, index))  # type: ignore[attr-defined]
    elif shape.type_name == "map" and isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(shape.value, inner, (*path, key))  # type: ignore[attr-defined]


def _wrong(shape: Shape, *, is_required: bool) -> Iterator[tuple[str, object]]:
    if is_required:
        yield "missing", ABSENT
    kind = "number" if shape.type_name in NUMBERS else shape.type_name
    for name, value in WRONG.get(kind, ()):
        yield name.format(kind=shape.type_name), value
    if shape.metadata.get("enum"):
        yield "unknown value", "no-such-value"
    if "arn" in shape.name.lower() or "arn:" in str(shape.metadata.get("pattern", "")):
        yield from ARNS


def _replaced(parameters: dict[str, Any], path: tuple[str | int, ...], wrong: object) -> dict[str, Any]:
    changed = copy.deepcopy(parameters)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    if wrong is ABSENT:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = wrong
    return changed
