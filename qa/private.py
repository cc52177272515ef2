"""Files of a run that only their owner may read, whatever the umask; a file appears whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from tempfile import mkstemp


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


def open_private_to_append(path: Path) -> int:
    """Return the descriptor of a file to append to, made with mode 0600 if there is none. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def write_private(path: Path, text: str) -> None:
    """Write the file with mode 0600, also over one that others could read. Raises OSError."""
    handle, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
