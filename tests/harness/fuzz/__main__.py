"""`python -m tests.harness.fuzz`: a campaign, or one find again."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from .campaign import Settings, run, summary
from .given import Given, read_back, save
from .judge import CHECK_FORMS, GRAPH_FORMS, judged
from .shrink import shrunk


def main() -> int:
    """Run the campaign or replay finds; 0 without a failure, 1 with."""
    parser = argparse.ArgumentParser(prog="python -m tests.harness.fuzz", description=__doc__)
    parser.add_argument(
        "--cpu-seconds", type=float, default=60, metavar="N", help="of all workers (default: 60)"
    )
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="default: 2")
    parser.add_argument("--seed", default="0", help="another seed, other inputs (default: 0)")
    parser.add_argument(
        "--first", type=int, default=0, metavar="N", help="number of the first input (default: 0)"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(".qa/fuzz"), help="where finds are kept (default: .qa/fuzz)"
    )
    parser.add_argument(
        "--replay", type=Path, nargs="+", metavar="FIND", help="folders of finds, or any files"
    )
    parser.add_argument(
        "--shrink", action="store_true", help="with --replay: also make finds small, in FIND/small"
    )
    args = parser.parse_args()
    if args.replay:
        return max(_replayed(path, shrinks=args.shrink) for path in args.replay)
    settings = Settings(
        cpu_seconds=args.cpu_seconds,
        workers=args.workers,
        seed=args.seed,
        folder=args.folder,
        first=args.first,
    )
    tally = run(settings)
    summary(tally, sys.stdout.write)
    return 1 if tally.failures else 0


def _replayed(path: Path, *, shrinks: bool) -> int:
    given = (
        read_back(path) if path.is_dir() else Given(kind="file", name=path.name, content=path.read_bytes())
    )
    with tempfile.TemporaryDirectory() as folder:
        verdict = judged(given, Path(folder), (*CHECK_FORMS, *GRAPH_FORMS))
        if shrinks and path.is_dir() and verdict.failures:
            save(shrunk(given, Path(folder)), path / "small")
    reported = "".join(f"  {failure}\n" for failure in dict.fromkeys(verdict.failures)) or "  no failure\n"
    sys.stdout.write(f"{path}: {given.kind}, {verdict.cpu:.2f} s of CPU time at most\n{reported}")
    return 1 if verdict.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
