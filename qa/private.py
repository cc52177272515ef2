"""Files of a run that only their owner may read, whatever the umask; a file appears whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def make_private_folder(folder: Path) -> None:
    """Make the folder and its parents, each new one for the owner alone; the mode of others stays.

    Raises OSError; NotADirectoryError where a file has the name.
    """
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError as error:  # another process was faster, or it is a file
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error


def append_private(path: Path, data: bytes, *, on_disk: bool = False) -> int:
    """Append to a file, made with mode 0600 if there is none, and return how long it is after our own bytes.

    One write, which the system appends as a whole; with `on_disk` it is there also after a power failure.
    Raises OSError that names the file, also when the disk took only a part.
    """
    with _named(path):
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(handle, data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if on_disk:
                os.fsync(handle)
            return os.fstat(handle).st_size
        finally:
            os.close(handle)


def write_private(path: Path, text: str) -> None:
    """Write the file with mode 0600, also over one that others could read. Raises OSError that names it."""
    with _named(path):
        handle, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Name the file in an OSError: the system names none that is open, and otherwise the scratch file."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
