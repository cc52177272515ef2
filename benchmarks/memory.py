"""The memory of a tree of processes, as Linux tells it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc")
EVERY = 0.5
"""Seconds between two looks; one costs some milliseconds of a core."""


class Peak:
    """The most that was seen, in MB of 1,000,000 bytes."""

    def __init__(self) -> None:
        self.megabytes = 0.0

    def saw(self, megabytes: float) -> None:
        """Take a new value into account."""
        self.megabytes = max(self.megabytes, megabytes)


@contextmanager
def peak_of(command: bytes, *, below: int) -> Iterator[Peak]:
    """Watch the processes below one whose command line has these bytes, and all below them."""
    peak, ended = Peak(), threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY):
            peak.saw(proportional_megabytes(command, below=below))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def proportional_megabytes(command: bytes, *, below: int) -> float:
    """Return the sum of the proportional set sizes: what is shared counts once over all who share it."""
    parents = _parents()
    roots = [process for process in _tree(below, parents) if command in _read(process, "cmdline")]
    counted = {process for root in roots for process in _tree(root, parents)}
    return sum(_proportional_kilobytes(process) for process in counted) * 1024 / 1e6


def _tree(root: int, parents: dict[int, int]) -> set[int]:
    found = {root}
    while True:
        more = {process for process, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def _parents() -> dict[int, int]:
    """Return process ID → its parent's."""
    parents = {}
    for folder in PROC.glob("[0-9]*"):
        # the name in parentheses may hold blanks and parentheses itself
        fields = _read(int(folder.name), "stat").rpartition(b")")[2].split()
        if len(fields) > 1:
            parents[int(folder.name)] = int(fields[1])
    return parents


def _proportional_kilobytes(process: int) -> int:
    for line in _read(process, "smaps_rollup").splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1])
    return 0


def _read(process: int, name: str) -> bytes:
    """Return a file of a process; nothing when it has ended."""
    try:
        return (PROC / str(process) / name).read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
