"""Finding what an environment has started, whatever became of its parents, without namespaces.

The server is made the parent of orphans, and everything that an environment starts carries a number that the
kernel passes on: the soft limit of POSIX message queues, which the seccomp filter lets nobody change.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .sandbox import descendants
from .system_calls import IS_LINUX, prctl

if TYPE_CHECKING:
    from collections.abc import Iterator

_PR_SET_CHILD_SUBREAPER = 36
_FEWEST = 4096  # numbers that the hard limit must leave
_SECONDS = 10.0  # how long `end` tries: a process may be stuck in the kernel
_LIMIT = re.compile(r"^Max msgqueue size\s+(\d+)", re.MULTILINE)
_numbers = itertools.count()
_start = threading.Lock()


def can_be_found() -> bool:
    """Say whether the kernel lets orphans be found here; seccomp is needed beside it."""
    if not IS_LINUX:
        return False
    import resource  # noqa: PLC0415 - not on Windows

    _, hard = resource.getrlimit(resource.RLIMIT_MSGQUEUE)
    return hard < 0 or hard >= _FEWEST


@contextmanager
def marked() -> Iterator[int]:
    """Give what any thread starts meanwhile a number, and return it; the number is one environment's."""
    import resource  # noqa: PLC0415 - not on Windows

    with _start:
        prctl(_PR_SET_CHILD_SUBREAPER, 1)
        soft, hard = resource.getrlimit(resource.RLIMIT_MSGQUEUE)
        number = 1 + next(_numbers) % (_FEWEST - 1 if hard < 0 else hard - 1)
        resource.setrlimit(resource.RLIMIT_MSGQUEUE, (number, hard))
        try:
            yield number
        finally:
            resource.setrlimit(resource.RLIMIT_MSGQUEUE, (soft, hard))


def carriers(number: int) -> tuple[int, ...]:
    """Return the server's descendants that carry a number, also those that wait to be reaped."""
    return tuple(pid for pid in descendants(os.getpid()) if _carries(pid, number))


def end(number: int, *, spared: int) -> None:
    """Kill and reap all carriers; `spared` is reaped by who waits for it."""
    deadline = time.monotonic() + _SECONDS
    while left := [pid for pid in carriers(number) if pid != spared]:
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            with suppress(ChildProcessError):  # its parent has not ended yet
                os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > deadline:
            return
        threading.Event().wait(0.001)  # lets them end


def _carries(pid: int, number: int) -> bool:
    process = Path("/proc", str(pid))
    try:
        limits = (process / "limits").read_text(encoding="ascii")
        status = (process / "status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    found = _LIMIT.search(limits)
    # what else the server may have started at the same time is under no filter
    return found is not None and int(found[1]) == number and "\nSeccomp:\t2" in status
