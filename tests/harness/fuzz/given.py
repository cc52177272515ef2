"""An input of the campaign: a file, and what the commands are told beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A template's bytes under a file name, with options such as ("--parameter", "Name=x")."""

    kind: str
    name: str
    content: bytes
    options: tuple[str, ...] = ()


def written(body: Any, *, kind: str, options: tuple[str, ...] = ()) -> Given:
    """Return parsed content as an input in JSON."""
    text = json.dumps(body, separators=(",\n", ": "))
    return Given(kind=kind, name="t.json", content=text.encode("utf-8", "surrogatepass"), options=options)


def save(given: Given, folder: Path) -> Path:
    """Write an input so that `read_back` finds it all; return the template's path."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"kind": given.kind, "name": given.name, "options": given.options}
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / given.name).write_bytes(given.content)
    return folder / given.name


def read_back(folder: Path) -> Given:
    """Return an input that `save` wrote."""
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    return Given(
        kind=about["kind"],
        name=about["name"],
        content=(folder / about["name"]).read_bytes(),
        options=tuple(about["options"]),
    )
