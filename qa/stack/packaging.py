"""Code that a template names by a local path: packed as a zip, known by its content, put in by region."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CODE = "qa-code/"
"""The folder of packages in a bucket; a key there is the digest of what it holds."""
PROPERTIES: Mapping[str, str] = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}
"""The property that may be a local path, by resource type."""
SKIPPED = frozenset({"__pycache__", ".git", ".DS_Store"})
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: the same files are the same package whenever they are packed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What a path named, as a zip."""

    key: str
    content: bytes


def with_keys(content: Mapping[str, object], folder: Path) -> tuple[dict[str, Any], tuple[Package, ...]]:
    """Return a template whose local paths are keys of packages, and the packages; the template is copied.

    Paths count from the folder of the template. Raises UsageError for one that is not there.
    """
    found = deepcopy(dict(content))
    packages: dict[str, Package] = {}
    for logical_id, properties, name in _places(found):
        path = properties[name]
        if isinstance(path, str):
            package = packed(folder / path, what=f"{name} of {logical_id!r}")
            packages[package.key] = package
            properties[name] = {"S3Key": package.key}
    return found, tuple(packages.values())


def with_assets(
    content: Mapping[str, object], assets: Mapping[str, Path]
) -> tuple[dict[str, Any], tuple[Package, ...]]:
    """Return a template of a CDK assembly whose assets are keys of packages, and the packages.

    `assets` are files and folders by the key that the template names. Raises UsageError for an asset that
    something else than code of a function or layer uses.
    """
    found = deepcopy(dict(content))
    packages: dict[str, Package] = {}
    for logical_id, properties, name in _places(found):
        code = properties[name]
        key = code.get("S3Key") if isinstance(code, dict) else None
        if isinstance(key, str) and key in assets:
            package = packed(assets[key], what=f"{name} of {logical_id!r}")
            packages[package.key] = package
            properties[name] = {"S3Key": package.key}
    text = json.dumps(found)
    for key, path in assets.items():
        if f'"{key}"' in text or f"/{key}" in text:
            raise UsageError(
                f"the asset {path} is used by something else than the code of a function or a layer, "
                "which qa does not package. Deploy that part with the CDK."
            )
    return found, tuple(packages.values())


def with_bucket(content: Mapping[str, object], bucket: str) -> dict[str, Any]:
    """Return a template in which every package lies in this bucket."""
    found = deepcopy(dict(content))
    for _, properties, name in _places(found):
        if _is_ours(properties[name]):
            properties[name] = {"S3Bucket": bucket, "S3Key": properties[name]["S3Key"]}
    return found


def without_bucket(content: object) -> object:
    """Return a template with the keys of packages alone: the bucket is another one in each region."""
    if not isinstance(content, dict):
        return content
    found = deepcopy(content)
    for _, properties, name in _places(found):
        if _is_ours(properties[name]):
            properties[name] = {"S3Key": properties[name]["S3Key"]}
    return found


def _is_ours(code: object) -> bool:
    return (
        isinstance(code, dict)
        and code.keys() <= {"S3Bucket", "S3Key"}
        and str(code.get("S3Key", "")).startswith(CODE)
    )


def _places(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield logical ID, properties and the property's name of each resource that takes code."""
    resources = content.get("Resources")
    for logical_id, resource in resources.items() if isinstance(resources, dict) else ():
        if not isinstance(resource, dict):
            continue
        name = PROPERTIES.get(str(resource.get("Type")))
        properties = resource.get("Properties")
        if name is not None and isinstance(properties, dict) and name in properties:
            yield logical_id, properties, name


def packed(path: Path, *, what: str) -> Package:
    """Return a folder or file as a package; a zip is one already. Raises UsageError if it cannot be read."""
    try:
        is_packed = path.is_file() and zipfile.is_zipfile(path)
        content = path.read_bytes() if is_packed else _zipped(path, what)
    except OSError as error:
        raise UsageError(f"{what} names {path}, which cannot be read: {error.strerror}.") from error
    return Package(key=f"{CODE}{hashlib.sha256(content).hexdigest()}.zip", content=content)


def _zipped(path: Path, what: str) -> bytes:
    if not path.exists():
        raise UsageError(f"{what} names {path}, which is not there. Paths count from the template's folder.")
    files = {path.name: path} if path.is_file() else dict(_files(path))
    if not files:
        raise UsageError(f"{what} names {path}, which holds no file.")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            runs = files[name].stat().st_mode & stat.S_IXUSR
            info.external_attr = (stat.S_IFREG | (0o755 if runs else 0o644)) << 16
            package.writestr(info, files[name].read_bytes())
    return buffer.getvalue()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield name and path of all regular files; links are followed, each folder once on a way down."""
    for at, folders, names in os.walk(folder, followlinks=True):
        above = {parent.resolve() for parent in (Path(at), *Path(at).parents)}
        folders[:] = [
            name
            for name in folders
            if name not in SKIPPED
            and not ((Path(at) / name).is_symlink() and (Path(at) / name).resolve() in above)
        ]
        for name in names:
            path = Path(at) / name
            if name not in SKIPPED and path.is_file():
                yield path.relative_to(folder).as_posix(), path
