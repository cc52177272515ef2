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
