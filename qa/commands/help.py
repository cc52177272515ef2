"""How the command line explains itself: 80 columns, examples and exit codes in every help."""

from __future__ import annotations

import argparse
import re
import shutil
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .command import Command

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps paragraphs, and 80 columns on terminals of any width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=min(80, shutil.get_terminal_size().columns))


class CommandParser(argparse.ArgumentParser):
    """Refuses what it does not know itself, with the nearest thing that it does."""

    def parse_known_args(  # type: ignore[override]  # the base's overloads are about namespaces of one's own
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse all; what is left over ends the program here, where the options are known."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self._refuse(unknown[0])
        return known, unknown

    def _refuse(self, given: str) -> NoReturn:
        if not given.startswith("-"):
            self.error(f"unexpected argument {given!r}.")
        # the usage, and not the help: the texts name options of other programs
        options = re.findall(r"--[a-z][a-z-]*", f"{self.format_usage()} --help")
        self.error(f"there is no option {given!r}. {nearest(given.partition('=')[0], options)}")


def nearest(given: str, known: Iterable[str]) -> str:
    """Return a question for the nearest known word, or all of them where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only who is wrong pays

    words = list(dict.fromkeys(known))
    near = get_close_matches(given, words, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(words)}."


def add_command(commands: Commands, command: Command) -> None:
    """Add a subcommand whose help says what it does, shows it at work and explains its exit codes."""
    shown = "\n".join(f"  {line}" for line in command.examples.strip().splitlines())
    parser = commands.add_parser(
        command.name,
        help=command.short,
        description=command.text.rstrip(),
        formatter_class=Formatter,
        epilog=f"examples:\n{shown}\n\nexit codes:\n  {command.codes}",
    )
    parser.set_defaults(interrupted=command.interrupted, run=command.run)
    command.add_arguments(parser)
