"""Make `data/` of the schemas that cfn-lint ships: `python -m qa.schemas.make`.

The content is all that decides: files whose content is the same stay as they are, whatever zlib wrote them.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from qa.schemas import DATA, INDEX, service_file

PROSE = frozenset({"description", "title", "$comment", "examples", "sourceUrl", "documentationUrl"})
"""Keys whose texts are for people."""


def content() -> dict[str, dict[str, Any]]:
    """Return what each file holds, by its name.

    Raises:
        ValueError: A type has several schemas, which the form cannot tell apart.
    """
    data = source()
    providers = sorted((data / "schemas" / "providers").glob("*.json"))
    types = {path.stem: _read(path) for path in providers}
    files: dict[str, dict[str, Any]] = defaultdict(dict)
    for path in sorted((data / "schemas" / "resources").glob("*.json")):
        schema = without_prose(_read(path))
        name = schema["typeName"]
        if name in files[service_file(name)]:
            raise ValueError(f"{name} has more than one schema")
        files[service_file(name)][name] = schema
    files[INDEX] = _index(data, types)
    return dict(files)


def without_prose(node: Any) -> Any:
    """Return a schema without the texts for people; properties that are called like them stay."""
    if isinstance(node, list):
        return [without_prose(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_prose(value)
        for key, value in node.items()
        if not (key in PROSE and not isinstance(value, dict))
    }


def write(folder: Path = DATA) -> list[str]:
    """Write the files that differ, remove those that are no more; return the names of all of these."""
    expected = content()
    folder.mkdir(exist_ok=True)
    there = {path.name: json.loads(gzip.decompress(path.read_bytes())) for path in folder.glob("*.json.gz")}
    names = sorted(expected.keys() | there.keys())
    changed = [name for name in names if expected.get(name) != there.get(name)]
    for name in changed:
        if name in expected:
            (folder / name).write_bytes(_packed(expected[name]))
        else:
            (folder / name).unlink()
    return changed


def _index(data: Path, types: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Types share a group that are absent from the same regions; regions are named by their place."""
    regions = sorted(types)
    absent: dict[tuple[int, ...], int] = {}
    groups = {
        name: absent.setdefault(
            tuple(place for place, region in enumerate(regions) if name not in types[region]), len(absent)
        )
        for name in sorted(set().union(*types.values()))
    }
    return {
        "edition": _read(data / "schemas" / "version.json")["schema_date"][:10],
        "regions": regions,
        "absent": [list(places) for places in absent],
        "types": groups,
        "runtimes": _read(data / "AdditionalSpecs" / "LmbdRuntimeLifecycle.json"),
    }


def _packed(value: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(value, separators=(",", ":"), sort_keys=True).encode(), 9, mtime=0)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def source() -> Path:
    """Return the folder of cfn-lint's data."""
    found = importlib.util.find_spec("cfnlint")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("cfn-lint is not installed: pip install 'qa-two-regions[dev]'")
    return Path(found.submodule_search_locations[0]) / "data"


if __name__ == "__main__":
    sys.stdout.write(f"{len(write())} files changed in {DATA.name}/\n")
