"""Processes of this machine as tests of killed runs see them; Linux only, by /proc."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WORKER, SERVER, FUNCTION = "sys.stdin.readline", "qa.embedded", "node"
"""What stands in the command line of xdist's workers, of an embedded AWS, of a function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process; the tick at which it started tells it from a later one of the same ID."""

    process_id: int
    started: int
    command: str


def processes_in(folder: Path) -> dict[int, str]:
    """Return the live processes whose working directory is the folder, with their command lines."""
    found = {}
    for process_id in _process_ids():
        with suppress(OSError):  # it ended meanwhile
            command = _command(process_id)
            if Path(f"/proc/{process_id}/cwd").readlink() == folder and command and process_id != os.getpid():
                found[process_id] = command
    return found


def family(process_id: int) -> tuple[Process, ...]:
    """Return what lives under a process, and itself first."""
    parents = {each: stat for each in _process_ids() if (stat := _stat(each)) is not None}
    found = []
    for each, stat in parents.items():
        above: int | None = each
        while above is not None and above != process_id:
            above = parents[above][0] if above in parents else None
        if above == process_id:
            found.append(Process(process_id=each, started=stat[1], command=_command(each)))
    return tuple(sorted(found, key=lambda process: process.process_id != process_id))


def descendants(process_id: int, *, containing: str) -> tuple[int, ...]:
    """Return the live processes under one, whose command line holds the text."""
    return tuple(each.process_id for each in family(process_id)[1:] if containing in each.command)


def survivors(processes: Iterable[Process]) -> tuple[Process, ...]:
    """Return those that still live; one that only waits to be reaped does not."""
    found = []
    for each in processes:
        stat = _stat(each.process_id)
        if stat is not None and stat[1] == each.started and stat[2] != "Z":
            found.append(each)
    return tuple(found)


def kill(process_id: int) -> None:
    """End one process without its leave; one that has ended is ended."""
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)


def _process_ids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _stat(process_id: int) -> tuple[int, int, str] | None:
    """Return parent, tick of the start, and state; None for a process that ended."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), int(fields[19]), fields[0]


def _command(process_id: int) -> str:
    try:
        text = Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return ""
    return text.replace(b"\0", b" ").decode("utf-8", "replace").strip()
