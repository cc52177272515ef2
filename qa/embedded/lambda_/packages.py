"""Unpacked packages on disk: each lies there as long as a function has it or an environment runs it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from .code import extract

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_KINDS_OF_CODE = 5
"""Kinds that Node's compile cache distinguishes: CommonJS, ES modules, and three of TypeScript."""


class Packages:
    """The packages in one folder. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()

    def hold(self, package: bytes, *, home: Path, node_modules: Path) -> Path:
        """Return the task folder with the package's files, which stay until they are released.

        The SDK lies in `node_modules` above it: a link there serves require and import alike, and lets
        the package bring its own. Beside the packages lies the compile cache that they share.
        """
        name = folder_name(hashlib.sha256(package).hexdigest())
        folder = home / "code" / name
        with self._lock:
            (home / "compile-cache").mkdir(parents=True, exist_ok=True)
            if not folder.is_dir():
                _unpack(package, folder, node_modules)
            self._held[name] += 1
        return folder / "task"

    def release(self, task: Path) -> None:
        """Give back what `hold` returned."""
        with self._lock:
            self._held[task.parent.name] -= 1

    def keep(self, digests: Collection[str], *, home: Path) -> None:
        """Remove all packages but those held or with one of these SHA-256, and what Node compiled of them."""
        kept = {folder_name(digest) for digest in digests}
        with self._lock:
            kept.update(+self._held)
            every = tuple((home / "code").glob("*"))
            gone = [folder for folder in every if folder.name not in kept]
            if not gone:
                return
            compiled = {name for folder in gone for name in compiled_names(folder / "task")}
            # moved first: the start of a function waits for a rename, and not for thousands of files
            removed = Path(tempfile.mkdtemp(dir=home, prefix="gone-"))
            for folder in gone:
                folder.rename(removed / folder.name)
            if len(gone) == len(every):
                (home / "compile-cache").rename(removed / "compile-cache")
            else:
                for entry in (home / "compile-cache").glob("*/*"):
                    if entry.name in compiled:
                        entry.unlink(missing_ok=True)
        shutil.rmtree(removed, ignore_errors=True)


def folder_name(digest: str) -> str:
    """Return the name of the folder of the package with this SHA-256."""
    return digest[:24]


def _unpack(package: bytes, folder: Path, node_modules: Path) -> None:
    staging = folder.parent.parent / f"unpacking-{folder.name}"
    try:
        extract(package, staging / "task")
        (staging / "node_modules").symlink_to(node_modules, target_is_directory=True)
        folder.parent.mkdir(exist_ok=True)
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def compiled_names(task: Path) -> Iterator[str]:
    """Yield the names that Node's compile cache may have for the files of a package.

    They are CRC-32 of the kind of code and the file's path or URL (src/compile_cache.cc), in eight digits.
    """
    for path in task.rglob("*"):
        for where in (str(path), path.as_uri()):
            for kind in range(_KINDS_OF_CODE):
                yield f"{zlib.crc32(where.encode('utf-8', 'surrogateescape'), zlib.crc32(bytes([kind]))):08x}"
