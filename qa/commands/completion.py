"""`qa completion`: a script that completes qa's commands and options in a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import DONE, Command

if TYPE_CHECKING:
    import argparse

SHELLS = ("bash", "zsh", "tcsh")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="whose completion")


def _completion(args: argparse.Namespace) -> int:
    import shtab  # noqa: PLC0415 - only who asks pays

    from .parser import build_parser  # noqa: PLC0415 - it imports the commands, this one too

    print(shtab.complete(build_parser(), args.shell))
    return DONE


COMMAND = Command(
    name="completion",
    short="print the script that completes commands and options in a shell",
    text="Print the completion script of a shell, made from this command line.",
    examples="qa completion zsh > ~/.zfunc/_qa           # a folder of $fpath\n"
    'eval "$(qa completion bash)"               # in ~/.bashrc',
    codes="0 printed",
    add_arguments=_add_arguments,
    run=_completion,
)
