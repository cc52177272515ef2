"""`python -m benchmarks [NAME…]`: measure and print a table; without names, everything."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import QaError

from . import checking, embedded, far, functions, live, requests, resources, static
from .figures import Curve
from .plot import plot
from .record import Machine, as_json
from .table import HEAD, curve_rows, rows, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .figures import Figure

BENCHMARKS: dict[str, Callable[[], tuple[Figure | Curve, ...]]] = {
    "plugin-import": static.plugin_import,
    "static-checks": static.static_checks,
    "reading": static.reading,
    "check-process": checking.process,
    "check": checking.in_process,
    "growth": checking.growth,
    "ready": embedded.ready,
    "deployed": embedded.deployed,
    "requests": requests.cpu_per_request,
    "resources": resources.cpu_per_resource,
    "cold-invoke": functions.cold_invoke,
    "warm-invoke": functions.warm_invoke,
    "integration": live.integration,
    "far-integration": far.far_integration,
}
COULD_NOT_MEASURE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when everything was measured, whatever the figures are; 2 when something did not work."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure what the harness costs against its budgets: medians of several runs.",
        epilog=f"Names: {', '.join(BENCHMARKS)}. A figure over its budget is marked with !",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure (default: everything)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample there, too")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the curves of `growth` there, as SVG")
    args = parser.parse_args(arguments)
    names = args.names or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(map(repr, unknown))}; there are {', '.join(BENCHMARKS)}")
    if args.plot and "growth" not in names:
        parser.error("--plot draws the curves of `growth`, which is not measured")
    load_before = os.getloadavg()[0]
    try:
        figures, curves = _measured(names)
    except QaError as error:
        sys.stderr.write(f"{error}\n")
        return COULD_NOT_MEASURE
    machine = Machine(
        cores=os.cpu_count() or 1,
        load_before=load_before,
        load_after=os.getloadavg()[0],
        python=platform.python_version(),
    )
    _tell(figures, curves, machine)
    if args.json:
        args.json.write_text(as_json(figures, curves, machine), encoding="utf-8")
    if args.plot:
        args.plot.write_text(plot(curves), encoding="utf-8")
    return 0


def _measured(names: Sequence[str]) -> tuple[list[Figure], list[Curve]]:
    """Run the benchmarks one after the other. Raises QaError for one whose subject does not work."""
    figures: list[Figure] = []
    curves: list[Curve] = []
    for name in names:
        begun = time.perf_counter()
        try:
            measured = BENCHMARKS[name]()
        except QaError as error:
            raise QaError(f"{name}: {error}") from error
        for each in measured:
            if isinstance(each, Curve):
                curves.append(each)
            else:
                figures.append(each)
        sys.stderr.write(f"measured {name} in {time.perf_counter() - begun:.0f} s\n")
    return figures, curves


def _tell(figures: Sequence[Figure], curves: Sequence[Curve], machine: Machine) -> None:
    if curves:
        _say("qa check by the number of resources:", *curve_rows(curves), "")
    _say(HEAD, *(line for figure in figures for line in rows(figure)), verdict(figures))
    # times of a machine that does other things too are no figures: who reads them must know
    load = f"load {machine.load_before:.1f} before, {machine.load_after:.1f} after"
    _say(f"{machine.cores} cores, {load}; Python {machine.python}")


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
