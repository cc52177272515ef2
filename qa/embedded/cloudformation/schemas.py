"""What CloudFormation reads off a resource type's provider schema (`qa.schemas` has them)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from qa import schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One resource type of one region; property paths are tuples of names."""

    properties: frozenset[str]
    read_only: frozenset[str]
    readable: frozenset[str]
    """Properties that are told back."""
    required: tuple[str, ...]
    create_only: tuple[tuple[str, ...], ...]
    """Paths whose change needs a new physical resource."""
    raw: Mapping[str, Any] = field(repr=False)

    def extraneous(self, properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (where, key) of nested objects' keys that the type does not have."""
        for name, value in properties.items():
            yield from self._extraneous(value, self.raw["properties"].get(name, {}), f"#/{name}")

    def _extraneous(self, value: Any, shape: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
        while "$ref" in shape:
            shape = self.raw["definitions"][shape["$ref"].rpartition("/")[2]]
        if isinstance(value, list) and isinstance(shape.get("items"), dict):
            for index, item in enumerate(value):
                yield from self._extraneous(item, shape["items"], f"{where}/{index}")
        if not isinstance(value, dict) or "properties" not in shape or is_function(value):
            return
        is_closed = shape.get("additionalProperties") is False
        for key, item in value.items():
            if is_closed and key not in shape["properties"] and not shape.get("patternProperties"):
                yield where, key
            yield from self._extraneous(item, shape["properties"].get(key, {}), f"{where}/{key}")


def is_function(value: Mapping[str, Any]) -> bool:
    """Say whether an object of a template stands for a function's value."""
    return any(key == "Ref" or key.startswith("Fn::") for key in value)


def schema_of(resource_type: str, region: str) -> Schema | None:
    """Return the type's schema; None for a type that the region does not have."""
    key = schemas.resource_types(region).get(resource_type)
    return None if key is None else _schema(key)


@cache
def _schema(key: str) -> Schema:
    raw = schemas.schema(key)
    paths = [tuple(path.split("/")[2:]) for path in raw.get("createOnlyProperties") or ()]
    read_only = [path.split("/")[2:] for path in raw.get("readOnlyProperties") or ()]
    write_only = {path.split("/")[2] for path in raw.get("writeOnlyProperties") or () if path.count("/") == 2}
    return Schema(
        readable=frozenset(raw["properties"].keys() - write_only),
        properties=frozenset(raw["properties"]),
        read_only=frozenset(path[0] for path in read_only if len(path) == 1),
        required=tuple(raw.get("required") or ()),
        create_only=tuple(paths),
        raw=raw,
    )
