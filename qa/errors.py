"""Errors of the harness: we could not find out. A wrong stack is an AssertionError."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .invocation import INSTALL

if TYPE_CHECKING:
    from collections.abc import Iterator


class QaError(Exception):
    """The harness could not find out; says what was requested, where, and what to do."""


class UsageError(QaError):
    """The command or its configuration cannot be used as given; the exit code is 2."""


class ProbeError(QaError):
    """AWS refused or garbled an answer that a check needs."""


class MissingPackageError(QaError):
    """A package that this part of qa needs is not installed."""

    def __init__(self, name: str, *, what: str) -> None:
        super().__init__(f"{what} needs {name!r}, which is not installed. Get it: {INSTALL}")


@contextmanager
def needing_packages(what: str) -> Iterator[None]:
    """Raise MissingPackageError for an import of somebody else's package that fails inside the block."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == "qa":
            raise  # ours is a fault, and no set-up fixes it
        raise MissingPackageError(missing.name, what=what) from missing
