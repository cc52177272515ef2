"""Deployment packages: made of a template's text, checked, and extracted."""

from __future__ import annotations

import io
import lzma
import os
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from .refusals import invalid_parameter

if TYPE_CHECKING:
    from pathlib import Path

UNZIPPED_LIMIT = 262_144_000
"""Bytes, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""
_PIECE = 1 << 20
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,  # of bz2
    RuntimeError,  # a password or a method that zipfile does not know
    ValueError,
)


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


def is_inline_package(package: bytes) -> bool:
    """Say whether a zip is, to the byte, what CloudFormation makes of some text.

    CloudFormation calls the same operation as anybody else: nothing but the package says where it is from.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            (only,) = archive.infolist()
            runtime = {"index.js": "nodejs", "index.py": "python"}[only.filename]
            return inline_package(archive.read(only).decode(), runtime) == package
    except (*_UNREADABLE, KeyError):
        return False


def check_package(package: bytes) -> None:
    """Raise LambdaRefusalError when the bytes are not a zip file that can be unpacked, or unpack to too much.

    All is read once, and nothing written. zipfile reads no more of a member than its header declares, and
    then compares checksums: a header that lies costs no more than one that does not.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            _check_size(archive)
            for member in archive.infolist():
                with archive.open(member) as content:
                    while content.read(_PIECE):
                        pass
    except _UNREADABLE:
        raise invalid_parameter(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
        ) from None


def extract(package: bytes, folder: Path) -> None:
    """Write the package's files into a new folder."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        _check_size(archive)
        for member in archive.infolist():
            extracted = archive.extract(member, folder)
            mode = member.external_attr >> 16 & 0o777
            if mode and not member.is_dir():
                os.chmod(extracted, mode | 0o400)  # noqa: PTH101 - zipfile returns text


def _check_size(archive: zipfile.ZipFile) -> None:
    if sum(member.file_size for member in archive.infolist()) >= UNZIPPED_LIMIT:
        raise invalid_parameter(f"Unzipped size must be smaller than {UNZIPPED_LIMIT} bytes")
