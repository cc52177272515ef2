"""A live run's start, facts, summary and end, on the controller and on its workers."""

from __future__ import annotations

import dataclasses
import os
import shlex
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from qa.errors import QaError
from qa.report import RunFacts, render_summary, result_of
from qa.report.annotations import as_workflow_command
from qa.stack.clients import Clients
from qa.stack.project import Role
from qa.stack.project_file import find_project
from qa.stack.target import TargetKind, resolve_target

from .annotating import annotation_of
from .evidence.run import CheckEvidence
from .handover import Live, from_text, to_text
from .session import LiveSession, RunRequest

if TYPE_CHECKING:
    from qa.report import CheckResult
    from qa.stack.project import Deployment
    from qa.stack.run import Run


LIVE = pytest.StashKey[Live]()
EVIDENCE = pytest.StashKey[CheckEvidence]()
COULD_NOT_RUN = 2
NOT_EXERCISED = 6
BROKEN_OFF = frozenset({pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR})


def live_of(config: pytest.Config) -> Live:
    """Return the live run of this process. Raises QaError in a pytest run that is none."""
    try:
        return config.stash[LIVE]
    except KeyError:
        raise QaError(
            "this pytest run is no live one: name the folder of the live tests ([tool.qa] live-tests)."
        ) from None


def clients_of(config: pytest.Config) -> Clients:
    """Return clients for this process's checks: their requests are counted and written down."""
    live = live_of(config)
    return Clients(live.target, meter=live.run.call_meter, watch=config.stash[EVIDENCE].journal.watch)


