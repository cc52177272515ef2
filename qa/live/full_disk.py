"""A disk that takes nothing more in the middle of a run: one short reason, and never exit code 0."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.stack.run import Run

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG})
"""What the system answers when it is the disk, and not the writer's fault."""
PROPERTY = "qa.disk"
"""In the report of a check that could not be done for it."""
COULD_NOT_RUN = 2


def full_disk(error: BaseException | None) -> OSError | None:
    """Return the disk's answer behind an error; None if there is none, or if the stack is wrong as well."""
    if error is None or isinstance(error, AssertionError):
        return None
    if isinstance(error, OSError) and error.errno in FULL:
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else (error.__cause__,)
    return next(filter(None, map(full_disk, inner)), None)


class FullDisk:
    """What turns it into one line, on the controller and on its workers."""

    def __init__(self, config: pytest.Config, run: Callable[[], Run | None]) -> None:
        self._config = config
        self._run = run
        self.reason: str | None = None
        """What the disk answered and where; None for a run that it did not hinder."""
        self.collected = 0
        """How many tests a worker knew of that broke off before it could report them."""

    @contextmanager
    def ends_run(self, session: pytest.Session) -> Iterator[None]:
        """End the run if something before or between the checks cannot write."""
        try:
            yield
        except OSError as error:
            if full_disk(error) is None:
                raise
            self._note(session, error)
            raise pytest.exit.Exception(str(self.reason), returncode=COULD_NOT_RUN) from None

    @contextmanager
    def is_noted(self, session: pytest.Session) -> Iterator[None]:
        """Let the run end in order if somebody's own report cannot be written."""
        try:
            yield
        except OSError as error:
            if full_disk(error) is None:
                raise
            self._note(session, error)
            session.exitstatus = session.exitstatus or COULD_NOT_RUN

    def _note(self, session: pytest.Session, error: OSError) -> None:
        self.reason = self.reason or self._words(error)
        handed_back: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if handed_back is not None:
            handed_back["qa_disk"] = self.reason
            handed_back["qa_collected"] = len(getattr(session, "items", ()))

    def _words(self, error: OSError) -> str:
        run = self._run()
        place = error.filename or ("" if run is None else f"the run's folder is {run.folder}")
        return f"{error.strerror}: {place}. Free space, or make the folder one that can be written to."

    def end_with_worker(self, node: Any) -> None:
        """End the whole run for a worker that ended for it."""
        handed_back: dict[str, Any] = getattr(node, "workeroutput", {})
        if "qa_disk" in handed_back:
            self.reason, self.collected = handed_back["qa_disk"], handed_back["qa_collected"]
            raise pytest.exit.Exception(handed_back["qa_disk"], returncode=COULD_NOT_RUN)

    def shorten(self, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
        """Replace the trace of a check that could not write by the reason."""
        full = None if call.excinfo is None else full_disk(call.excinfo.value)
        if full is not None and report.failed and item.get_closest_marker("qa_check") is not None:
            report.longrepr = self._words(full)
            report.user_properties.append((PROPERTY, self._words(full)))

    def remember(self, report: pytest.TestReport) -> None:
        """Remember the reason for the end of the run."""
        reason = dict(report.user_properties).get(PROPERTY)
        if reason is not None:
            self.reason = str(reason)
