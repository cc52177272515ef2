"""The embedded AWS dies while the checks run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from qa.stack import known_runs

from .running import add_check, live_run

if TYPE_CHECKING:
    from pathlib import Path

# the first check kills the run's server, as its controller's child, and asks it afterwards
DYING = """
import os, signal, subprocess
from pathlib import Path

def server(controller):
    found = Path(f"/proc/{controller}/task/{controller}/children").read_text().split()
    return next(int(pid) for pid in found if b"qa.embedded" in Path(f"/proc/{pid}/cmdline").read_bytes())

@pytest.fixture
def lasting(qa_clients):
    yield
    qa_clients.sns("us-east-1").list_topics()

@pytest.mark.qa_check("A0", "both")
def test_0_the_server_is_killed(qa_clients, qa_in_each_region, lasting):
    os.kill(server(CONTROLLER), signal.SIGKILL)
    qa_in_each_region(lambda region: qa_clients.sns(region).list_topics())

@pytest.mark.qa_check("A1", "both")
@pytest.mark.parametrize("number", range(5))
def test_others_follow(qa_clients, number):
    qa_clients.sns("us-east-1").list_topics()
"""
ONE_LINE = r"not looked at: the embedded AWS at http://127\.0\.0\.1:\d+ answers no more\."


@pytest.mark.parametrize(
    ("workers", "controller"), [((), "os.getpid()"), (("-n", "2"), "os.getppid()")], ids=["alone", "workers"]
)
def test_every_check_says_once_that_it_was_not_looked_at(
    project: Path, workers: tuple[str, ...], controller: str
) -> None:
    (project / "tests/live/test_topics.py").write_text("import pytest\n")
    add_check(project, DYING.replace("CONTROLLER", controller))

    seen = live_run(project, "-rN", *workers)

    told = [line for line in seen.text.splitlines() if re.fullmatch(ONE_LINE, line)]
    assert (seen.code, len(told), "Traceback" in seen.text) == (2, 6, False), seen.text
    assert "RED" not in seen.text
    assert "qa could not go on: the embedded AWS died in the middle; it ended with -9" in seen.text


def test_a_run_whose_aws_died_leaves_nothing_to_remove(project: Path) -> None:
    add_check(project, DYING.replace("CONTROLLER", "os.getpid()"))

    live_run(project)

    assert [entry for run in known_runs(project) for entry in run.ledger.remaining()] == []
    assert list((project / "cfn-outputs").rglob("*.json")) == []
