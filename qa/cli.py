"""The command line: one function per subcommand; the only printer."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qa.arguments import parse
from qa.check_command import check_command, graph_command
from qa.errors import QaError, UsageError, needing_packages
from qa.printable import printable_lines
from qa.terminal import (
    READER_GONE,
    forget_reader,
    prepare_streams,
    release_output,
    system_words,
    takes_colours,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from rich.console import Console

    from qa.stack import Clients, Deployment, Entry, Project, Run
    from qa.stack.sweep import SweepReport

DONE, STACK_FAILED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    prepare_streams()
    args = parse(sys.argv[1:] if argv is None else argv, COMMANDS)
    if args is None:
        return COULD_NOT_RUN
    # the end that a pipeline asks for is Ctrl-C to us; `serve` sees to it itself
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with needing_packages("this command"):
            code = COMMANDS[args.command](args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _ended(args, args.interrupted, INTERRUPTED)
    except QaError as error:
        return _ended(args, str(error), _exit_code(error))
    except BrokenPipeError:
        forget_reader()
        return READER_GONE
    except OSError as error:
        release_output()
        return _ended(args, system_words(error), COULD_NOT_RUN)
    finally:
        signal.signal(signal.SIGTERM, before)
    return code


def _ended(args: argparse.Namespace, words: str, code: int) -> int:
    print(f"qa {args.command}: {printable_lines(words)}", file=sys.stderr)
    return code


def _exit_code(error: QaError) -> int:
    from qa.stack.events import DeployError  # noqa: PLC0415 - imports botocore: only who needs it pays

    return STACK_FAILED if isinstance(error, DeployError) else COULD_NOT_RUN


def _deploy(args: argparse.Namespace) -> int:
    from qa.stack.deploy import deploy  # noqa: PLC0415 - as in _exit_code
    from qa.stack.progress_view import progress_view  # noqa: PLC0415

    project, deployment, clients, path = _begin(args)
    _announce(project, deployment, clients)
    started = time.monotonic()
    with progress_view(_console()) as tell:
        outputs = deploy(project, deployment, clients, outputs_to=path, tell=tell)
    print(
        f"{deployment.stack_name} stands in {_both(deployment)} ({clients.target.title}), "
        f"after {time.monotonic() - started:.1f} s: {len(outputs.values)} outputs in {_short(path)}"
    )
    return DONE


def _outputs(args: argparse.Namespace) -> int:
    from qa.stack.deploy import refresh_outputs  # noqa: PLC0415 - as in _exit_code

    project, deployment, clients, path = _begin(args)
    _announce(project, deployment, clients)
    outputs = refresh_outputs(project, deployment, clients, outputs_to=path)
    for key, value in outputs.values.items():
        print(f"{key} = {value}")
    print(f"\n{len(outputs.values)} outputs in {_short(path)}")
    return DONE


def _destroy(args: argparse.Namespace) -> int:
    from qa.stack import discard_outputs  # noqa: PLC0415 - as in _exit_code
    from qa.stack.destroy import destroy  # noqa: PLC0415
    from qa.stack.progress_view import progress_view  # noqa: PLC0415

    project, deployment, clients, path = _begin(args)
    asks = not args.yes and not clients.target.is_local
    if asks and not sys.stdin.isatty():
        raise UsageError(
            f"nobody is here to confirm the end of {deployment.stack_name!r}. To mean it: --yes."
        )
    _announce(project, deployment, clients)
    if asks:
        _confirm(deployment)
    with progress_view(_console()) as tell:
        destroy(project, deployment, clients, tell=tell)
    discard_outputs(path, stack_name=deployment.stack_name)
    print(f"{deployment.stack_name} is gone from {_both(deployment)}.")
    return DONE


def _confirm(deployment: Deployment) -> None:
    print(
        f"This deletes {deployment.stack_name} in {_both(deployment)} of that account,\n"
        "with its table and every document. There is no way back."
    )
    if input("Type the stack's name to go on: ").strip() != deployment.stack_name:
        raise UsageError("not confirmed; nothing was deleted.")


def _sweep(args: argparse.Namespace) -> int:
    from qa.stack import known_runs, run_at  # noqa: PLC0415 - as in _exit_code
    from qa.stack.dead import forget_dead_runs, split_by_place  # noqa: PLC0415
    from qa.stack.sweep import SweepReport, leavings, sweep_leavings, sweep_run  # noqa: PLC0415

    project, deployment, clients, _ = _begin(args)
    runs = list(known_runs(project.root)) if args.run_id is None else [run_at(project.root, args.run_id)]
    account = _announce(project, deployment, clients)
    alive = {run.run_id for run in runs if run.is_alive}
    where = (clients, deployment, project.document_prefixes)
    young: frozenset[str] = frozenset()
    if args.older_than is not None:
        young = _young(args.older_than, runs, leavings(*where, only=args.run_id, spare=alive), clients)
    spare = alive | young
    here = (clients.target.title, account)
    dead, elsewhere = split_by_place([run for run in runs if run.run_id not in spare], *here)
    spared = _spared(alive, young, elsewhere)
    if args.dry_run:
        listed = [entry for run in dead for entry in run.ledger.remaining()]
        listed += [entry for _, entry in leavings(*where, only=args.run_id, spare=spare)]
        return _tell_dry_run(dict.fromkeys(listed), spared)
    report = SweepReport()
    for run in dead:
        report += sweep_run(clients, run)
    report += sweep_leavings(*where, only=args.run_id, spare=spare)
    forget_dead_runs(project)
    return _tell_sweep(report, spared)


def _young(
    hours: float, runs: Sequence[Run], found: Sequence[tuple[str, Entry]], clients: Clients
) -> frozenset[str]:
    """Return the runs that --older-than spares."""
    from qa.stack.age import young_runs  # noqa: PLC0415 - as in _exit_code

    before = datetime.now(UTC) - timedelta(hours=hours)
    started = {run.run_id: run.started for run in runs if run.started is not None}
    young = {run_id for run_id, time in started.items() if time >= before}
    return young_runs(clients, [each for each in found if each[0] not in started], before=before) | young


def _tell_dry_run(entries: Iterable[Entry], spared: Iterable[str]) -> int:
    listed = list(entries)
    for entry in listed:
        print(f"would remove {entry}")
    print(*spared, f"{len(listed)} would be removed; nothing was changed.", sep="\n")
    return DONE


def _tell_sweep(report: SweepReport, spared: Iterable[str]) -> int:
    for entry in report.removed:
        print(f"removed {entry}")
    for entry, reason in report.failed:
        print(f"stays {entry}: {reason}", file=sys.stderr)
    print(*spared, f"{len(report.removed)} removed, {len(report.failed)} stay.", sep="\n")
    return STACK_FAILED if report.failed else DONE


def _spared(alive: Collection[str], young: Collection[str], elsewhere: Iterable[Run]) -> list[str]:
    """Return what a sweep says of the runs that it leaves alone."""
    return [
        *(f"spared {run_id}, which is still running" for run_id in sorted(alive)),
        *(f"spared {run_id}, which is younger, or of an age that nothing tells" for run_id in sorted(young)),
        *(f"left {run.run_id} alone, which worked on {run.place}: sweep there" for run in elsewhere),
    ]


def _serve(args: argparse.Namespace) -> int:
    from qa.embedded.serve import run  # noqa: PLC0415 - the whole embedded AWS

    with needing_packages("the embedded AWS"):
        return run(args)


def _doctor(args: argparse.Namespace) -> int:
    from qa.doctor import Asked, as_json, examine, is_well, render  # noqa: PLC0415 - only who asks pays

    asked = Asked(
        target=args.target,
        endpoint_url=args.endpoint_url,
        profile=args.profile,
        suffix=args.suffix,
        stack_name=args.stack_name,
    )
    findings = examine(asked, environ=os.environ, start=Path.cwd())
    if args.as_json:
        print(as_json(findings))
    else:
        print(render(findings, colours=takes_colours(sys.stdout, os.environ)))
    return DONE if is_well(findings) else STACK_FAILED


def _begin(args: argparse.Namespace) -> tuple[Project, Deployment, Clients, Path]:
    """Return the project, which environment of it, the clients to reach it, and where its outputs lie."""
    from qa.stack import Clients, TargetKind, find_project, outputs_path, resolve_target  # noqa: PLC0415

    target = resolve_target(
        args.target, environ=os.environ, endpoint_url=args.endpoint_url, profile=args.profile
    )
    if target.kind is TargetKind.EMBEDDED:
        raise UsageError(
            "the embedded AWS lives inside a test run. For one at your desk start `qa serve` in another "
            "shell, paste the exports that it prints, and say --target endpoint. "
            "A real account: --target aws."
        )
    project = find_project(Path.cwd())
    deployment = project.deployment(os.environ, suffix=args.suffix, stack_name=args.stack_name)
    return project, deployment, Clients(target), outputs_path(project.outputs, target)


def _announce(project: Project, deployment: Deployment, clients: Clients) -> str:
    """Say whom the command is about to touch, unless that is not allowed; return the account."""
    from qa.stack.admission import admitted  # noqa: PLC0415 - as in _exit_code

    touched = admitted(clients, deployment, project.safety)
    print(touched.text, file=sys.stderr, flush=True)
    return touched.caller.account


def _console() -> Console:
    from rich.console import Console  # noqa: PLC0415 - as in _exit_code

    class Lasting(Console):
        """A deployment goes on when nobody reads of it any more; rich would end the program with 1."""

        def on_broken_pipe(self) -> None:
            self.quiet = True
            forget_reader()

    return Lasting()


def _both(deployment: Deployment) -> str:
    return " and ".join(deployment.region_names)


def _short(path: Path) -> str:
    return os.path.relpath(path)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "check": check_command,
    "graph": graph_command,
    "deploy": _deploy,
    "outputs": _outputs,
    "destroy": _destroy,
    "sweep": _sweep,
    "serve": _serve,
    "doctor": _doctor,
}
