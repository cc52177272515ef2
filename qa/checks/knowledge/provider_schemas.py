"""What AWS says of its resource types: the provider schemas that cfn-lint ships.

Only the JSON files are read: importing cfn-lint itself costs 0.7 s.
"""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from qa.errors import QaError


class SchemasMissingError(QaError):
    """There are no provider schemas to read."""


def regions() -> frozenset[str]:
    """Return the regions that there are schemas for."""
    return frozenset(path.stem for path in (_data() / "schemas" / "providers").glob("*-*-*.json"))


@cache
def resource_types(region: str) -> dict[str, str]:
    """Return the resource types of a region, each with the key of its schema; {} for an unknown region."""
    path = _data() / "schemas" / "providers" / f"{region}.json"
    return dict(_read(path)) if path.is_file() else {}


@cache
def schema(key: str) -> dict[str, Any]:
    """Return a resource type's schema by its key."""
    return dict(_read(_data() / "schemas" / "resources" / f"{key}.json"))


@cache
def runtime_lifecycle() -> dict[str, dict[str, str | None]]:
    """Return Lambda's runtimes: `deprecated`, `create-block`, `update-block` (dates) and `successor`."""
    return dict(_read(_data() / "AdditionalSpecs" / "LmbdRuntimeLifecycle.json"))


@cache
def edition() -> date:
    """Return the day the schemas are of."""
    written = _read(_data() / "schemas" / "version.json")["schema_date"]
    return date.fromisoformat(written[:10])


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def _data() -> Path:
    found = importlib.util.find_spec("cfnlint")
    if found is None or not found.submodule_search_locations:
        raise SchemasMissingError(
            "the schemas of the resource types are not installed; they come with cfn-lint: "
            "pip install 'qa-two-regions[embedded]'"
        )
    return Path(found.submodule_search_locations[0]) / "data"
