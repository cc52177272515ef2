"""`qa doctor`: what is missing or wrong on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import add_target
from .command import DONE, FAILED, Command
from .terminal import takes_colours

if TYPE_CHECKING:
    import argparse


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_target(parser)
    parser.add_argument(
        "--json",
        action="store_true",
        dest="as_json",
        help="a list of {about, mark (ok, wrong, note), text, remedy or null}",
    )


def _doctor(args: argparse.Namespace) -> int:
    from qa.doctor import Request, as_json, examine, is_well, render  # noqa: PLC0415 - only who asks pays

    request = Request(
        target=args.target,
        endpoint_url=args.endpoint_url,
        profile=args.profile,
        suffix=args.suffix,
        stack_name=args.stack_name,
    )
    findings = examine(request, environ=os.environ, start=Path.cwd())
    if args.as_json:
        print(as_json(findings))
    else:
        print(render(findings, colours=takes_colours(sys.stdout, os.environ)))
    return DONE if is_well(findings) else FAILED


COMMAND = Command(
    name="doctor",
    short="diagnose the local setup",
    text="Look at Python, packages, Node, ports, clock, memory, folders, template, target,\n"
    "credentials and outputs, and say what to fix. Sends one request, to the\n"
    "target; none where that is embedded, the default.",
    examples="qa doctor\nqa doctor --target aws --suffix pr42\n"
    "python3 -m qa doctor        # in a fresh clone, before any set-up\n"
    "qa doctor --json            # for a pipeline",
    codes="0 nothing to fix, 1 something to fix",
    add_arguments=_add_arguments,
    run=_doctor,
)
