"""`qa check`: as a process against cfn-lint, in a process that runs, and as the template grows."""

from __future__ import annotations

import gc
import io
import json
import sys
import tempfile
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa.checks import check
from qa.cli import main as qa_command
from qa.commands.check import CLEAN, FOUND
from qa.template import load_template

from .figures import Curve, Figure, Samples, Unit
from .measuring import BenchmarkError, cpu_seconds_of, in_turns, run, seconds_of
from .static import CFN_LINT, LINT, TEMPLATE
from .templates import chained, design, faulty, grown_json, grown_yaml, whole_copies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


QA_CHECK = (Path(sys.executable).with_name("qa"), "check", TEMPLATE)
REGIONS = ("us-east-1", "us-west-2")

COLD = """
import json, sys, time
from qa.commands.check import CLEAN, FOUND
from qa.checks import check
from qa.template import load_template
begun = time.perf_counter()
findings = check(load_template(sys.argv[1]), regions=("us-east-1", "us-west-2"))
print(json.dumps([time.perf_counter() - begun, len(findings)]))
"""
# a child counts what its parent held when it was started, so a small process starts the measured one
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""

SIZES = (50, 100, 200, 500, 1_000, 2_000, 5_000)  # larger ones are above what qa check reads
FEW = 500
"""Below so many resources, what a check costs whatever the template's size weighs."""
REPETITIONS = 3
REMEMBERED = 8
"""Of so many templates and more, the first is forgotten."""
JSON, YAML, CHAIN, FINDINGS = "JSON", "YAML", "one chain", "with findings"


def process() -> tuple[Figure, ...]:
    """`qa check` of the project's template against cfn-lint of it, each a process; and what they hold."""
    ours, lint = in_turns(7, lambda: run(QA_CHECK), lambda: run(CFN_LINT))
    held, lint_held = (tuple(_peak_megabytes(command) for _ in range(3)) for command in (QA_CHECK, CFN_LINT))
    return (
        Figure(
            measured=Samples(what="qa check as a process", values=ours),
            reference=Samples(what=LINT, values=lint),
            at_most_ratio=1 / 5,
        ),
        Figure(
            measured=Samples(what="peak memory of qa check", values=held, unit=Unit.MEGABYTES),
            reference=Samples(what="that of cfn-lint", values=lint_held, unit=Unit.MEGABYTES),
            at_most=60.0,
        ),
    )


def _peak_megabytes(command: Sequence[str | Path]) -> float:
    """Return the most that a process held in memory, in MB of 1,000,000 bytes."""
    return int(run([sys.executable, "-c", PEAK, *command])) * 1024 / 1e6


def in_process() -> tuple[Figure, ...]:
    """Reading and checking the template by all rules: the first time after the imports, and then again."""
    cold = tuple(json.loads(run([sys.executable, "-c", COLD, TEMPLATE]))[0] for _ in range(15))
    _check_file()
    warm = tuple(seconds_of(_check_file) for _ in range(100))
    return (
        Figure(measured=Samples(what="all rules in a process, cold", values=cold), at_most=0.060),
        Figure(measured=Samples(what="all rules in a process, warm", values=warm), at_most=0.015),
    )


def _check_file() -> None:
    check(load_template(TEMPLATE), regions=REGIONS)


def growth() -> tuple[Figure | Curve, ...]:
    """The command in a process that runs, by the number of resources and by kind of template."""
    good = design()
    kinds: dict[str, Callable[[int], str]] = {
        JSON: partial(grown_json, good),
        YAML: partial(grown_yaml, good),
        CHAIN: chained,
        FINDINGS: partial(grown_json, faulty(good)),
    }
    sizes = tuple(whole_copies(good, size) for size in SIZES)
    measured = {
        kind: {size: _timed(f"{size:,} resources, {kind}", make(size)) for size in sizes}
        for kind, make in kinds.items()
    }
    curves = (
        Curve(what=kind, points=tuple((size, samples.median) for size, samples in by_size.items()))
        for kind, by_size in measured.items()
    )
    return *_growth_figures(measured), *curves


def _timed(what: str, text: str) -> Samples:
    values = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template"
        path.write_text(text, encoding="utf-8")
        for _ in range(REMEMBERED):  # the template before this one, if large, takes long to forget
            _check_command(TEMPLATE)
        for _ in range(REPETITIONS):
            gc.collect()
            values.append(cpu_seconds_of(lambda: _check_command(path)))
    return Samples(what=what, values=tuple(values))


def _growth_figures(measured: Mapping[str, Mapping[int, Samples]]) -> tuple[Figure, ...]:
    """Return the budgets of two sizes, each by the slowest kind, and of the growth up to the largest."""

    def slowest(size: int) -> Samples:
        here = (next(each[found] for found in each if found >= size) for each in measured.values())
        return max(here, key=lambda samples: samples.median)

    each_resource = [
        Samples(what=f"one resource of {size:,}", values=tuple(value / size for value in samples.values))
        for size, samples in measured[JSON].items()
        if size >= FEW
    ]
    return (
        Figure(measured=slowest(500), at_most=0.3),
        Figure(measured=slowest(5_000), at_most=4.0),
        Figure(measured=each_resource[-1], reference=each_resource[0], at_most_ratio=2.0),
    )


def _check_command(path: Path) -> None:
    """Run `qa check` here; what it prints goes nowhere. Raises BenchmarkError if it could not read it."""
    words = ["check", str(path), *(word for region in REGIONS for word in ("--region", region))]
    with redirect_stdout(io.StringIO()):
        code = qa_command(words)
    if code not in {CLEAN, FOUND}:
        raise BenchmarkError(f"`qa check` of {path.name} ended with {code}")
