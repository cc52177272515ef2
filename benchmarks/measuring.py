"""How things are timed: by the wall clock, and in turns where two are compared."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import QaError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]


class BenchmarkError(QaError):
    """What was to be measured did not work."""


def seconds_of(call: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def cpu_seconds_of(call: Callable[[], object]) -> float:
    """Return how long this process works on one call: what it takes on a machine that does nothing else."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def in_turns(times: int, *calls: Callable[[], object]) -> tuple[tuple[float, ...], ...]:
    """Return the seconds of each call, taken in turns: what disturbs the machine disturbs them all."""
    rounds = [[seconds_of(call) for call in calls] for _ in range(times)]
    return tuple(zip(*rounds, strict=True))


def outside_make() -> dict[str, str]:
    """Return the environment without what `make bench ARGS=…` hands to the makes below it."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "ARGS"
    }


def run(
    command: Sequence[str | Path], *, cwd: Path = ROOT, environment: Mapping[str, str] | None = None
) -> str:
    """Run a command, in the checkout, and return what it printed. Raises BenchmarkError when it fails."""
    done = subprocess.run(  # noqa: S603 - commands of this package
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        output = (done.stdout + done.stderr)[-2000:]
        raise BenchmarkError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{output}")
    return done.stdout
