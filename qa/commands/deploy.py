"""`qa deploy`: all stacks as their templates have them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .arguments import add_target
from .command import DONE, Command
from .reach import announce, begin, both, console, short_path

if TYPE_CHECKING:
    import argparse


def _deploy(args: argparse.Namespace) -> int:
    from qa.stack.deploy import deploy  # noqa: PLC0415 - imports botocore: only who needs it pays
    from qa.stack.progress_view import progress_view  # noqa: PLC0415

    project, deployment, clients, path = begin(args)
    announce(project, deployment, clients)
    started = time.monotonic()
    with progress_view(console()) as tell:
        outputs = deploy(project, deployment, clients, outputs_to=path, tell=tell)
    stand = "stands" if len(deployment.stack_names) == 1 else "stand"
    print(
        f"{deployment.title} {stand} in {both(deployment)} ({clients.target.title}), "
        f"after {time.monotonic() - started:.1f} s: {outputs.count} outputs in {short_path(path)}"
    )
    return DONE


COMMAND = Command(
    name="deploy",
    short="create or update all stacks and write their outputs",
    text="Bring the stacks to their templates, through change sets, in order of what they\n"
    "need of each other, and write their outputs to cfn-outputs. What is done already\n"
    "is found done, so a run that broke off is continued by the same command.",
    examples="qa deploy --target aws --suffix pr42\n"
    "qa deploy --target endpoint     # with the exports of `qa serve`",
    codes="0 all stacks are deployed, 1 a stack failed, 2 could not run, 130 interrupted",
    add_arguments=add_target,
    run=_deploy,
    interrupted="interrupted. What CloudFormation has begun goes on there; the same command continues.",
)
