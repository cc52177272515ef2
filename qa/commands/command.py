"""A subcommand as a value: its help, its arguments, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

DONE, FAILED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130
"""Exit codes; FAILED: the stack failed, or there are findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What `qa NAME` takes, says of itself and does."""

    name: str
    short: str
    """One line in the list of commands."""
    text: str
    examples: str
    codes: str
    """The exit codes, explained."""
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    """Returns the exit code; may raise QaError."""
    interrupted: str = "interrupted"
    """The words for Ctrl-C."""
