"""`qa setup`: Node and its AWS SDK for the functions of the embedded AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import DONE, Command

if TYPE_CHECKING:
    import argparse


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""
    del parser


def _setup(args: argparse.Namespace) -> int:
    from qa.embedded.lambda_.toolchain import install  # noqa: PLC0415 - only who asks pays

    del args
    print(f"Node and its AWS SDK are in {install().node_modules.parent}")
    return DONE


COMMAND = Command(
    name="setup",
    short="get what functions need on the embedded AWS",
    text="Install Node and its AWS SDK once per user, in QA_CACHE (default ~/.cache/qa),\n"
    "from the npm registry. Does nothing where they are already.",
    examples="qa setup\nQA_CACHE=/shared/qa qa setup",
    codes="0 installed, 2 could not be installed",
    add_arguments=_add_arguments,
    run=_setup,
)
