"""Who reads what a command prints: a terminal, a pipe that may close, a disk that may be full."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

READER_GONE = 141
"""The exit code that a shell gives a program whose reader has gone: 128 and SIGPIPE's number."""


def takes_colours(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Say whether a stream is a terminal that shows colours, and NO_COLOR is not set."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") not in {"dumb", "unknown"}


def prepare_streams() -> None:
    """Make output possible whatever the locale: what it cannot hold is written out, as \\u2026.

    A stream that the caller closed (`>&-`) takes everything and keeps nothing.
    """
    if sys.stdout is None or sys.stderr is None:
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - lives as long as the program
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def forget_reader() -> None:
    """Send what is still printed nowhere: Python would fail with it once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def release_output() -> None:
    """Give up what could not be printed, as on a full disk."""
    try:
        sys.stdout.flush()
    except OSError:
        forget_reader()


def system_words(error: OSError) -> str:
    """Return what the system says, and of which file, without the number."""
    where = "" if error.filename is None else f": {error.filename}"
    return f"{error.strerror or error}{where}"
