"""What AWS says of its resource types: the provider schemas that cfn-lint ships.

Only the JSON files are read: importing cfn-lint itself costs 0.7 s.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One resource type of one region; property paths are tuples of names."""

    properties: frozenset[str]
    read_only: frozenset[str]
    required: tuple[str, ...]
    create_only: tuple[tuple[str, ...], ...]
    """Paths whose change needs a new physical resource."""


def schema_of(resource_type: str, region: str) -> Schema | None:
    """Return the type's schema; None for a type that the region does not have."""
    digest = _types(region).get(resource_type)
    return None if digest is None else _schema(digest)


@cache
def _folder() -> Path:
    found = importlib.util.find_spec("cfnlint")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("cfn-lint, whose provider schemas are needed, is not installed")
    return Path(found.submodule_search_locations[0]) / "data" / "schemas"


@cache
def _types(region: str) -> dict[str, str]:
    path = _folder() / "providers" / f"{region}.json"
    if not path.is_file():
        return {}
    types: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return types


@cache
def _schema(digest: str) -> Schema:
    raw: dict[str, Any] = json.loads((_folder() / "resources" / f"{digest}.json").read_text(encoding="utf-8"))
    paths = [tuple(path.split("/")[2:]) for path in raw.get("createOnlyProperties") or ()]
    read_only = [path.split("/")[2:] for path in raw.get("readOnlyProperties") or ()]
    return Schema(
        properties=frozenset(raw["properties"]),
        read_only=frozenset(path[0] for path in read_only if len(path) == 1),
        required=tuple(raw.get("required") or ()),
        create_only=tuple(paths),
    )
