"""Several workers until the CPU time is used up; what they find is kept as files that can be run again."""

from __future__ import annotations

import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .given import save
from .inputs import made
from .worker import BUDGET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KEPT = 3
"""Inputs that are kept of one failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How long, with what, and where finds are kept."""

    cpu_seconds: float
    workers: int
    seed: str
    folder: Path
    first: int = 0
    """The number of the first input."""
    patience: float = 600.0
    """Seconds of the clock without a word after which a worker counts as stuck."""
    command: tuple[str, ...] = (sys.executable, "-m", "tests.harness.fuzz.worker")


@dataclass(slots=True)
class Tally:
    """What came of it so far; the threads share one."""

    cpu: float = 0.0
    inputs: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)
    """Seconds of CPU time of one command, and the input's number."""
    memory: int = 0
    """Kilobytes at the most (on Linux)."""
    failures: Counter[str] = field(default_factory=Counter)
    """First line of each failure, and how often."""

    def add(self, word: dict[str, Any]) -> None:
        """Count one input."""
        self.cpu += word["cpu"]
        self.inputs[word["kind"]] += 1
        self.codes.update(word["codes"])
        self.slowest = max(self.slowest, (word["slowest"], word["number"]))
        self.memory = max(self.memory, word["memory"])
        self.failures.update(failure.partition("\n")[0] for failure in word["failures"])


def run(settings: Settings) -> Tally:
    """Run until the CPU time is used up; raises what breaks the campaign itself."""
    tally, lock = Tally(), threading.Lock()

    def lane(index: int) -> None:
        next_number = settings.first + index
        folder = settings.folder / f"worker-{index}"
        while tally.cpu < settings.cpu_seconds:
            for word in _words(settings, next_number, folder):
                with lock:
                    tally.add(word)
                    _keep(word, settings, folder, tally)
                    if tally.inputs.total() % 50 == 0:
                        _note(tally, settings.folder / "so-far.txt")
                next_number = word["number"] + settings.workers
                if tally.cpu >= settings.cpu_seconds:
                    break

    with ThreadPoolExecutor(settings.workers) as pool:
        for done in [pool.submit(lane, index) for index in range(settings.workers)]:
            done.result()
    return tally


def _words(settings: Settings, first: int, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what a worker tells until its life is over; when it is stuck or dies, that is the last word."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ("--seed", settings.seed, "--first", str(first), "--step", str(settings.workers))
    with (
        (folder / "stderr").open("w+b") as errors,
        subprocess.Popen(
            [*settings.command, *words, "--folder", str(folder)], stdout=subprocess.PIPE, stderr=errors
        ) as worker,
    ):
        try:
            assert worker.stdout is not None
            number = first
            for line in _lines(worker.stdout.fileno(), settings.patience):
                word = json.loads(line) if line else None
                if word is None:
                    worker.kill()
                    break
                yield word
                number = word["number"] + settings.workers
            code = worker.wait()
        finally:
            worker.kill()
        if code != 0:
            yield _last_word(number, code, (folder / "stderr").read_text("utf-8", "replace"))


def _lines(descriptor: int, patience: float) -> Iterator[bytes]:
    """Yield lines until the end; an empty one when nothing came for too long."""
    waiting = b""
    while True:
        ready, _, _ = select.select([descriptor], [], [], patience)
        if not ready:
            yield b""
            return
        read = os.read(descriptor, 65_536)
        if not read:
            return
        *lines, waiting = (waiting + read).split(b"\n")
        yield from lines


def _last_word(number: int, code: int, stderr: str) -> dict[str, Any]:
    how = f"ended by signal {-code}" if code < 0 else f"ended with {code}"
    return {
        "number": number,
        "kind": "lost",
        "codes": [],
        "slowest": BUDGET,
        "cpu": BUDGET,
        "memory": 0,
        "failures": [f"lost: the worker was {how}{_innermost(stderr)}\n{stderr[-4000:]}"],
    }


def _innermost(stderr: str) -> str:
    """Return the innermost place in qa of a stack that faulthandler wrote."""
    places = [line.strip() for line in stderr.splitlines() if "/qa/" in line and "File" in line]
    return f" in {Path(places[0].split(chr(34))[1]).name}:{places[0].rpartition(' ')[2]}" if places else ""


def _keep(word: dict[str, Any], settings: Settings, folder: Path, tally: Tally) -> None:
    for failure in word["failures"]:
        signature = failure.partition("\n")[0]
        if tally.failures[signature] > _KEPT:
            continue
        digest = hashlib.sha256(signature.encode()).hexdigest()[:8]
        place = settings.folder / "finds" / f"{digest}-{word['number']}"
        if word["kind"] == "lost":
            shutil.copytree(folder, place, dirs_exist_ok=True)
        else:  # the worker has gone on, and its folder holds another input
            save(made(settings.seed, word["number"]), place)
        (place / "why.txt").write_text(failure, encoding="utf-8")


def _note(tally: Tally, file: Path) -> None:
    """Write the figures so far: a long campaign may be broken off."""
    lines: list[str] = []
    summary(tally, lines.append)
    file.write_text("".join(lines), encoding="utf-8")


def summary(tally: Tally, write: Callable[[str], object]) -> None:
    """Write the figures and the failures, most frequent first."""
    inputs = ", ".join(f"{count} {kind}" for kind, count in sorted(tally.inputs.items()))
    codes = ", ".join(f"{count} x {code}" for code, count in sorted(tally.codes.items()))
    write(f"{tally.cpu:.0f} s of CPU time, {tally.inputs.total()} inputs: {inputs}\n")
    write(f"{tally.codes.total()} commands, exit codes: {codes}\n")
    seconds, number = tally.slowest
    write(f"slowest command: {seconds:.2f} s (input {number}); most memory: {tally.memory // 1024} MB\n")
    for signature, count in tally.failures.most_common():
        write(f"{count} x {signature}\n")
    write("no failures\n" if not tally.failures else f"{len(tally.failures)} kinds of failure\n")
