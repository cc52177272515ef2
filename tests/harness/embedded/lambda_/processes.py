"""What the system says of a process."""

from __future__ import annotations

from pathlib import Path


def is_running(pid: int) -> bool:
    """Say whether the process is there and has not ended; one that waits to be reaped has."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def process_of(function_name: str) -> int:
    """Return the ID, on this machine, of the Node process that runs a function."""
    mark = f"AWS_LAMBDA_FUNCTION_NAME={function_name}".encode()
    found = [pid for pid in _running_with(mark, "environ") if b"bootstrap.cjs" in _read(pid, "cmdline")]
    assert len(found) == 1, found
    return found[0]


def processes_with(argument: str) -> list[int]:
    """Return the processes that have this among their arguments and have not ended."""
    return _running_with(argument.encode(), "cmdline")


def _running_with(mark: bytes, file: str) -> list[int]:
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if mark in _read(pid, file).split(b"\0") and is_running(pid)]


def _read(pid: int, file: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{file}").read_bytes()
    except OSError:
        return b""
