"""The one pytest plugin of a live run: what happens at each hook, and in which order.

Only here stand marks such as tryfirst, and each is about other plugins: pytest's own and xdist's. Among
ourselves the order is that of the lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .evidence.report import RunReporting
from .evidence.run import CheckEvidence
from .full_disk import FullDisk
from .pytest_run import EVIDENCE, LIVE, LiveRun, live_of, property_of, results_of
from .reachability import TargetWatch
from .scheduling import Scheduling
from .turns import turn_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from .scheduling import GroupScheduling


class LivePlugin:
    """Calls the parts of one live run; registered only when there is one."""

    def __init__(self, config: pytest.Config) -> None:
        self._run = LiveRun(config)
        self._watch = TargetWatch(lambda: live_of(config).target)
        self._evidence = config.stash[EVIDENCE] = CheckEvidence(config, lambda: live_of(config))
        self._disk = FullDisk(config, lambda: config.stash[LIVE].run if LIVE in config.stash else None)
        self._scheduling = Scheduling(lambda: live_of(config).run.folder)
        self._reporting = RunReporting(
            config,
            live=lambda: live_of(config),
            facts=lambda: self._run.facts,
            results=lambda: results_of(config),
            masker=lambda: self._evidence.masker,
        )

    @pytest.hookimpl(tryfirst=True)  # before xdist starts its workers
    def pytest_sessionstart(self) -> None:
        """Start the run."""
        self._run.start()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hand the run over to a worker."""
        self._run.hand_over(node)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> GroupScheduling | None:
        """Return our scheduler for runs by groups."""
        return self._scheduling.scheduler(config, log)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> Generator[None, object, object]:
        """End the run if the collection cannot write, as with the plan for the workers."""
        with self._disk.ends_run(session):
            return (yield)

    @pytest.hookimpl(tryfirst=True)  # before the controller learns what was collected
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """On a worker, write down the plan."""
        self._scheduling.write_plan(session)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """End the run if something between the checks cannot write."""
        with self._disk.ends_run(session):
            return (yield)

    @pytest.hookimpl(tryfirst=True)  # before the check's fixtures send requests
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin a new page of the journal, then look whether the target still lives."""
        self._evidence.journal.begin()
        self._watch.require(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """Run a check together with others, or alone if it takes a region away."""
        with turn_of(item, live_of(item.config).run.folder):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # around those that change the report, such as xfail's
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say why there is no verdict, then gather evidence and mask all of it."""
        self._run.add_facts(item, call)
        report = yield
        self._watch.shorten(item, report)
        self._disk.shorten(item, call, report)
        self._evidence.gather(item, call, report)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember why nothing could be written."""
        self._disk.remember(report)

    @pytest.hookimpl(tryfirst=True)  # before pytest calls it passed
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Call a check that could not do its work by its name, not passed."""
        if report.when == "call" and report.passed and property_of(report, "qa.not_exercised"):
            return "not-exercised", "N", "NOT-EXERCISED"
        return None

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """End the whole run for a worker that could not write."""
        self._disk.end_with_worker(node)

    # trylast: inside the terminal's own wrapper, which prints the summary at its end
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Generator[None, None, None]:
        """Read what only a living target has, end the workers, clean up behind them, then write."""
        report = self._reporting.read()
        with self._disk.is_noted(session):  # a report that cannot be written does not keep ours from being
            self._run.end_workers(exitstatus)
            self._run.add_to_junit()
            yield  # xdist ends its workers, and pytest writes the JUnit file
            self._run.clean_up(session, exitstatus, collected=self._disk.collected)
        self._reporting.write(report)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Write the summary, and where the report is."""
        self._run.write_summary(terminalreporter)
        for line in self._reporting.lines:
            terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        """End the run, whatever became of it."""
        self._run.end(disk=self._disk.reason)
