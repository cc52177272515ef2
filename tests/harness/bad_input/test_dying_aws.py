"""The embedded AWS dies while the checks run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from qa.cli import main
from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings
from qa.stack import QueueEntry, known_runs

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

    output = [line for line in seen.text.splitlines() if re.fullmatch(ONE_LINE, line)]
    assert (seen.code, len(output), "Traceback" in seen.text) == (2, 6, False), seen.text
    assert "RED" not in seen.text
    assert "qa could not go on: the embedded AWS died in the middle; it ended with -9" in seen.text


LEAVING = """
import os, signal
from qa.live.reachability import is_reachable
from qa.wait import until
from qa.stack.ledger import QueueEntry

@pytest.mark.qa_check("A0", "primary")
def test_something_is_made_before_the_endpoint_dies(qa_live):
    qa_live.run.ledger.will_make(QueueEntry(region="us-east-1", queue_name=qa_live.run.run_id))
    os.kill(PID, signal.SIGKILL)
    until(lambda: is_reachable(qa_live.target), lambda there: not there, what="the endpoint", within=10.0)
    raise RuntimeError("no answer")
"""


@pytest.mark.usefixtures("credentials")
def test_what_a_run_made_at_an_endpoint_that_died_stays_listed_for_the_sweep(project: Path) -> None:
    server = start_embedded(Settings())
    where = ("--target", "endpoint", "--endpoint-url", server.endpoint)
    main(["deploy", *where])
    (project / "tests/live/test_topics.py").write_text("import pytest\n")
    add_check(project, LEAVING.replace("PID", str(server.pid)))

    seen = live_run(project, *where)
    server.stop()

    (run,) = known_runs(project)
    assert run.ledger.remaining() == (QueueEntry(region="us-east-1", queue_name=run.run_id),)
    assert f"left behind by this run: 1; remove it: qa sweep --run {run.run_id}" in seen.text
    assert f"not looked at: the endpoint at {server.endpoint} answers no more." in seen.text


def test_a_run_whose_aws_died_leaves_nothing_to_remove(project: Path) -> None:
    add_check(project, DYING.replace("CONTROLLER", "os.getpid()"))

    live_run(project)

    assert [entry for run in known_runs(project) for entry in run.ledger.remaining()] == []
    assert list((project / "cfn-outputs").rglob("*.json")) == []
