"""What a project has: its templates or its cloud assembly, and the regions that they name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa import schemas
from qa.errors import UsageError
from qa.template import Template, TemplateError, load_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

SUFFIXES = frozenset({".yaml", ".yml", ".json", ".template"})
DEPTH = 3
"""Folders below the project's that are looked into."""
_LEFT_OUT = frozenset({"node_modules", "venv", "build", "dist", "tests", "test", "cdk.out", "site-packages"})
_MARKS = ("AWSTemplateFormatVersion", "Resources")
_TYPE = re.compile(r"\b(AWS|Custom)::\w+")
_MOST = 2_000_000
"""Bytes of a file that may be a template; CloudFormation takes 1 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One template of the project."""

    name: str
    """Of its stack in the settings."""
    path: str
    """From the project's folder."""
    template: Template = field(repr=False)


def find_sources(root: Path, given: Sequence[Path]) -> tuple[Source, ...]:
    """Return the templates that are given, else those that lie in the folder.

    Raises UsageError for a file that is no template, and where there is none.
    """
    paths = [_inside(root, path) for path in given] if given else sorted(_candidates(root))
    if not paths:
        raise UsageError(
            f"no CloudFormation template in {root} (looked {DEPTH} folders deep at "
            f"{', '.join(sorted(SUFFIXES))}). Name one: qa init TEMPLATE"
        )
    names = _names(root, paths)
    return tuple(
        Source(name=name, path=path.relative_to(root).as_posix(), template=_loaded(path))
        for name, path in zip(names, paths, strict=True)
    )


def find_assembly(root: Path, given: Sequence[Path]) -> str | None:
    """Return the folder of a CDK cloud assembly, from the project's; None where there is none.

    Raises UsageError for an assembly that is given beside something else.
    """
    folders = [path for path in given if path.is_dir()] or ([root / "cdk.out"] if not given else [])
    found = [folder for folder in folders if (folder / "manifest.json").is_file()]
    if given and folders and not found:
        raise UsageError(
            f"{folders[0]} is a folder without manifest.json, so no cloud assembly. Run `cdk synth`."
        )
    if found and len(given) > 1:
        raise UsageError("a cloud assembly is given alone: it names its stacks and their order itself")
    return _inside(root, found[0]).relative_to(root).as_posix() if found else None


def regions_named(sources: Iterable[Source]) -> tuple[str, ...]:
    """Return the regions that the templates name outside Mappings, the most named first."""
    known, count = schemas.regions(), dict[str, int]()
    for source in sources:
        body = {section: part for section, part in source.template.body.items() if section != "Mappings"}
        for text in _texts(body):
            if text in known:
                count[text] = count.get(text, 0) + 1
    return tuple(sorted(count, key=lambda region: -count[region]))


def _inside(root: Path, path: Path) -> Path:
    absolute = (root / path).resolve()
    if not absolute.is_relative_to(root.resolve()):
        raise UsageError(f"{path} is outside of {root}: run qa init in the folder that holds it")
    if not absolute.exists():
        raise UsageError(f"there is no {path}")
    return root / absolute.relative_to(root.resolve())


def _candidates(folder: Path, depth: int = DEPTH) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir() and depth and path.name not in _LEFT_OUT:
            yield from _candidates(path, depth - 1)
        elif path.is_file() and path.suffix in SUFFIXES and _is_template(path):
            yield path


def _is_template(path: Path) -> bool:
    """Tell whether a file that nobody named is a template; what cannot be read is none."""
    if path.stat().st_size > _MOST:
        return False
    try:
        text = path.read_text(encoding="utf-8")
        if not (any(mark in text for mark in _MARKS) and _TYPE.search(text)):
            return False
        return bool(load_template(path).resources)
    except (OSError, UnicodeDecodeError, TemplateError):
        return False


def _loaded(path: Path) -> Template:
    template = load_template(path)
    if not template.resources:
        raise UsageError(f"{path} has no Resources, so it is no CloudFormation template")
    return template


def _names(root: Path, paths: Sequence[Path]) -> list[str]:
    """Return a stack's name for each file: its own, with its folder where two files are called alike."""
    stems = [_slug(path.stem) for path in paths]
    return [
        stem if stems.count(stem) == 1 else _slug("-".join(path.relative_to(root).with_suffix("").parts))
        for stem, path in zip(stems, paths, strict=True)
    ]


def _slug(text: str) -> str:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
    return slug if slug[:1].isalpha() else f"stack-{slug}".rstrip("-")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def assembly_regions(folder: Path) -> tuple[str, ...]:
    """Return the regions of an assembly's stacks, in the manifest's order; none for "unknown-region"."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    artifacts = manifest.get("artifacts", {}).values()
    found = [str(each.get("environment", "")).rpartition("/")[2] for each in artifacts]
    return tuple(dict.fromkeys(region for region in found if region in schemas.regions()))
