"""Holds a resource's properties, as written, against the shape of its type.

Functions are not values: only the branches of Fn::If are looked into. Dynamic references
({{resolve:…}}) may be anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from qa.checks.regional import is_no_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from qa.checks.knowledge.shape import Shape
    from qa.template import Path

Kind = Literal["unknown property", "missing property", "wrong type", "wrong value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """One place where a value does not fit its shape."""

    kind: Kind
    path: Path
    """For a missing property: with its name."""
    actual: object
    expected: tuple[str, ...]
    """The properties there are, the missing one, the types, the values there are."""


def misfits(
    properties: Mapping[str, Any], shape: Shape, path: Path, *, conditions: Mapping[str, bool | None]
) -> Iterator[Misfit]:
    """Yield where a resource's properties do not fit; `path` is theirs.

    `conditions` tell which branch of Fn::If is taken, where that is known: a required property may be
    AWS::NoValue in it. Every branch is judged all the same.
    """
    for name in properties:
        if _is_misplaced(name, properties):
            yield Misfit(
                kind="unknown property", path=(*path, name), actual=name, expected=tuple(shape.properties)
            )
    yield from _Inspection(conditions).of(properties, shape, path)


def _is_misplaced(name: str, properties: Mapping[str, Any]) -> bool:
    """Say whether a name is a function's that cannot stand for properties, or not beside others."""
    if name == "Fn::If":
        argument = properties[name]
        return not (isinstance(argument, list) and len(argument) == 3 and len(properties) == 1)
    is_alone = len(properties) == 1
    return (name == "Ref" and is_alone) or (
        name.startswith("Fn::") and not name.startswith(("Fn::Transform", "Fn::ForEach"))
    )


def _function(value: object) -> str | None:
    if isinstance(value, dict) and "Fn::Transform" in value:
        return "Fn::Transform"  # it may change what stands beside it
    if isinstance(value, dict) and len(value) == 1:
        (name,) = value
        if name == "Ref" or str(name).startswith("Fn::"):
            return str(name)
    return None


@dataclass(frozen=True, slots=True)
class _Inspection:
    conditions: Mapping[str, bool | None]

    def of(self, value: object, shape: Shape, path: Path) -> Iterator[Misfit]:
        function = _function(value)
        if function == "Fn::If":
            yield from self._of_branches(value, shape, path)
        elif function is None and not (isinstance(value, str) and "{{resolve:" in value):
            for other in (*shape.also, *(one for one in shape.by_type if _has_type(value, one))):
                yield from self.of(value, other, path)
            yield from self._of_value(value, shape, path)

    def _of_value(self, value: object, shape: Shape, path: Path) -> Iterator[Misfit]:
        if not _has_type(value, shape):
            yield Misfit(kind="wrong type", path=path, actual=value, expected=tuple(sorted(shape.types)))
        elif isinstance(value, dict):
            yield from self._of_object(value, shape, path)
        elif isinstance(value, list):
            if shape.items is not None:
                for index, member in enumerate(value):
                    yield from self.of(member, shape.items, (*path, index))
        elif shape.choices and not _is_choice(value, shape):
            yield Misfit(kind="wrong value", path=path, actual=value, expected=tuple(map(str, shape.choices)))

    def _of_branches(self, value: Any, shape: Shape, path: Path) -> Iterator[Misfit]:
        argument = value["Fn::If"]
        if isinstance(argument, list) and len(argument) == 3:
            for index in (1, 2):
                inner = _Inspection(self._within(argument[0], taken=index == 1))
                yield from inner.of(argument[index], shape, (*path, "Fn::If", index))

    def _within(self, condition: object, *, taken: bool) -> Mapping[str, bool | None]:
        """Return the conditions inside a branch; of one that is not taken only its own is known."""
        if not isinstance(condition, str):
            return {}
        is_possible = self.conditions.get(condition) in {None, taken}
        return {**(self.conditions if is_possible else {}), condition: taken}

    def _of_object(self, value: Mapping[str, Any], shape: Shape, path: Path) -> Iterator[Misfit]:
        is_open = False
        for name, member in value.items():
            known = shape.properties.get(name)
            if known is None and name.startswith("Fn::"):
                is_open = True  # it puts more beside itself
            elif known is not None:
                yield from self.of(member, known, (*path, name))
            else:
                yield from self._of_unnamed(name, member, shape, path)
        if not is_open:
            yield from _of_required({name for name in value if self._is_there(value[name])}, shape, path)

    def _is_there(self, value: Any) -> bool:
        """Say whether a property's value is other than AWS::NoValue, as far as the conditions are known."""
        while (
            _function(value) == "Fn::If" and isinstance(value["Fn::If"], list) and len(value["Fn::If"]) == 3
        ):
            condition, *branches = value["Fn::If"]
            verdict = self.conditions.get(condition) if isinstance(condition, str) else None
            if verdict is None:
                return True
            value = branches[0 if verdict else 1]
        return not is_no_value(value)

    def _of_unnamed(self, name: str, member: object, shape: Shape, path: Path) -> Iterator[Misfit]:
        matching = [found for pattern, found in shape.patterns if pattern.search(name)]
        for found in matching:
            yield from self.of(member, found, (*path, name))
        if matching:
            return
        if shape.is_closed:
            yield Misfit(
                kind="unknown property", path=(*path, name), actual=name, expected=tuple(shape.properties)
            )
        elif shape.others is not None:
            yield from self.of(member, shape.others, (*path, name))


def _of_required(present: set[str], shape: Shape, path: Path) -> Iterator[Misfit]:
    for name in shape.required:
        if name not in present:
            yield Misfit(kind="missing property", path=(*path, name), actual=None, expected=(name,))
    for group in shape.alternatives:
        if not any(present.issuperset(names) for names in group):
            expected = tuple(dict.fromkeys(" with ".join(names) for names in group))
            yield Misfit(kind="missing property", path=(*path, group[0][0]), actual=None, expected=expected)


def _has_type(value: object, shape: Shape) -> bool:
    return not shape.types or any(_TESTS[name](value) for name in shape.types)


def _is_choice(value: object, shape: Shape) -> bool:
    text, choices = _text(value), [_text(choice) for choice in shape.choices]
    if shape.ignores_case:
        return text.lower() in [choice.lower() for choice in choices]
    return text in choices


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*", value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: object) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"\s*[+-]?\d+(\.0*)?\s*", value) is not None
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and value.lower() in {"true", "false"})


# CloudFormation turns scalars into one another where their texts allow
_TESTS: Mapping[str, Callable[[object], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": _is_boolean,
    "integer": _is_integer,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str | int | float | bool),
}
