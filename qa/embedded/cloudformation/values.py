"""Values of properties against the type's schema, as CloudFormation checks them before it calls a handler.

Like the service it takes a number or boolean for a text and the other way round. What a schema says by
alternatives (oneOf, if, …) is left to the handlers: a refusal there would be a guess.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .schemas import Schema

SCALARS = (str, int, float, bool)
NAMES = {
    dict: "JSONObject",
    list: "JSONArray",
    str: "String",
    bool: "Boolean",
    int: "Integer",
    float: "Double",
}
WANTED = {
    "string": "String",
    "integer": "Integer",
    "number": "Number",
    "boolean": "Boolean",
    "array": "JSONArray",
    "object": "JSONObject",
}
# The service itself refuses these, in words of its own.
LEFT_TO_THE_SERVICE = frozenset({("AWS::Lambda::Function", "Runtime")})


def wrong_values(resource_type: str, schema: Schema, properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with evaluated properties, each as `#/path: words of the service`."""
    for name, value in properties.items():
        shape = schema.raw["properties"].get(name)
        if shape is not None and (resource_type, name) not in LEFT_TO_THE_SERVICE:
            yield from _wrong(value, shape, f"#/{name}", schema)


def _wrong(value: Any, shape: Mapping[str, Any], where: str, schema: Schema) -> Iterator[str]:
    shape = _resolved(shape, schema)
    expected = _types(shape)
    if expected and not any(_FITS[name](value) for name in expected):
        names = " or ".join(WANTED[name] for name in expected)
        yield f"{where}: expected type: {names}, found: {NAMES.get(type(value), 'Null')}"
        return
    if isinstance(value, dict):
        yield from _wrong_members(value, shape, where, schema)
    elif isinstance(value, list):
        yield from _wrong_items(value, shape, where, schema)
    else:
        yield from (f"{where}: {problem}" for problem in _wrong_scalar(value, shape, expected))


def _wrong_members(
    value: Mapping[str, Any], shape: Mapping[str, Any], where: str, schema: Schema
) -> Iterator[str]:
    members = shape.get("properties") or {}
    for name in shape.get("required") or ():
        if name in members and name not in value:
            yield f"{where}: required key [{name}] not found"
    for name, item in value.items():
        if name in members:
            yield from _wrong(item, members[name], f"{where}/{name}", schema)


def _wrong_items(value: list[Any], shape: Mapping[str, Any], where: str, schema: Schema) -> Iterator[str]:
    if len(value) < shape.get("minItems", 0):
        yield f"{where}: expected minimum item count: {shape['minItems']}, found: {len(value)}"
    if len(value) > shape.get("maxItems", len(value)):
        yield f"{where}: expected maximum item count: {shape['maxItems']}, found: {len(value)}"
    if isinstance(shape.get("items"), dict):
        for index, item in enumerate(value):
            yield from _wrong(item, shape["items"], f"{where}/{index}", schema)


def _wrong_scalar(value: Any, shape: Mapping[str, Any], expected: tuple[str, ...]) -> Iterator[str]:
    text = _text(value)
    if "enum" in shape and text not in {_text(each) for each in shape["enum"]}:
        yield f"{text} is not a valid enum value"
    if expected in (("integer",), ("number",)):
        number = float(value)
        if number < shape.get("minimum", number):
            yield f"{text} is not greater or equal to {shape['minimum']}"
        if number > shape.get("maximum", number):
            yield f"{text} is not less or equal to {shape['maximum']}"
    if expected == ("string",):
        yield from _wrong_text(text, shape)


def _wrong_text(text: str, shape: Mapping[str, Any]) -> Iterator[str]:
    if len(text) < shape.get("minLength", 0):
        yield f"expected minLength: {shape['minLength']}, actual: {len(text)}"
    if len(text) > shape.get("maxLength", len(text)):
        yield f"expected maxLength: {shape['maxLength']}, actual: {len(text)}"
    pattern = _pattern(shape.get("pattern", ""))
    if pattern is not None and pattern.search(text) is None:
        yield "failed validation constraint for keyword [pattern]"


def _resolved(shape: Mapping[str, Any], schema: Schema) -> Mapping[str, Any]:
    while "$ref" in shape:
        shape = schema.raw["definitions"].get(shape["$ref"].rpartition("/")[2], {})
    return shape


def _types(shape: Mapping[str, Any]) -> tuple[str, ...]:
    declared = shape.get("type", ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _pattern(text: str) -> re.Pattern[str] | None:
    """Return a schema's pattern; None for none, and for one of a dialect that Python does not read."""
    try:
        return re.compile(text) if text else None
    except re.error:
        return None


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return False
    try:
        float(value)
    except ValueError:
        return False
    return True


def _is_integer(value: object) -> bool:
    return _is_number(value) and float(str(value)).is_integer()


def _is_object(value: object) -> bool:
    if isinstance(value, str):  # the service reads JSON in a text
        try:
            return isinstance(json.loads(value), dict)
        except ValueError:
            return False
    return isinstance(value, dict)


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, SCALARS),
    "integer": _is_integer,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool) or value in ("true", "false", "True", "False"),
    "array": lambda value: isinstance(value, list),
    "object": _is_object,
}
