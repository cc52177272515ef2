"""A campaign on a hostile network: `python -m tests.harness.hostile [--mode MODE] [--runs N]`.

Each run starts an AWS of its own behind a proxy that throttles, fails, resets and delays, deploys, makes the
live checks and destroys. Each outcome is written at once; `--resume` leaves out what the record has already.
`--summary` adds the record up and makes no run. Ends with 1 if any run of it is not good.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .campaign import Case, run_case
from .faults import FAULTS
from .record import keep, outcomes, summary

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Make the runs and print the sums of the whole record."""
    args = _parser().parse_args(argv)
    done = {(each.mode, each.seed) for each in outcomes(args.record)} if args.resume else set()
    for case in [] if args.summary else cases(args):
        if (case.mode, case.seed) in done:
            continue
        outcome = run_case(case, source=Path.cwd(), logs=args.record.parent / "hostile-logs")
        keep(args.record, outcome)
        word = "good" if outcome.is_good else f"NOT GOOD {outcome}"
        sys.stdout.write(f"{case.mode}, seed {case.seed}: {word}\n")
        sys.stdout.flush()
    found = outcomes(args.record)
    sys.stdout.write(summary(found))
    return 0 if all(each.is_good for each in found) else 1


def cases(args: argparse.Namespace) -> list[Case]:
    """Return the runs that are asked for."""
    seeds = range(args.seed, args.seed + args.runs)
    modes = [args.fault] if args.fault else list(FAULTS)
    if args.mode == "mix":
        return [Case("mix", seed, args.latency) for seed in seeds]
    return [Case(mode, seed, 0.0) for seed in seeds for mode in modes]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.harness.hostile", description=__doc__)
    parser.add_argument("--mode", choices=("mix", "systematic"), default="mix")
    parser.add_argument("--fault", choices=FAULTS, help="of the systematic mode (default: each in turn)")
    parser.add_argument("--runs", type=int, default=1, help="how many (default: 1)")
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each next has one more")
    parser.add_argument(
        "--latency", type=float, default=0.08, help="median seconds of the mix (default: %(default)s)"
    )
    parser.add_argument("--resume", action="store_true", help="leave out what the record has")
    parser.add_argument("--summary", action="store_true", help="add the record up, make no run")
    parser.add_argument(
        "--record", type=Path, default=Path(".qa/hostile.jsonl"), help="(default: %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
