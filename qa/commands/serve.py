"""`qa serve`: an embedded AWS until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import needing_packages

from .arguments import interval, origin, seconds
from .command import Command

if TYPE_CHECKING:
    import argparse


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    from qa.embedded.settings import Settings  # noqa: PLC0415 - `import qa.cli` does not need it

    defaults = Settings()
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
            option, type=seconds, metavar="SECONDS", default=value, help=f"{what} (default: %(default)s)"
        )
    parser.add_argument(
        "--alarm-interval",
        type=interval,
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
        type=origin,
        metavar="ORIGIN",
        default=[],
        help="let the web pages of ORIGIN, e.g. http://localhost:3000, send requests; repeatable",
    )


def _serve(args: argparse.Namespace) -> int:
    from qa.embedded.serve import run  # noqa: PLC0415 - the whole embedded AWS

    with needing_packages("the embedded AWS"):
        return run(args)


COMMAND = Command(
    name="serve",
    short="run the local AWS emulator (Ctrl-C to stop)",
    text="Start a local AWS emulator and print what to paste into another\n"
    "shell. It forgets everything when it ends.",
    examples="qa serve\nqa serve --port 5000 --alarm-interval 2     # alarms fire sooner",
    codes="0 ended by Ctrl-C, 2 could not start",
    add_arguments=_add_arguments,
    run=_serve,
)
