"""Holds the resolved properties of a resource against conditional schemas: "if A then B, not B, one of B".

The schemas are JSON schemas. What is not known (a parameter without a value, a function that only AWS
computes) makes a verdict open, and an open verdict says nothing. Values count as CloudFormation takes
them: "60" is a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.template import Computed, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Judge = Callable[[Any, Any], "Verdict"]
    Words = Callable[[Any], str]
    Deeper = Callable[[str, Any, Any, "Place"], Iterator["Violation"]]

Schema = Any
"""A JSON schema: a mapping, or True or False."""
Verdict = bool | None
"""None: open."""
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One place where a value does not meet a schema, for certain."""

    place: Place
    """Below the value; for a missing property: with its name."""
    actual: object
    """None for a missing property."""
    expected: str


def holds(schema: Schema, value: object) -> Verdict:
    """Tell whether a value meets a schema; None where that hangs on something unknown."""
    if isinstance(schema, bool):
        return schema
    return _all(_keyword(key, schema, value) for key in schema)


def violations(schema: Schema, value: object, place: Place = ()) -> Iterator[Violation]:
    """Yield where a value does not meet a schema: as deep as is known."""
    if holds(schema, value) is not False:
        return
    if isinstance(schema, bool):
        yield Violation(place=place, actual=value, expected="nothing here")
        return
    for key in schema:
        if _keyword(key, schema, value) is False:
            deeper: Deeper = _DEEPER.get(key, _here)
            yield from deeper(key, schema, value, place)


def _keyword(key: str, schema: Mapping[str, Any], value: object) -> Verdict:
    judge = _JUDGES.get(key)
    if judge is None:
        return True if key in _SILENT else None
    return judge(schema, value)


def _all(verdicts: Iterator[Verdict]) -> Verdict:
    is_open = False
    for verdict in verdicts:
        if verdict is False:
            return False
        is_open = is_open or verdict is None
    return None if is_open else True


def _any(verdicts: Iterator[Verdict]) -> Verdict:
    return _not(_all(_not(verdict) for verdict in verdicts))


