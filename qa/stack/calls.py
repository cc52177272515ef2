"""How many requests a run may send: one counter for all of its workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.errors import QaError
from qa.private import append_private

if TYPE_CHECKING:
    from pathlib import Path


class CallBudgetError(QaError):
    """The run has sent as many requests as it may."""


class CallMeter:
    """Counts requests in a file of one byte each, which several processes may append to at once."""

    def __init__(self, path: Path, *, limit: int) -> None:
        self._path = path
        self.limit = limit

    def count(self) -> None:
        """Count one request that is about to be sent. Raises CallBudgetError for one too many, or OSError."""
        used = append_private(self._path, b".")  # with our own byte: of two processes one sees both
        if used > self.limit:
            raise CallBudgetError(
                f"this run has sent its {self.limit:,} requests and sends no more; what it made is still "
                "removed. Look for a check that polls without end, or raise `calls-per-run` in "
                "[tool.qa.safety] of pyproject.toml."
            )

    @property
    def used(self) -> int:
        """How many requests have been counted so far."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0
