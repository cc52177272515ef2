"""The run's report, made on the controller: read before the run's own AWS ends, written after it."""

from __future__ import annotations

import dataclasses
import os
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qa.report import Verdict
from qa.report.evidence import Evidence
from qa.report.folder import write_report
from qa.report.markdown import render_step_summary
from qa.report.run_report import RunReport, verdict_of

from .gather import FOLDER, kept, plain_nodeid, reproducing
from .stacks import stack_shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pytest

    from qa.live.handover import Live
    from qa.report import CheckResult, RunFacts
    from qa.report.masking import Masker

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
BAD = frozenset({Verdict.RED, Verdict.UNKNOWN})


class RunReporting:
    """Writes the report; every argument is called when the run ends.

    `facts` is None for a run that never started, and then there is nothing to report.
    """

    def __init__(
        self,
        config: pytest.Config,
        *,
        live: Callable[[], Live],
        facts: Callable[[], RunFacts | None],
        results: Callable[[], Iterable[CheckResult]],
        masker: Callable[[], Masker],
    ) -> None:
        self._config = config
        self._live, self._facts, self._results, self._masker = live, facts, results, masker
        self._begun = time.monotonic()
        self._started = datetime.now(UTC).isoformat(timespec="seconds")
        self.lines: list[str] = []
        """Where the report is, for the end of the run."""

    def read(self) -> RunReport | None:
        """Return what only a living target has; None for a run that never started."""
        facts = self._facts()
        return None if facts is None else self._report(facts)

    def write(self, report: RunReport | None) -> None:
        """Write what was read before the run ended, with what its end added."""
        ended = self._facts()
        if report is not None and ended is not None and report.results:
            report = self._masker().value(
                dataclasses.replace(report, facts=ended, seconds=time.monotonic() - self._begun)
            )
            self._write(report)

    def _report(self, facts: RunFacts) -> RunReport:
        live, results = self._live(), tuple(worst_of_each(self._results()))
        folder = live.run.folder / FOLDER
        gathered = tuple(dataclasses.replace(each, nodeid=plain_nodeid(each.nodeid)) for each in kept(folder))
        shutil.rmtree(folder, ignore_errors=True)
        report = RunReport(
            facts=facts,
            started=self._started,
            seconds=time.monotonic() - self._begun,
            results=results,
            evidence=(*gathered, *self._bare(results, {each.nodeid for each in gathered})),
        )
        if self._folder(report) is None:
            return report
        return dataclasses.replace(report, stacks=stack_shapes(self._config.rootpath, live))

    def _bare(self, results: Iterable[CheckResult], known: set[str]) -> Iterator[Evidence]:
        """Yield what is known of a check whose worker ended before it could gather anything."""
        for result in results:
            if verdict_of(result) in BAD and result.nodeid not in known:
                stack_name = self._config.getoption("stack_name")
                yield Evidence(
                    nodeid=result.nodeid,
                    check=result.check,
                    reproduce=reproducing(self._live(), result.nodeid, os.environ, stack_name=stack_name),
                    words="nothing was gathered: the worker ended before it",
                    failure="",
                )

    def _folder(self, report: RunReport) -> Path | None:
        """Return where the report belongs: always with --report, else for a run that is not green."""
        given = self._config.getoption("report")
        live = self._live()
        if given is not None:
            return Path(self._config.invocation_params.dir, given, live.run.run_id)
        return live.run.folder if any(verdict_of(each) in BAD for each in report.results) else None

    def _write(self, report: RunReport) -> None:
        folder, summary = self._folder(report), os.environ.get(STEP_SUMMARY)
        try:
            if folder is not None:
                write_report(report, folder)
                self.lines.append(f"report: {_short(folder / 'report.html')}")
            if summary:
                with Path(summary).open("a", encoding="utf-8") as file:
                    file.write(render_step_summary(report) + "\n")
        except OSError as error:
            self.lines.append(f"the report could not be written: {error}")


def worst_of_each(results: Iterable[CheckResult]) -> Iterator[CheckResult]:
    """Yield one result per test, the worst: a test that fails and whose end fails has two."""
    worst: dict[str, CheckResult] = {}
    for each in results:
        nodeid = plain_nodeid(each.nodeid)
        result = dataclasses.replace(each, nodeid=nodeid, title=plain_nodeid(each.title))
        known = worst.get(nodeid)
        if known is None or verdict_of(result) in BAD:
            worst[nodeid] = result
    yield from worst.values()


def _short(path: Path) -> str:
    with suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)
