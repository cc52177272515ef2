"""When the AWS of a run dies in the middle: each check says so in one line, and none is called red for it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from qa.errors import QaError
from qa.stack.target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.target import Target

EXPLAINED = pytest.StashKey[bool]()


class TargetGoneError(QaError):
    """Nobody answers at the run's target any more."""

    def __init__(self, target: Target) -> None:
        whose = "the embedded AWS" if target.kind is TargetKind.EMBEDDED else "the endpoint"
        super().__init__(f"not looked at: {whose} at {target.endpoint} answers no more.")


def is_reachable(target: Target) -> bool:
    """Say whether somebody listens at a target on this machine; True for all others, which nobody asks."""
    if target.endpoint is None or not target.is_local:
        return True
    parts = urlsplit(target.endpoint)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((str(parts.hostname), port), timeout=2.0).close()
    except OSError:
        return False
    return True


class TargetWatch:
    """Looks whether the target still lives, before each check and after each failure."""

    def __init__(self, target: Callable[[], Target]) -> None:
        self._target = target

    def require(self, item: pytest.Item) -> None:
        """Spare a check the minute that its clients would try again for."""
        if item.get_closest_marker("qa_check") is not None and not is_reachable(self._target()):
            raise TargetGoneError(self._target())

    def shorten(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """Replace the trace of a failure that the target's death explains by one line, once per check."""
        if not report.failed or item.get_closest_marker("qa_check") is None:
            return
        target = self._target()
        if is_reachable(target):
            return
        if item.stash.get(EXPLAINED, False):
            report.outcome, report.longrepr = "passed", None
            return
        item.stash[EXPLAINED] = True
        # what a check found of a region after the death is no verdict
        kept = [each for each in report.user_properties if not each[0].startswith("qa.verdict.")]
        report.user_properties = [*kept, ("qa.unknown", TargetGoneError.__name__)]
        report.longrepr = str(TargetGoneError(target))
        report.sections = []
