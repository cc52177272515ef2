"""Evidence on the workers: a journal of each check's calls, and all that belongs to a failure."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import BotoCoreError

from qa.errors import QaError
from qa.report.evidence import Evidence
from qa.report.masking import Masker
from qa.stack.clients import Clients

from .gather import FOLDER, collect_exhibits, items_of, keep, reproducing
from .journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qa.live.handover import Live

SECRET_NAMES = ("SECRET", "TOKEN", "PASSWORD", "SECRET_ACCESS_KEY", "ACCESS_KEY_ID")
"""Ends of the names of environment variables whose values are secrets."""
OWN = frozenset({"qa.check", "qa.regions"})
DONE = pytest.StashKey[bool]()


class CheckEvidence:
    """Gathers evidence where the checks run; `live` is known once the run has started."""

    def __init__(self, config: pytest.Config, live: Callable[[], Live]) -> None:
        self.journal = Journal(lambda table, key: items_of(live(), table, key))
        self._config = config
        self._live = live
        self._masker: Masker | None = None

    @property
    def masker(self) -> Masker:
        """What hides the run's secrets; made when first needed, for it may have to look for credentials."""
        if self._masker is None:
            self._masker = masker_of(self._live(), self._config.hook.pytest_qa_secrets())
        return self._masker

    def gather(self, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
        """Gather evidence for the first failure of a check, and mask what its report says."""
        marker = item.get_closest_marker("qa_check")
        if report.failed and marker is not None and call.excinfo and not item.stash.get(DONE, False):
            item.stash[DONE] = True
            self._gather(str(marker.args[0]), call.excinfo.value, report)
        # most green checks report nothing but our own facts: then nobody has to look for credentials
        if report.failed or report.sections or any(name not in OWN for name, _ in report.user_properties):
            mask_report(report, self.masker)

    def _gather(self, check: str, error: BaseException, report: pytest.TestReport) -> None:
        live = self._live()
        evidence = Evidence(
            nodeid=report.nodeid,
            check=check,
            reproduce=reproducing(
                live, report.nodeid, os.environ, stack_name=self._config.getoption("stack_name")
            ),
            words="\n".join([str(error) or type(error).__name__, *getattr(error, "__notes__", [])]),
            failure=report.longreprtext,
            calls=self.journal.calls(),
            exhibits=collect_exhibits(live, self.journal),
        )
        try:
            keep(live.run.folder / FOLDER, evidence, self.masker)
        except OSError as full:  # a full disk is no reason to end the run
            unkept = f"cannot be written to {live.run.folder / FOLDER}: {full.strerror}. Free space."
            report.sections.append(("evidence", unkept))
        reproduce = self.masker.text(evidence.reproduce)
        report.sections.append(("reproduce with", reproduce))
        report.user_properties.append(("qa.reproduce", reproduce))


def masker_of(live: Live, shapes: Iterable[Iterable[str]]) -> Masker:
    """Return what hides the run's credentials, the environment's secrets and what the project names."""
    values = [value for name, value in os.environ.items() if name.endswith(SECRET_NAMES)]
    # none to be found: then there is none to hide either
    with suppress(QaError, BotoCoreError):
        given = Clients(live.target).with_frozen_credentials().target.credentials
        if given is not None:
            values += [given.access_key_id, given.secret_access_key, given.session_token or ""]
    return Masker.of(values=values, shapes=[shape for project in shapes for shape in project])


def mask_report(report: pytest.TestReport, masker: Masker) -> None:
    """Take the secrets out of what pytest will print and write of a test."""
    failure = report.longreprtext
    masked = masker.text(failure)
    if masked != failure:
        report.longrepr = masked
    report.sections = [(name, masker.text(text)) for name, text in report.sections]
    report.user_properties = [(name, masker.value(value)) for name, value in report.user_properties]
