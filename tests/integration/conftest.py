"""Short names for what the live checks of this stack use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa.stack.target import TargetKind

from .deadlines import DEADLINES
from .prepare import prepare
from .sides import Sides, sides_of
from .transactions import PROTECTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.live.handover import Live
    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.run import Run


def pytest_qa_prepare(live: Live, clients: Clients) -> dict[str, Any]:
    """Start the documents on their way before the first check."""
    return prepare(live, clients)


def pytest_qa_secrets() -> list[str]:
    """Keep the protected values of test transactions out of every report."""
    return [PROTECTED]


@pytest.fixture(scope="session")
def live(qa_live: Live) -> Live:
    return qa_live


@pytest.fixture(scope="session")
def clients(qa_clients: Clients) -> Clients:
    return qa_clients


@pytest.fixture(scope="session")
def outputs(qa_live: Live) -> Outputs:
    return qa_live.outputs


@pytest.fixture(scope="session")
def sides(qa_live: Live) -> Sides:
    return sides_of(qa_live.outputs, qa_live.regions)


@pytest.fixture(scope="session")
def run(qa_live: Live) -> Run:
    return qa_live.run


@pytest.fixture(scope="session")
def account(qa_live: Live) -> str:
    return qa_live.account


@pytest.fixture(scope="session")
def east(qa_live: Live) -> str:
    return qa_live.regions.primary


@pytest.fixture(scope="session")
def west(qa_live: Live) -> str:
    return qa_live.regions.secondary


@pytest.fixture(scope="session")
def deadline(qa_live: Live) -> Callable[[str], float]:
    """Return the seconds that a check may wait at this run's target.

    Only the run's own embedded AWS is known to be quick: `qa serve` evaluates its alarms at AWS's pace.
    """

    def seconds(check: str) -> float:
        row = DEADLINES[check]
        return row.embedded if qa_live.target.kind is TargetKind.EMBEDDED else row.aws

    return seconds


@pytest.fixture
def in_each_region(
    qa_in_each_region: Callable[[Callable[[str], None]], None],
) -> Callable[[Callable[[str], None]], None]:
    return qa_in_each_region


@pytest.fixture
def measure(qa_measure: Callable[..., None]) -> Callable[..., None]:
    return qa_measure


@pytest.fixture
def not_exercised(qa_not_exercised: Callable[[str], None]) -> Callable[[str], None]:
    return qa_not_exercised
