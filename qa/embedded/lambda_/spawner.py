"""Starts each environment's process on a thread that the kernel has confined before.

What a thread may reach passes to all that it starts. Neither `preexec_fn` (which costs a fork of the server)
nor a launcher is needed, and nothing of ours runs between the two.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from . import orphans
from .confinement import confine_thread, enter_namespaces
from .isolation import isolation
from .relay import Relay
from .sandbox import descendants, dying_with_parent, signal_group

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from .runtime_api import RuntimeApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to start, and what it may reach."""

    command: list[str]
    variables: Mapping[str, str]
    folder: Path
    log: Path
    paths: Mapping[Path, int]
    runtime_api: RuntimeApi
    endpoint: str

    @property
    def address(self) -> tuple[str, int]:
        """Where the endpoint listens."""
        parts = urlsplit(self.endpoint)
        return parts.hostname or "127.0.0.1", parts.port or 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A process, and what else came to be with it."""

    process: subprocess.Popen[bytes]
    root: subprocess.Popen[bytes] | None = None
    """The first process of its tree, with which all others end; None without namespaces."""
    relay: Relay | None = None
    number: int | None = None
    """What all that it starts carries; None with namespaces, or where orphans cannot be found."""

    def kill(self) -> None:
        """End the process and all that it started."""
        children: tuple[int, ...] = ()
        if self.number is not None:
            children = orphans.carriers(self.number)
        elif self.root is None:
            children = descendants(self.process.pid)
        signal_group(self.process, signal.SIGKILL)
        for pid in children:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if self.root is not None:
            self.root.kill()

    def close(self) -> None:
        """Wait for the end after `kill`."""
        self.process.wait()
        if self.number is not None:
            orphans.end(self.number, spared=self.process.pid)
        if self.root is not None:
            self.root.wait()  # it ends last: when nothing of its tree is left
            if self.root.stdin is not None:
                self.root.stdin.close()
        if self.relay is not None:
            self.relay.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Born:
    """What a confined thread leaves: processes, and listeners if their network is their own."""

    process: subprocess.Popen[bytes]
    root: subprocess.Popen[bytes] | None
    listeners: list[socket.socket]


class Spawner:
    """Starts processes, each on a thread of its own that lives as long as they.

    The kernel sends the parent-death signal when the *thread* ends that started a process.
    """

    def start(self, program: Program) -> Started:
        """Return the started process, in a process group of its own; raises OSError when it cannot be."""
        here = isolation()  # a thread with namespaces of its own can start none to find out
        future: Future[_Born] = Future()
        # from here and not there: seccomp lets a confined thread change no mark
        with orphans.marked() if here.orphans and not here.namespaces else nullcontext() as number:
            threading.Thread(
                target=_start_and_stay, args=(program, future), daemon=True, name="qa-lambda-spawner"
            ).start()
            born = future.result()
        relay = None
        if born.listeners:
            for_runtime, for_endpoint = born.listeners
            program.runtime_api.move_to(for_runtime)
            relay = Relay(for_endpoint, program.address)
        return Started(process=born.process, root=born.root, relay=relay, number=number)


def _start_and_stay(program: Program, future: Future[_Born]) -> None:
    """Run on a thread that is good for nothing else afterwards: it may reach no more than the function."""
    try:
        with program.log.open("ab") as log:
            born = _start(program, log)
    except BaseException as error:  # noqa: BLE001 - the thread that waits for it is to see it
        future.set_exception(error)
        return
    pid = (born.root or born.process).pid
    future.set_result(born)
    if hasattr(os, "waitid"):
        with suppress(ChildProcessError):  # reaped already
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def _start(program: Program, log: BinaryIO) -> _Born:
    ports = (program.runtime_api.port, program.address[1])
    listeners: list[socket.socket] = []
    root = None
    try:
        if isolation().namespaces:
            listeners = enter_namespaces(ports)
            root = _start_root()
        confine_thread(program.paths, ports)
        process = subprocess.Popen(  # noqa: S603 - the command is ours; what it runs is the point
            program.command if root else [*dying_with_parent(), *program.command],
            env=dict(program.variables),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
        )
    except BaseException:
        if root is not None:
            root.kill()
        for listener in listeners:
            listener.close()
        raise
    return _Born(process=process, root=root, listeners=listeners)


def _start_root() -> subprocess.Popen[bytes]:
    """Start what does nothing but end with the server, and everything else with it.

    It reads from a pipe that nobody but the server can write to: its end comes with the server's, even
    when that is killed before a parent-death signal could be requested.
    """
    return subprocess.Popen(  # noqa: S603 - a program of the system
        [shutil.which("cat") or "/bin/cat"],
        env={},
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
