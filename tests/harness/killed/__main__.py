"""A campaign of kills: `python -m tests.harness.killed [--kind KIND] [--moments N] [--seed S]`.

Kills at moments over the whole life of a run, sweeps, and expects that nothing is left and the next run is
green. Each result is written at once: the same command goes on where a campaign was broken off. An hour and
more for all kinds; run by hand. Ends with 1 if anything is not as it must be.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .campaign import go_on
from .plan import KINDS, plan
from .record import outcomes, table

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Make the kills that are asked for and not made yet, and print the table of all."""
    args = _parser().parse_args(argv)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job: children inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    kinds = [args.kind] if args.kind else list(KINDS)
    cases = [case for kind in kinds for case in plan(kind, moments=args.moments, seed=args.seed)]
    done = {each.case for each in outcomes(args.results)}
    left = [case for case in cases if case.name not in done][: args.at_most]
    if left:
        with tempfile.TemporaryDirectory(prefix="qa-killed-") as folder:
            go_on(left, args.results, source=Path.cwd(), folder=Path(folder).resolve())
    found = [each for each in outcomes(args.results) if each.case in {case.name for case in cases}]
    sys.stdout.write(table(found))
    sys.stdout.write(f"{len(found)} of {len(cases)} kills made\n")
    return 1 if any(each.faults for each in found) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.harness.killed", description=__doc__)
    parser.add_argument("--kind", choices=KINDS, help="what is killed (default: all)")
    parser.add_argument("--moments", type=int, default=10, help="at how many moments at least (default: 10)")
    parser.add_argument("--seed", type=int, default=1, help="draws the moments without a name (default: 1)")
    parser.add_argument("--at-most", type=int, help="stop after so many kills")
    parser.add_argument(
        "--results",
        type=Path,
        default=Path(".qa/killed.jsonl"),
        help="where the results are kept (default: %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
