"""Random resources that fit their schemas, and faults, conditions and references put into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa import schemas

from . import wiring

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

REGION = "us-east-1"
_TEXTS = ("abc", "text-1", {"Ref": "Text"}, {"Fn::Sub": "x-${Text}"})

_SCALARS: dict[str, tuple[Any, ...]] = {
    "integer": (1, "3", 5),
    "number": (1, 2.5, "3.5"),
    "boolean": (True, False, "true", "false"),
}


def template(random: Random, size: int, types: Sequence[str] = ()) -> dict[str, Any]:
    """Return a template of resources of random types (of these, if any), about half of them with a fault.

    Some refer to or depend on one another, now and then in a circle, and some are on conditions.
    """
    types = types or sorted(schemas.resource_types(REGION))
    resources = {f"R{number}": _resource(random, random.choice(types)) for number in range(size)}
    for resource in resources.values():
        if random.random() < 0.5:
            _break(random, resource)
    wiring.wire(random, resources)
    return {"Parameters": wiring.PARAMETERS, "Conditions": wiring.CONDITIONS, "Resources": resources}


def _resource(random: Random, kind: str) -> dict[str, Any]:
    schema = schemas.schema(schemas.resource_types(REGION)[kind])
    read_only = {pointer.split("/")[2] for pointer in schema.get("readOnlyProperties", ())}
    required = set(schema.get("required", ()))
    properties = {
        name: _value(random, part, schema, 3)
        for name, part in schema["properties"].items()
        if name in required or (name not in read_only and random.random() < 0.4)
    }
    return {"Type": kind, "Properties": properties}


def _value(random: Random, part: dict[str, Any], schema: dict[str, Any], depth: int) -> Any:
    part = _resolved(part, schema)
    if "enum" in part:
        return random.choice(part["enum"])
    written = part.get("type", "object" if "properties" in part else "string")
    kind = random.choice(written) if isinstance(written, list) else written
    if kind == "object":
        return _object(random, part, schema, depth)
    if kind == "array":
        items = part.get("items")
        return [_value(random, items, schema, depth - 1)] if depth > 0 and isinstance(items, dict) else []
    return random.choice(_SCALARS.get(kind, _TEXTS))


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        node: Any = schema
        for step in part["$ref"].removeprefix("#/").split("/"):
            node = node.get(step, {})
        part = node
    return part


def _object(random: Random, part: dict[str, Any], schema: dict[str, Any], depth: int) -> dict[str, Any]:
    required = part.get("required", ())
    return {
        name: _value(random, member, schema, depth - 1)
        for name, member in part.get("properties", {}).items()
        if name in required or (depth > 0 and random.random() < 0.35)
    }


def _break(random: Random, resource: dict[str, Any]) -> None:
    holder = random.choice(_objects(resource["Properties"]))
    name = random.choice(list(holder)) if holder else None
    match random.choice(("unknown", "missing", "type", "value")):
        case "missing" if name is not None:
            del holder[name]
        case "type" if name is not None:
            holder[name] = random.choice(({"a": 1}, [1, 2], "nope", True, 7))
        case "value" if name is not None:
            holder[name] = "NOT_A_CHOICE"
        case _:
            holder["Bogus"] = "x"


def _objects(value: Any) -> list[dict[str, Any]]:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    inner = [found for member in members for found in _objects(member)]
    is_function = isinstance(value, dict) and len(value) == 1 and next(iter(value)) in {"Ref", "Fn::Sub"}
    return [value, *inner] if isinstance(value, dict) and not is_function else inner
