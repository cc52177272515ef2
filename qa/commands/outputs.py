"""`qa outputs`: the outputs of the stacks as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import add_target
from .command import DONE, Command
from .reach import announce, begin, short_path

if TYPE_CHECKING:
    import argparse


def _outputs(args: argparse.Namespace) -> int:
    from qa.stack.deploy import refresh_outputs  # noqa: PLC0415 - imports botocore: only who needs it pays

    project, deployment, clients, path = begin(args)
    announce(project, deployment, clients)
    outputs = refresh_outputs(project, deployment, clients, outputs_to=path)
    for line in outputs.lines():
        print(line)
    print(f"\n{outputs.count} outputs in {short_path(path)}")
    return DONE


COMMAND = Command(
    name="outputs",
    short="write the outputs files again from the deployed stacks",
    text="Read the outputs of all stacks as they are now, and write them to cfn-outputs.",
    examples="qa outputs --target aws --suffix pr42",
    codes="0 written, 1 a stack is in a failed state, 2 could not run, 130 interrupted",
    add_arguments=add_target,
    run=_outputs,
)
