"""The provider schemas of AWS's resource types, in a compact form of our own.

`data/` has one gzip file per service, without the texts for people, and one index: each region's types, the
runtimes of Lambda, and the day they are of. `python -m qa.schemas.make` makes it from what cfn-lint ships.
"""

from __future__ import annotations

import gzip
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
INDEX = "index.json.gz"


def regions() -> frozenset[str]:
    """Return the regions that there are schemas for."""
    return frozenset(region for region in _index()["regions"] if region.count("-") >= 2)


@cache
def resource_types(region: str) -> dict[str, str]:
    """Return the resource types of a region, each with the key of its schema; {} for an unknown region."""
    index = _index()
    if region not in index["regions"]:
        return {}
    place = index["regions"].index(region)
    lacking = {group for group, absent in enumerate(index["absent"]) if place in absent}
    return {name: name for name, group in index["types"].items() if group not in lacking}


def schema(key: str) -> dict[str, Any]:
    """Return a resource type's schema by its key."""
    return dict(_service(service_file(key))[key])


@cache
def written_identifier(key: str) -> tuple[str, ...]:
    """Return the properties that identify a resource, by its schema's key; () where AWS makes one of them."""
    found = schema(key)
    made = {_name(pointer) for pointer in found.get("readOnlyProperties", ())}
    names = tuple(_name(pointer) for pointer in found.get("primaryIdentifier", ()))
    return () if made.intersection(names) else names


def _name(pointer: str) -> str:
    return pointer.removeprefix("/properties/")


def runtime_lifecycle() -> dict[str, dict[str, str | None]]:
    """Return Lambda's runtimes: `deprecated`, `create-block`, `update-block` (dates) and `successor`."""
    return dict(_index()["runtimes"])


def edition() -> date:
    """Return the day the schemas are of."""
    return date.fromisoformat(_index()["edition"])


def service_file(resource_type: str) -> str:
    """Return the name of the file that has a type: AWS::DynamoDB::Table → AWS-DynamoDB.json.gz."""
    return "-".join(resource_type.split("::")[:2]) + ".json.gz"


@cache
def _index() -> dict[str, Any]:
    return _read(INDEX)


@cache
def _service(name: str) -> dict[str, Any]:
    return _read(name)


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress((DATA / name).read_bytes()))
    return content
