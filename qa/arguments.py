"""What can be said on the command line: the parser of every subcommand."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import qa
from qa.check_command import add_check_arguments, add_graph_arguments

from .help import CommandParser, Formatter, add_command, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .help import Commands

DESCRIPTION = """\
One CloudFormation stack in two regions: check its template, deploy it, read
its outputs, tear it down, remove what test runs left, and serve an AWS of your
own to do it on. What the stack is stands in [tool.qa] of pyproject.toml."""
EPILOG = """\
The target is always named: --target aws means a real account, --target
endpoint the address of --endpoint-url or AWS_ENDPOINT_URL. AWS_ENDPOINT_URL
alone switches nothing. The embedded AWS lives inside a test run; `qa serve`
gives you one at a desk.

examples:
  qa doctor                        what is missing here
  qa check                         the template of [tool.qa], for both regions
  qa deploy --target aws --suffix pr42
  qa COMMAND --help                more of them, and what each exit code means

The live checks are pytest's: python -m pytest tests/integration --help lists
their options under "qa".

exit codes:
  0 done, 1 the stack failed or has findings, 2 could not run, 130 interrupted"""
LONGEST = 876_000.0
"""Hours: a century. A moment before that cannot be told from the beginning of time."""


def build_parser() -> CommandParser:
    """Return the parser of all subcommands."""
    parser = CommandParser(prog="qa", description=DESCRIPTION, epilog=EPILOG, formatter_class=Formatter)
    parser.add_argument("--version", action="version", version=f"qa {qa.__version__}")
    commands = cast("Commands", parser.add_subparsers(dest="command", title="commands", metavar="COMMAND"))
    add_check_arguments(commands)
    add_graph_arguments(commands)
    _add_deploy(commands)
    _add_outputs(commands)
    _add_destroy(commands)
    _add_sweep(commands)
    _add_serve(commands)
    _add_doctor(commands)
    return parser


def parse(argv: Sequence[str], names: Collection[str]) -> argparse.Namespace | None:
    """Return what was said; None where nothing was, and the help has been printed.

    Raises SystemExit, after saying why, for what cannot be meant.
    """
    parser = build_parser()
    named = next((word for word in argv if not word.startswith("-")), None)
    if named is not None and named not in names:
        parser.error(f"there is no command {named!r}. {nearest(named, names)}")
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return None
    return args


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
    parser = add_command(
        commands,
        "deploy",
        short="create or update both stacks and write their outputs",
        text="Bring both stacks to the template, through change sets, and write their\noutputs "
        "to cfn-outputs. What is done already is found done, so a run that broke\noff is continued "
        "by the same command.",
        examples="qa deploy --target aws --suffix pr42\n"
        "qa deploy --target endpoint     # with the exports of `qa serve`",
        codes="0 both stacks stand, 1 a stack failed, 2 could not run, 130 interrupted",
    )
    _add_target(parser)
    parser.set_defaults(
        interrupted="interrupted. What CloudFormation has begun goes on there; the same command continues."
    )


def _add_outputs(commands: Commands) -> None:
    parser = add_command(
        commands,
        "outputs",
        short="write the outputs file anew from the live stacks",
        text="Read the outputs of both stacks as they are now, and write them to cfn-outputs.",
        examples="qa outputs --target aws --suffix pr42",
        codes="0 written, 1 a stack is in a failed state, 2 could not run, 130 interrupted",
    )
    _add_target(parser)


def _add_destroy(commands: Commands) -> None:
    parser = add_command(
        commands,
        "destroy",
        short="delete both stacks, their documents and records",
        text="End replication, empty the buckets with all versions, delete both stacks.\n"
        "DynamoDB keeps a table from which a replica was made less than 24 hours ago:\n"
        "then the replica goes first, and the command says when to come back.",
        examples="qa destroy --target aws --suffix pr42          # asks for the stack's name\n"
        "qa destroy --target aws --suffix pr42 --yes    # in a pipeline",
        codes="0 both are gone, 1 a stack stays, 2 could not run, 130 interrupted",
    )
    _add_target(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask before anything is deleted")
    parser.set_defaults(interrupted="interrupted. The same command continues.")


def _add_sweep(commands: Commands) -> None:
    parser = add_command(
        commands,
        "sweep",
        short="remove what test runs left behind",
        text="Remove what broken-off test runs made: by their ledgers in .qa/runs, then\n"
        "whatever carries a run ID (qa- and eight hex digits). Runs alive on this machine\n"
        "are spared; one that runs elsewhere right now is not known here, so wait for it.",
        examples="qa sweep --target aws --dry-run            # list, and change nothing\n"
        "qa sweep --target aws --older-than 24\n"
        "qa sweep --target aws --run qa-1f2e3d4c    # as the end of that run said",
        codes="0 nothing stays, 1 something stays, 2 could not run, 130 interrupted",
    )
    _add_target(parser)
    parser.add_argument("--run", metavar="RUN", dest="run_id", help="this run only, e.g. qa-1f2e3d4c")
    parser.add_argument("--dry-run", action="store_true", help="list what would go, and change nothing")
    parser.add_argument(
        "--older-than",
        type=_hours,
        metavar="H",
        help="spare runs that made something in the last H hours, or whose age nothing tells",
    )


def _add_serve(commands: Commands) -> None:
    from qa.embedded.settings import Settings  # noqa: PLC0415 - `import qa.cli` is not asked for it

    defaults = Settings()
    parser = add_command(
        commands,
        "serve",
        short="an embedded AWS at your desk, until Ctrl-C",
        text="Start an AWS of your own on this machine and print what to paste into another\n"
        "shell. It forgets everything when it ends.",
        examples="qa serve\nqa serve --port 5000 --alarm-interval 2     # alarms ring without the wait",
        codes="0 ended by Ctrl-C, 2 could not start",
    )
    parser.add_argument(
        "--port", type=int, metavar="PORT", default=0, help="port to listen on (default: a free one)"
    )
    parser.add_argument(
        "--insecure-port",
        type=int,
        metavar="PORT",
        default=0,
        help="port whose requests count as sent without TLS (default: a free one)",
    )
    for option, value, what in (
        ("--table-lag", defaults.table_replication_lag, "replication lag of global tables"),
        ("--document-lag", defaults.document_replication_lag, "replication lag of buckets"),
    ):
        parser.add_argument(
            option, type=_seconds, metavar="SECONDS", default=value, help=f"{what} (default: %(default)s)"
        )
    parser.add_argument(
        "--alarm-interval",
        type=_interval,
        metavar="SECONDS",
        default=defaults.alarm_interval,
        help="how often alarms are evaluated (default: %(default)s, as on AWS)",
    )
    _add_access(parser)


def _add_access(parser: argparse.ArgumentParser) -> None:
    """Add who may use the server that is started."""
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="FILE",
        help="write the exports to FILE, readable by you alone, and print none",
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        type=_origin,
        metavar="ORIGIN",
        default=[],
        help="let the web pages of ORIGIN, e.g. http://localhost:3000, send requests; repeatable",
    )


def _add_doctor(commands: Commands) -> None:
    parser = add_command(
        commands,
        "doctor",
        short="what is missing or wrong here, and how to get it",
        text="Look at Python, packages, Node, ports, clock, memory, folders, template, target,\n"
        "credentials and outputs, and say what to mend. Sends one request, to the\n"
        "target; none where that is embedded, the default.",
        examples="qa doctor\nqa doctor --target aws --suffix pr42\n"
        "python3 -m qa doctor        # in a fresh clone, before any set-up\n"
        "qa doctor --json            # for a pipeline",
        codes="0 nothing to mend, 1 something to mend",
    )
    _add_target(parser)
    parser.add_argument(
        "--json",
        action="store_true",
        dest="as_json",
        help="a list of {about, mark (ok, wrong, note), text, remedy or null}",
    )


def _hours(text: str) -> float:
    return _number(text, "hours, from 0", most=LONGEST)


def _origin(text: str) -> str:
    parts = urlsplit(text.rstrip("/"))
    if not parts.netloc or parts.geturl() != f"{parts.scheme}://{parts.netloc}":
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an origin; expected scheme, host and port alone, e.g. http://localhost:3000"
        )
    return parts.geturl()


def _seconds(text: str) -> float:
    return _number(text, "seconds, from 0")


def _interval(text: str) -> float:
    seconds = _seconds(text)
    if seconds == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no interval; wanted: seconds, more than 0")
    return seconds


def _number(text: str, wanted: str, *, most: float = math.inf) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and 0 <= number <= most):
        raise argparse.ArgumentTypeError(f"{text!r} will not do; wanted: {wanted}")
    return number
