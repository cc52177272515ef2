"""Deployment packages on disk: one folder per package, shared by all its environments."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import zipfile
from typing import TYPE_CHECKING

from .refusals import invalid_parameter

if TYPE_CHECKING:
    from pathlib import Path

_lock = threading.Lock()


def inline_package(source: str, runtime: str) -> bytes:
    """Return the zip that CloudFormation makes of `ZipFile` text.

    Raises LambdaRefusalError for a runtime that takes no text.
    """
    suffix = {"nodejs": "js", "python": "py"}.get(runtime.rstrip("0123456789.x"))
    if suffix is None:
        raise invalid_parameter(
            f"ZipFile can only be used when Runtime is set to either of nodejs or python, not {runtime!r}."
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        # a fixed date: the same source must have the same CodeSha256
        archive.writestr(zipfile.ZipInfo(f"index.{suffix}", (2020, 1, 1, 0, 0, 0)), source)
    return packed.getvalue()


def check_package(package: bytes) -> None:
    """Raise LambdaRefusalError when the bytes are not a zip file."""
    if not zipfile.is_zipfile(io.BytesIO(package)):
        raise invalid_parameter(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
        )


def unpack(package: bytes, *, below: Path, node_modules: Path) -> Path:
    """Return the task folder with the package's files; the SDK lies in `node_modules` above it.

    A link above the task folder serves require and import alike, and lets the package bring its own.
    """
    home = below / hashlib.sha256(package).hexdigest()[:24]
    task = home / "task"
    with _lock:
        if not task.is_dir():
            home.mkdir(parents=True, exist_ok=True)
            staging = home / "unpacking"
            _extract(package, staging)
            (home / "node_modules").symlink_to(node_modules, target_is_directory=True)
            staging.rename(task)
    return task


def _extract(package: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for member in archive.infolist():
            extracted = archive.extract(member, folder)
            mode = member.external_attr >> 16 & 0o777
            if mode and not member.is_dir():
                os.chmod(extracted, mode | 0o400)  # noqa: PTH101 - zipfile returns text
    folder.mkdir(exist_ok=True)