class LiveRun:
    """The life of one live run; `plugin.py` beside it says when each part is called."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._session: LiveSession | None = None
        self._facts: RunFacts | None = None
        self._death: str | None = None
        self._collected = self._not_run = 0
        self._calls: tuple[int, int] | None = None
        self._left: str | None = None

    @property
    def facts(self) -> RunFacts | None:
        """What the report says of the run; None before it has started, and on workers."""
        return self._facts

    def start(self) -> None:
        """Start the run; on a worker, take over what was handed."""
        handed: dict[str, Any] | None = getattr(self._config, "workerinput", None)
        if handed is not None:
            self._config.stash[LIVE] = from_text(handed["qa_live"])
            _end_with(handed["qa_controller"], self._config.stash[LIVE].run)
            return
        # SIGTERM would kill the controller at once, and leave stacks, documents and workers behind
        with suppress(ValueError):  # not the main thread
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self._session = LiveSession(request=_request(self._config), tell=self._tell, seed=self._seed)
            live = self._session.start(self._prepare)
        except (QaError, BotoCoreError, ClientError, OSError) as error:
            self._stop()
            pytest.exit(f"qa could not run: {error}", returncode=COULD_NOT_RUN)
        self._config.stash[LIVE] = live
        self._facts = RunFacts(
            run_id=live.run.run_id,
            target=live.target.kind.value,
            endpoint=live.target.endpoint,
            account=live.account,
            regions=live.deployment.region_names,
            stacks=live.deployment.stack_names,
        )

    def _tell(self, text: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            for line in text.splitlines():
                reporter.write_line(line)

    def _seed(self, clients: Clients, deployment: Deployment) -> None:
        self._config.hook.pytest_qa_seed(clients=clients, deployment=deployment)

    def _prepare(self, live: Live, clients: Clients) -> dict[str, Any]:
        prepared: dict[str, Any] | None = self._config.hook.pytest_qa_prepare(live=live, clients=clients)
        return prepared or {}

    def hand_over(self, node: Any) -> None:
        """Hand the run over to a worker."""
        node.workerinput["qa_live"] = to_text(self._config.stash[LIVE])
        node.workerinput["qa_controller"] = os.getpid()

    def add_facts(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Note, before the report is made, which check it is and whether the harness could not find out."""
        marker = item.get_closest_marker("qa_check")
        if marker is None:
            return
        if call.when == "setup":
            item.user_properties += _facts_of(marker, self._config.stash[LIVE])
        error = None if call.excinfo is None else call.excinfo.value
        if error is not None and not isinstance(error, AssertionError):
            item.user_properties.append(("qa.unknown", type(error).__name__))

    def end_workers(self, exitstatus: int) -> None:
        """Let the workers of a run that was broken off make nothing more."""
        live = self._config.stash.get(LIVE, None)
        if self._session is not None and live is not None and exitstatus in BROKEN_OFF:
            live.run.end()

    def clean_up(self, session: pytest.Session, exitstatus: int, *, collected: int) -> None:
        """Clean up while pytest still reports, and let an unexercised check colour the exit code.

        `collected` counts what a worker that broke off knew of.
        """
        self._stop()
        results = results_of(self._config)
        self._collected = session.testscollected or collected
        if exitstatus in BROKEN_OFF:
            self._not_run = max(0, self._collected - len(_reported(self._config)))
        unexercised = any(result.reason is not None for result in results)
        if exitstatus == 0 and unexercised and not self._config.getoption("accept_not_exercised"):
            session.exitstatus = NOT_EXERCISED
        if self._death is not None:
            session.exitstatus = COULD_NOT_RUN

    def write_summary(self, terminalreporter: Any) -> None:
        """End the run with the summary."""
        results = results_of(self._config)
        if self._facts is not None and results:
            terminalreporter.section("qa")
            terminalreporter.write_line(render_summary(results, self._facts))
        if os.environ.get("GITHUB_ACTIONS") == "true":
            for failed in terminalreporter.stats.get("failed", ()):
                terminalreporter.write_line(as_workflow_command(annotation_of(failed)))
        if self._calls is not None:
            self._tell(f"requests: {self._calls[0]:,} of the {self._calls[1]:,} that a run may send")
        if self._death is not None:
            self._tell(f"qa could not go on: the embedded AWS died in the middle; {self._death}")

    def end(self, *, disk: str | None) -> None:
        """Stop what an interrupted start left running, and have the last word where pytest's is not all.

        `disk` is why nothing could be written any more.
        """
        self._stop()
        if self._death is not None:
            return
        if disk is not None:
            self._tell(f"qa: {disk}")
        if self._not_run:
            self._tell(f"qa: {self._not_run} of {self._collected} tests were not run.")
        if self._left is not None:
            self._tell(self._left)

    def _stop(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        live = session.live  # also of a run that broke off before its first check
        try:
            session.stop()
        except (QaError, BotoCoreError, ClientError, OSError) as error:
            self._tell(f"the clean-up broke off: {error}")
        self._death, self._calls = session.death, session.calls
        if session.leftovers and live is not None and live.target.kind is not TargetKind.EMBEDDED:
            self._left = f"qa: {session.leftovers} left behind. Remove them: {sweeping(live)}"
        if self._facts is not None:
            self._facts = dataclasses.replace(self._facts, leftovers=session.leftovers)

    def add_to_junit(self) -> None:
        """Write the run's own facts into the JUnit file, if there is one."""
        # record_testsuite_property is lost under xdist, so the controller writes the run's own facts
        from _pytest.junitxml import xml_key  # noqa: PLC0415 - no public way to the suite's properties

        xml = self._config.stash.get(xml_key, None)
        if xml is None or self._facts is None:
            return
        for name, value in (
            ("qa.run", self._facts.run_id),
            ("qa.target", self._facts.target),
            ("qa.account", self._facts.account),
            ("qa.regions", ",".join(self._facts.regions)),
            ("qa.stacks", ",".join(self._facts.stacks)),
        ):
            xml.add_global_property(name, str(value))


def _request(config: pytest.Config) -> RunRequest:
    project = find_project(config.rootpath)
    option = config.option
    return RunRequest(
        project=project,
        target=resolve_target(
            option.target, environ=os.environ, endpoint_url=option.endpoint_url, profile=option.qa_profile
        ),
        deployment=project.deployment(os.environ, suffix=option.suffix, stack_name=option.stack_name),
        accepts_template=option.accept_template,
        writes=option.writes,
    )


def sweeping(live: Live) -> str:
    """Return the command that removes what a run left behind."""
    words = ["qa", "sweep", "--target", live.target.kind.value, "--run", live.run.run_id]
    if live.target.kind is TargetKind.ENDPOINT:
        words += ["--endpoint-url", str(live.target.endpoint)]
    if live.target.profile is not None:
        words += ["--profile", live.target.profile]
    return shlex.join([*words, "--suffix", live.deployment.suffix])


def _facts_of(marker: pytest.Mark, live: Live) -> list[tuple[str, object]]:
    check, where = marker.args
    regions = where if isinstance(where, tuple) else live.deployment.region_names
    if where in {"primary", "secondary"}:
        regions = (live.regions.of(Role(where)),)
    return [("qa.check", check), ("qa.regions", ",".join(regions))]


def property_of(report: pytest.TestReport, name: str) -> object:
    """Return what a check recorded under a name; None if nothing."""
    return dict(report.user_properties).get(name)


def results_of(config: pytest.Config) -> list[CheckResult]:
    """Return the results of the checks that were reported so far."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    results = []
    for reports in () if reporter is None else reporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and (report.when == "call" or report.failed):
                result = result_of(
                    nodeid=report.nodeid,
                    seconds=report.duration,
                    passed=report.passed,
                    unknown=bool(property_of(report, "qa.unknown")),
                    properties=report.user_properties,
                )
                results += [] if result is None else [result]
    return results


def _reported(config: pytest.Config) -> set[str]:
    """Return the tests of which there is a report."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports_so_far = (
        () if reporter is None else (each for reports in reporter.stats.values() for each in reports)
    )
    return {each.nodeid for each in reports_so_far if isinstance(each, pytest.TestReport)}


def _end_with(controller: int, run: Run) -> None:
    """End this worker when its run is broken off, or its controller dies, which then cannot say so."""

    def watch() -> None:
        pause = threading.Event()
        # checked even before the first pause: the controller may have died before we looked
        while os.getppid() == controller and not run.is_over:
            pause.wait(0.25)
        os._exit(1)

    threading.Thread(target=watch, name="qa-controller-watch", daemon=True).start()
