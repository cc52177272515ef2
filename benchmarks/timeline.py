"""A pytest plugin (`-p benchmarks.timeline`) that writes down when each test began and ended."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.live.scheduling import planned

if TYPE_CHECKING:
    import pytest

VARIABLE = "QA_BENCHMARK_TIMELINE"
"""Names the file to write."""
GROUP = "qa.benchmark.group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One test with its set-up and its clean-up, in seconds of the clock."""

    test: str
    group: str
    begun: float
    ended: float


def pytest_configure(config: pytest.Config) -> None:
    """Take part on the controller, which is told of every worker's tests."""
    if VARIABLE in os.environ and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Timeline(Path(os.environ[VARIABLE])), "qa-benchmark-timeline")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each report name the test's group; a test without one is alone in its own."""
    for item in items:
        item.user_properties.append((GROUP, planned(item).group or item.nodeid))


class Timeline:
    """Collects the reports of a run and writes what they tell at its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ran: dict[str, Ran] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Widen the test's time by a phase of it."""
        here = Ran(
            test=report.nodeid,
            group=str(dict(report.user_properties)[GROUP]),
            begun=report.start,
            ended=report.stop,
        )
        before = self._ran.get(here.test, here)
        begun, ended = min(before.begun, here.begun), max(before.ended, here.ended)
        self._ran[here.test] = replace(here, begun=begun, ended=ended)

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        self._path.write_text(json.dumps([asdict(each) for each in self._ran.values()]), encoding="utf-8")


def read_timeline(path: Path) -> tuple[Ran, ...]:
    """Return what a run with the plugin wrote."""
    return tuple(Ran(**each) for each in json.loads(path.read_text(encoding="utf-8")))
