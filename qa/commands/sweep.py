"""`qa sweep`: what test runs left behind, removed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from .arguments import add_target, hours
from .command import DONE, FAILED, Command
from .reach import announce, begin

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterable, Sequence

    from qa.stack import Clients, Entry, Run
    from qa.stack.sweep import SweepReport


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_target(parser)
    parser.add_argument("--run", metavar="RUN", dest="run_id", help="this run only, e.g. qa-1f2e3d4c")
    parser.add_argument("--dry-run", action="store_true", help="list what would go, and change nothing")
    parser.add_argument(
        "--older-than",
        type=hours,
        metavar="H",
        help="skip runs that made something in the last H hours, or whose age is unknown",
    )


def _sweep(args: argparse.Namespace) -> int:
    from qa.stack import known_runs, run_at  # noqa: PLC0415 - imports botocore: only who needs it pays
    from qa.stack.dead import forget_dead_runs, split_by_place  # noqa: PLC0415
    from qa.stack.sweep import SweepReport, leftovers, sweep_leftovers, sweep_run  # noqa: PLC0415

    project, deployment, clients, _ = begin(args)
    runs = list(known_runs(project.root)) if args.run_id is None else [run_at(project.root, args.run_id)]
    account = announce(project, deployment, clients)
    alive = {run.run_id for run in runs if run.is_alive}
    where = (clients, deployment, project.document_prefixes)
    young: frozenset[str] = frozenset()
    if args.older_than is not None:
        young = _young(args.older_than, runs, leftovers(*where, only=args.run_id, spare=alive), clients)
    spare = alive | young
    here = (clients.target.title, account)
    dead, elsewhere = split_by_place([run for run in runs if run.run_id not in spare], *here)
    skipped = _skipped(alive, young, elsewhere)
    if args.dry_run:
        listed = [entry for run in dead for entry in run.ledger.remaining()]
        listed += [entry for _, entry in leftovers(*where, only=args.run_id, spare=spare)]
        return _print_dry_run(dict.fromkeys(listed), skipped)
    report = SweepReport()
    for run in dead:
        report += sweep_run(clients, run)
    report += sweep_leftovers(*where, only=args.run_id, spare=spare)
    forget_dead_runs(project)
    return _print_sweep(report, skipped)


def _young(
    hours: float, runs: Sequence[Run], found: Sequence[tuple[str, Entry]], clients: Clients
) -> frozenset[str]:
    """Return the runs that --older-than spares."""
    from qa.stack.age import young_runs  # noqa: PLC0415 - imports botocore: only who needs it pays

    before = datetime.now(UTC) - timedelta(hours=hours)
    started = {run.run_id: run.started for run in runs if run.started is not None}
    young = {run_id for run_id, time in started.items() if time >= before}
    return young_runs(clients, [each for each in found if each[0] not in started], before=before) | young


def _print_dry_run(entries: Iterable[Entry], skipped: Iterable[str]) -> int:
    listed = list(entries)
    for entry in listed:
        print(f"would remove {entry}")
    print(*skipped, f"{len(listed)} would be removed (dry run).", sep="\n")
    return DONE


def _print_sweep(report: SweepReport, skipped: Iterable[str]) -> int:
    for entry in report.removed:
        print(f"removed {entry}")
    for entry, reason in report.failed:
        print(f"stays {entry}: {reason}", file=sys.stderr)
    print(*skipped, f"{len(report.removed)} removed, {len(report.failed)} stay.", sep="\n")
    return FAILED if report.failed else DONE


def _skipped(alive: Collection[str], young: Collection[str], elsewhere: Iterable[Run]) -> list[str]:
    """Return what a sweep says of the runs that it leaves alone."""
    return [
        *(f"skipped {run_id}: it is still running" for run_id in sorted(alive)),
        *(f"skipped {run_id}: it is younger, or its age is unknown" for run_id in sorted(young)),
        *(f"skipped {run.run_id}: it worked on {run.place}; sweep there" for run in elsewhere),
    ]


COMMAND = Command(
    name="sweep",
    short="remove what test runs left behind",
    text="Remove what interrupted test runs made: by their ledgers in .qa/runs, then\n"
    "whatever carries a run ID (qa- and eight hex digits). Runs alive on this machine\n"
    "are skipped; runs on other machines are not known here, so wait for their end.",
    examples="qa sweep --target aws --dry-run            # list, and change nothing\n"
    "qa sweep --target aws --older-than 24\n"
    "qa sweep --target aws --run qa-1f2e3d4c    # as printed at that run's end",
    codes="0 nothing stays, 1 something stays, 2 could not run, 130 interrupted",
    add_arguments=_add_arguments,
    run=_sweep,
)
