"""The parser of the whole command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import qa

from . import COMMANDS
from .help import CommandParser, Formatter, add_command, nearest

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from .help import Commands

DESCRIPTION = """\
One CloudFormation stack in two regions: check its template, deploy it, read
its outputs, tear it down, remove what test runs left, and run a local AWS
emulator to try it on. Configure the stack under [tool.qa] in pyproject.toml."""
EPILOG = """\
Commands that touch AWS need an explicit --target: aws is a real account,
endpoint the address of --endpoint-url or AWS_ENDPOINT_URL. Setting
AWS_ENDPOINT_URL is not enough. The embedded AWS lives inside a test run;
`qa serve` runs one locally.

examples:
  qa doctor                        what is missing here
  qa check                         the template of [tool.qa], for both regions
  qa deploy --target aws --suffix pr42
  qa COMMAND --help                more of them, and what each exit code means

The live checks are pytest's: python -m pytest tests/integration --help lists
their options under "qa".

exit codes:
  0 success, 1 deployment failed or findings reported, 2 could not run,
  130 interrupted"""


def build_parser() -> CommandParser:
    """Return the parser of all subcommands."""
    parser = CommandParser(prog="qa", description=DESCRIPTION, epilog=EPILOG, formatter_class=Formatter)
    parser.add_argument("--version", action="version", version=f"qa {qa.__version__}")
    commands = cast("Commands", parser.add_subparsers(dest="command", title="commands", metavar="COMMAND"))
    for command in COMMANDS:
        add_command(commands, command)
    return parser


def parse(argv: Sequence[str]) -> argparse.Namespace | None:
    """Return what was said; None where nothing was, and the help has been printed.

    Raises SystemExit, after saying why, for what is invalid.
    """
    parser, names = build_parser(), [command.name for command in COMMANDS]
    named = next((word for word in argv if not word.startswith("-")), None)
    if named is not None and named not in names:
        parser.error(f"there is no command {named!r}. {nearest(named, names)}")
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return None
    return args
