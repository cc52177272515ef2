"""A process that works through inputs by number and tells of each in a line of JSON.

Two bounds hold it from outside Python: the kernel ends it after BUDGET seconds of CPU time for one input,
with the stack on standard error, and refuses it more than MOST_MEMORY bytes.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .given import save
from .inputs import made
from .judge import CHECK_FORMS, GRAPH_FORMS, judged

if TYPE_CHECKING:
    from collections.abc import Sequence

BUDGET = 15.0
MOST_MEMORY = 1_300_000_000
"""Bytes of address space: what the process has from the start, and 1 GB."""
_LIFE = 1_500
"""Inputs until a fresh process goes on: the schemas of all types that came up stay in memory."""


def main(words: Sequence[str] | None = None) -> int:
    """Work until told to stop by the end of the process, or until a life is over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", required=True)
    parser.add_argument("--first", type=int, required=True)
    parser.add_argument("--step", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    args = parser.parse_args(words)
    bounded()
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1, encoding="utf-8")
    for number in range(args.first, args.first + args.step * _LIFE, args.step):
        lines.write(json.dumps(outcome(args.seed, number, args.folder)) + "\n")
    return 0


def bounded() -> None:
    """Let the kernel end this process when an input takes too long, and refuse it too much memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    faulthandler.enable()
    faulthandler.register(signal.SIGPROF, chain=True)


def outcome(seed: str, number: int, folder: Path) -> dict[str, object]:
    """Judge one input; return what became of it."""
    signal.setitimer(signal.ITIMER_PROF, BUDGET)
    started = time.process_time()
    given = made(seed, number)
    save(given, folder)
    forms = (CHECK_FORMS[number // 10 % len(CHECK_FORMS)], GRAPH_FORMS[number // 10 % len(GRAPH_FORMS)])
    verdict = judged(given, folder, forms)
    signal.setitimer(signal.ITIMER_PROF, 0)
    return {
        "number": number,
        "kind": given.kind,
        "codes": verdict.codes,
        "slowest": verdict.cpu,
        "cpu": time.process_time() - started,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "failures": verdict.failures,
    }


if __name__ == "__main__":
    raise SystemExit(main())
