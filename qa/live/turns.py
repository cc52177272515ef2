"""Who may run beside whom: a check that takes a region away runs alone, on whatever worker it is.

Two locks of the run's folder, which its workers share: each check holds the first for itself or together with
others, and what waits for it holds the second, so that one that runs alone is not passed by for ever.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from qa.private import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pytest

FOLDER = "plan"
LOCKS = ("turn.lock", "turns.lock")


def turn_of(item: pytest.Item, folder: Path) -> AbstractContextManager[None]:
    """Return the turn of a test in the run of that folder: alone if the marker of the check says so."""
    marker = item.get_closest_marker("qa_check")
    if marker is None:
        return nullcontext()
    return turn(folder / FOLDER, alone=bool(marker.kwargs.get("alone", False)))


@contextmanager
def turn(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the run's lock inside the block: with all others, or for oneself."""
    import fcntl  # noqa: PLC0415 - not on Windows, where nothing that is embedded runs

    kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    with ExitStack() as held:
        with suppress(OSError):  # a full disk: the check itself says so, if it has to write
            make_private_folder(folder)
            queue, lock = (held.enter_context(_opened(folder / name)) for name in LOCKS)
            fcntl.flock(queue, kind)
            fcntl.flock(lock, kind)
            fcntl.flock(queue, fcntl.LOCK_UN)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)  # and with it goes the lock
