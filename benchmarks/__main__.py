"""`python -m benchmarks [NAME…]`: measure and print a table; without names, everything."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from typing import TYPE_CHECKING

from qa.errors import QaError

from . import embedded, functions, live, static
from .table import HEAD, rows, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .figures import Figure

BENCHMARKS: dict[str, Callable[[], tuple[Figure, ...]]] = {
    "plugin-import": static.plugin_import,
    "static-checks": static.static_checks,
    "reading": static.reading,
    "ready": embedded.ready,
    "deployed": embedded.deployed,
    "cold-invoke": functions.cold_invoke,
    "warm-invoke": functions.warm_invoke,
    "integration": live.integration,
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
    names = parser.parse_args(arguments).names or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(map(repr, unknown))}; there are {', '.join(BENCHMARKS)}")
    return _measure(names)


def _measure(names: Sequence[str]) -> int:
    figures: list[Figure] = []
    before = os.getloadavg()[0]
    _say(HEAD)
    for name in names:
        try:
            measured = BENCHMARKS[name]()
        except QaError as error:
            sys.stderr.write(f"{name}: {error}\n")
            return COULD_NOT_MEASURE
        for figure in measured:
            _say(*rows(figure))
        figures += measured
    # times of a machine that does other things too are no figures: who reads them must know
    load = f"load {before:.1f} before, {os.getloadavg()[0]:.1f} after"
    _say(verdict(figures), f"{os.cpu_count()} cores, {load}; Python {platform.python_version()}")
    return 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
