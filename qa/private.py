"""Files of a run that only their owner may read, whatever the umask; a file appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp


def make_private_folder(folder: Path) -> None:
    """Make the folder if there is none, for the owner alone; the mode of one that exists stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise


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
