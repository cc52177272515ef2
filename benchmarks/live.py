"""A whole live run: its time, and the memory of its server and functions."""

from __future__ import annotations

import subprocess
import tempfile
import time

from .figures import Figure, Samples, Unit
from .measuring import ROOT, BenchmarkError, outside_make
from .memory import peak_of

COMMAND = ("make", "test-integration")
SERVER = b"qa.embedded"


def integration() -> tuple[Figure, ...]:
    """`make test-integration` on the embedded AWS, set up; the server's memory is watched all the while."""
    runs = [_live_run() for _ in range(3)]
    seconds, megabytes = zip(*runs, strict=True)
    return (
        Figure(measured=Samples(what="make test-integration", values=seconds), at_most=30.0),
        Figure(
            measured=Samples(what="peak memory, server and functions", values=megabytes, unit=Unit.MEGABYTES),
            at_most=600.0,
        ),
    )


def _live_run() -> tuple[float, float]:
    """Return seconds and the peak in MB of one run. Raises BenchmarkError when it is not green."""
    with tempfile.TemporaryFile("w+") as reported:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - a command of this project
            COMMAND, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=reported, stderr=reported, env=outside_make()
        )
        with peak_of(SERVER, below=process.pid) as peak:
            process.wait()
        seconds = time.perf_counter() - begun
        if process.returncode != 0:
            reported.seek(0)
            raise BenchmarkError(f"{' '.join(COMMAND)} ended red:\n{reported.read()[-3000:]}")
    return seconds, peak.megabytes
