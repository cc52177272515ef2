"""What this machine has to have: Python, packages, Node, ports, room to write."""

from __future__ import annotations

import errno
import importlib.metadata
import importlib.util
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import QaError
from qa.invocation import INSTALL, SETUP

from .finding import note, ok, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .finding import Finding

OLDEST = (3, 11)
ROOM = 200_000_000
"""Bytes: server scratch, outputs, reports and evidence of a run stay far below."""

MEMORY = 600_000_000
"""Bytes: server, functions and workers of one run on the embedded AWS together (docs/benchmarks.md)."""
FREE_SPACE = "free some space: make clean"


def python() -> Iterator[Finding]:
    """Look at the interpreter, and at what makes a virtual environment."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        yield wrong(
            "Python", f"{version} at {sys.executable}", "Python 3.11 or later: make PYTHON=/path/to/it setup"
        )
    else:
        yield ok("Python", f"{version} at {sys.executable}")
    absent = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if absent and sys.prefix == sys.base_prefix:
        yield wrong(
            "venv",
            f"this Python lacks {' and '.join(absent)}",
            "Debian, Ubuntu: apt-get install python3-venv",
        )
    elif sys.prefix == sys.base_prefix:
        yield note("venv", "this Python is in no virtual environment", f"{SETUP}, then .venv/bin/qa")
    else:
        yield ok("venv", sys.prefix)


def packages(*, embedded: bool) -> Iterator[Finding]:
    """Look whether what the package declares is installed; its embedded AWS only where that is the target."""
    try:
        declared = importlib.metadata.requires("qa-two-regions") or []
    except importlib.metadata.PackageNotFoundError:
        yield wrong("packages", "qa itself is not installed in this Python", INSTALL)
        return
    from packaging.requirements import Requirement  # noqa: PLC0415 - comes with pytest; may be absent

    extras = ("", "embedded") if embedded else ("",)
    amiss, seen = [], 0
    for each in map(Requirement, declared):
        if each.marker is not None and not any(each.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        seen += 1
        try:
            version = importlib.metadata.version(each.name)
        except importlib.metadata.PackageNotFoundError:
            amiss.append(f"{each.name} is missing")
            continue
        if not each.specifier.contains(version, prereleases=True):
            amiss.append(f"{each.name} is {version}, expected {each.specifier}")
    yield wrong("packages", "; ".join(amiss), INSTALL) if amiss else ok("packages", f"{seen} as declared")


def node() -> Iterator[Finding]:
    """Look at the Node that runs functions, and at the AWS SDK for it."""
    from qa.embedded.lambda_ import toolchain  # noqa: PLC0415 - standard library only, but not for every target
    from qa.embedded.lambda_.runtimes import RUNTIMES  # noqa: PLC0415 - as above

    try:
        for runtime in RUNTIMES:
            executable = toolchain.node_executable(runtime)
            reported = subprocess.run(  # noqa: S603 - our own Node
                [executable, "--version"], capture_output=True, text=True, check=True, timeout=20
            )
            yield ok("Node", f"{reported.stdout.strip()} at {executable}")
    except QaError as error:
        yield wrong("Node", str(error), SETUP)
        return
    except (OSError, subprocess.SubprocessError) as error:
        yield wrong("Node", f"it does not run: {error}", f"rm -rf {executable.parents[2]}, then {SETUP}")
        return
    try:
        modules = toolchain.find().node_modules
    except QaError as error:
        yield wrong("Node's SDK", str(error), SETUP)
        return
    if (modules / "@aws-sdk").is_dir():
        yield ok("Node's SDK", str(modules))
    else:
        yield wrong("Node's SDK", f"{modules} holds no @aws-sdk", f"rm -rf {modules.parent}, then {SETUP}")


def functions() -> Iterator[Finding]:
    """Say what keeps functions from the rest of this machine, and what it does not stop."""
    from qa.embedded.lambda_.isolation import isolation  # noqa: PLC0415 - as in node

    here = isolation()
    summary = f"isolated {here.summary}; not stopped: {', '.join(here.not_stopped)}"
    yield (ok if here.is_by_kernel else note)("functions", summary)


def ports() -> Iterator[Finding]:
    """Look whether a server can listen on this machine and be reached."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=2).close()
    except OSError as error:
        yield wrong(
            "ports", f"no server can be reached on 127.0.0.1: {error}", "a sandbox or firewall forbids it"
        )
    else:
        yield ok("ports", "a server on 127.0.0.1 can be reached; runs take free ports")


def folder(about: str, path: Path) -> Iterator[Finding]:
    """Look whether a folder, or the one that it would be made in, can be written to and has room."""
    there = next(each for each in (path, *path.parents) if each.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as probe:
            probe.write(b"qa")
    except OSError as error:
        remedy = FREE_SPACE if error.errno in {errno.ENOSPC, errno.EDQUOT} else "fix its owner or its rights"
        yield wrong(about, f"{there} cannot be written to: {error.strerror}", remedy)
        return
    free = shutil.disk_usage(there).free
    if free < ROOM:
        yield wrong(about, f"{there} has only {free // 1_000_000} MB left", FREE_SPACE)
    else:
        yield ok(about, f"{path} can be written to")


def memory(meminfo: Path = Path("/proc/meminfo"), group: Path = Path("/sys/fs/cgroup")) -> Iterator[Finding]:
    """Look whether a run on the embedded AWS fits into what this machine, or its container, has free."""
    free = min(filter(None, (_free_memory(meminfo), _allowed_memory(group))), default=None)
    if free is None:
        yield note(
            "memory", f"this system does not report what is free; a run takes {MEMORY // 1_000_000} MB"
        )
    elif free < MEMORY:
        yield wrong(
            "memory",
            f"only {free // 1_000_000} MB are free, and a run takes up to {MEMORY // 1_000_000} MB",
            "end other programs, or give the container more",
        )
    else:
        yield ok("memory", f"{free // 1_000_000:,} MB are free")


def _free_memory(meminfo: Path) -> int | None:
    try:
        match = re.search(r"^MemAvailable:\s+(\d+) kB$", meminfo.read_text(encoding="ascii"), re.MULTILINE)
    except OSError:  # not Linux
        return None
    return None if match is None else int(match[1]) * 1024


def _allowed_memory(group: Path) -> int | None:
    """Return what the container may still take; None without a limit (its file then says `max`)."""
    try:
        most, used = (group / name for name in ("memory.max", "memory.current"))
        return max(1, int(most.read_text(encoding="ascii")) - int(used.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return None


def clock() -> Iterator[Finding]:
    """Look whether the clock is before the time that this very program was written."""
    written = Path(__file__).stat().st_mtime
    if time.time() < written - 60:
        yield wrong("clock", "it is behind the files of qa itself", "set it: timedatectl set-ntp true")
    else:
        yield ok("clock", time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))
