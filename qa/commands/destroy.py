"""`qa destroy`: all stacks deleted, with all that is in them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from qa.errors import UsageError

from .arguments import add_target
from .command import DONE, Command
from .reach import announce, begin, both, console

if TYPE_CHECKING:
    import argparse

    from qa.stack import Deployment


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_target(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask before anything is deleted")


def _destroy(args: argparse.Namespace) -> int:
    from qa.stack import discard_outputs  # noqa: PLC0415 - imports botocore: only who needs it pays
    from qa.stack.destroy import destroy  # noqa: PLC0415
    from qa.stack.progress_view import progress_view  # noqa: PLC0415

    project, deployment, clients, path = begin(args)
    asks = not args.yes and not clients.target.is_local
    if asks and not sys.stdin.isatty():
        raise UsageError(f"nobody is here to confirm the end of {deployment.title!r}. To mean it: --yes.")
    announce(project, deployment, clients)
    if asks:
        _confirm(deployment)
    with progress_view(console()) as tell:
        destroy(project, deployment, clients, tell=tell)
    stacks = [(place.name, place.region) for place in deployment.places]
    discard_outputs(path, stack_names=deployment.stack_names, stacks=stacks)
    are = "is" if len(deployment.stack_names) == 1 else "are"
    print(f"{deployment.title} {are} gone from {both(deployment)}.")
    return DONE


def _confirm(deployment: Deployment) -> None:
    print(
        f"This deletes {deployment.title} in {both(deployment)} of that account,\n"
        "with its table and every document. There is no way back."
    )
    if input("Type the stack's name to go on: ").strip() != deployment.title:
        raise UsageError("not confirmed; nothing was deleted.")


COMMAND = Command(
    name="destroy",
    short="delete all stacks, their documents and records",
    text="End replication, empty the buckets with all versions, delete all stacks.\n"
    "DynamoDB keeps a table from which a replica was made less than 24 hours ago:\n"
    "then the replica goes first, and the command says when to come back.",
    examples="qa destroy --target aws --suffix pr42          # asks for the stack's name\n"
    "qa destroy --target aws --suffix pr42 --yes    # in a pipeline",
    codes="0 all are gone, 1 a stack is left, 2 could not run, 130 interrupted",
    add_arguments=_add_arguments,
    run=_destroy,
    interrupted="interrupted. The same command continues.",
)