def _not(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict


def _has(value: Mapping[str, object], name: str) -> Verdict:
    """Tell whether an object has a property; open where a function may remove it."""
    if name not in value:
        return False
    found = value[name]
    return None if isinstance(found, Computed) and found.function == "Fn::If" else True


def _of_object(judge: Callable[[Any, Mapping[str, object]], Verdict]) -> Judge:
    def judged(schema: Any, value: object) -> Verdict:
        if isinstance(value, Unknown):
            return None
        return judge(schema, value) if isinstance(value, dict) else True

    return judged


def _of_list(judge: Callable[[Any, list[object]], Verdict]) -> Judge:
    def judged(schema: Any, value: object) -> Verdict:
        if isinstance(value, Unknown):
            return None
        return judge(schema, value) if isinstance(value, list) else True

    return judged


def _of_number(key: str, judge: Callable[[float, float], bool]) -> Judge:
    def judged(schema: Any, value: object) -> Verdict:
        if isinstance(value, Unknown):
            return None
        number = _number(value)
        return True if number is None else judge(number, float(schema[key]))

    return judged


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _text(value: object) -> str:
    """Return a scalar as CloudFormation compares it: True is "true", 1 is "1"."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_among(choices: list[object], value: object) -> Verdict:
    if isinstance(value, Unknown):
        return None
    if isinstance(value, (dict, list)):
        return value in choices
    return _text(value) in {_text(choice) for choice in choices}


_TYPES: dict[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool) or value in ("true", "false", "True", "False"),
    "integer": lambda value: (number := _number(value)) is not None and number.is_integer(),
    "number": lambda value: _number(value) is not None,
    "string": lambda value: isinstance(value, (str, int, float)),
    "null": lambda value: value is None,
}


def _type(schema: Any, value: object) -> Verdict:
    names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if isinstance(value, Unknown):
        return None
    return any(_TYPES[name](value) for name in names)


def _pattern(schema: Any, value: object) -> Verdict:
    if isinstance(value, Unknown):
        return None
    try:
        return not isinstance(value, str) or bool(re.search(schema["pattern"], value))
    except re.error:  # of a dialect that Python's re has not
        return None


def _properties(schema: Any, value: Mapping[str, object]) -> Verdict:
    return _all(_property(inner, value, name) for name, inner in schema["properties"].items())


def _property(schema: Schema, value: Mapping[str, object], name: str) -> Verdict:
    if name not in value:
        return True
    return _not(_has(value, name)) if schema is False else holds(schema, value[name])


def _conditional(schema: Any, value: object) -> Verdict:
    condition = holds(schema["if"], value)
    if condition is None:
        return None
    return holds(schema.get("then" if condition else "else", True), value)


def _one_of(schema: Any, value: object) -> Verdict:
    verdicts = [holds(each, value) for each in schema["oneOf"]]
    certain = verdicts.count(True)
    if certain > 1:
        return False
    return None if None in verdicts else certain == 1


def _dependent_excluded(schema: Any, value: Mapping[str, object]) -> Verdict:
    return _all(
        _not(_all(iter((_has(value, name), _has(value, other)))))
        for name, others in schema["dependentExcluded"].items()
        for other in others
    )


def _dependent_required(schema: Any, value: Mapping[str, object]) -> Verdict:
    return _all(
        _any(iter((_not(_has(value, name)), _has(value, other))))
        for name, others in schema["dependentRequired"].items()
        for other in others
    )


_JUDGES: dict[str, Judge] = {
    "type": _type,
    "const": lambda schema, value: _is_among([schema["const"]], value),
    "enum": lambda schema, value: _is_among(schema["enum"], value),
    "pattern": _pattern,
    "minimum": _of_number("minimum", lambda number, limit: number >= limit),
    "maximum": _of_number("maximum", lambda number, limit: number <= limit),
    "exclusiveMinimum": _of_number("exclusiveMinimum", lambda number, limit: number > limit),
    "multipleOf": _of_number("multipleOf", lambda number, step: number % step == 0),
    "minItems": _of_list(lambda schema, value: None if _is_open(value) else len(value) >= schema["minItems"]),
    "maxItems": _of_list(lambda schema, value: None if _is_open(value) else len(value) <= schema["maxItems"]),
    "items": _of_list(lambda schema, value: _all(holds(schema["items"], item) for item in value)),
    "contains": _of_list(lambda schema, value: _any(holds(schema["contains"], item) for item in value)),
    "properties": _of_object(_properties),
    "required": _of_object(lambda schema, value: _all(_has(value, name) for name in schema["required"])),
    "requiredXor": _of_object(lambda schema, value: _exactly_one(schema["requiredXor"], value)),
    "requiredOr": _of_object(lambda schema, value: _any(_has(value, name) for name in schema["requiredOr"])),
    "dependentExcluded": _of_object(_dependent_excluded),
    "dependentRequired": _of_object(_dependent_required),
    "not": lambda schema, value: _not(holds(schema["not"], value)),
    "allOf": lambda schema, value: _all(holds(each, value) for each in schema["allOf"]),
    "anyOf": lambda schema, value: _any(holds(each, value) for each in schema["anyOf"]),
    "oneOf": _one_of,
    "if": _conditional,
}
_SILENT = frozenset({"then", "else", "description", "additionalProperties", "definitions"})
"""Judged with another keyword, or of no weight here: the types' own schemas name the properties."""


def _is_open(value: list[object]) -> bool:
    """Tell whether a list may have other items than those: Fn::If may remove one."""
    return any(isinstance(item, Unknown) for item in value)


def _exactly_one(names: list[str], value: Mapping[str, object]) -> Verdict:
    verdicts = [_has(value, name) for name in names]
    certain = verdicts.count(True)
    return False if certain > 1 else None if None in verdicts else certain == 1


def _here(key: str, schema: Mapping[str, Any], value: object, place: Place) -> Iterator[Violation]:
    words = _EXPECTED[key](schema) if key in _EXPECTED else f"another value ({key})"
    yield Violation(place=place, actual=value, expected=words)


def _named(names: list[str]) -> str:
    return ", ".join(names)


_EXPECTED: dict[str, Words] = {
    "const": lambda schema: _text(schema["const"]),
    "enum": lambda schema: f"one of {_named(list(dict.fromkeys(map(_text, schema['enum']))))}",
    "pattern": lambda schema: f"text like {schema['pattern']}",
    "minimum": lambda schema: f"at least {schema['minimum']}",
    "maximum": lambda schema: f"at most {schema['maximum']}",
    "exclusiveMinimum": lambda schema: f"more than {schema['exclusiveMinimum']}",
    "multipleOf": lambda schema: f"a multiple of {schema['multipleOf']}",
    "minItems": lambda schema: f"at least {schema['minItems']} items",
    "maxItems": lambda schema: f"at most {schema['maxItems']} items",
    "requiredXor": lambda schema: f"exactly one of {_named(schema['requiredXor'])}",
    "requiredOr": lambda schema: f"one of {_named(schema['requiredOr'])}",
    "type": lambda schema: f"a value of type {schema['type']}",
}


def _missing(key: str, schema: Mapping[str, Any], value: Any, place: Place) -> Iterator[Violation]:
    for name in schema[key]:
        if name not in value:
            yield Violation(place=(*place, name), actual=None, expected=f"{name}")


def _in_properties(key: str, schema: Mapping[str, Any], value: Any, place: Place) -> Iterator[Violation]:
    for name, inner in schema[key].items():
        if inner is False and _has(value, name) is True:
            yield Violation(place=(*place, name), actual=value[name], expected=f"no {name}")
        elif name in value:
            yield from violations(inner, value[name], (*place, name))


def _in_items(key: str, schema: Mapping[str, Any], value: Any, place: Place) -> Iterator[Violation]:
    for index, item in enumerate(value):
        yield from violations(schema[key], item, (*place, index))


def _in_branch(_key: str, schema: Mapping[str, Any], value: object, place: Place) -> Iterator[Violation]:
    yield from violations(schema.get("then" if holds(schema["if"], value) else "else", True), value, place)


def _in_all(key: str, schema: Mapping[str, Any], value: object, place: Place) -> Iterator[Violation]:
    for each in schema[key]:
        yield from violations(each, value, place)


def _excluded(key: str, schema: Mapping[str, Any], value: Any, place: Place) -> Iterator[Violation]:
    for name, others in schema[key].items():
        for other in others:
            if name in value and other in value:
                yield Violation(
                    place=(*place, other), actual=value[other], expected=f"no {other} beside {name}"
                )


_DEEPER: dict[str, Deeper] = {
    "properties": _in_properties,
    "required": _missing,
    "items": _in_items,
    "if": _in_branch,
    "allOf": _in_all,
    "dependentExcluded": _excluded,
}
