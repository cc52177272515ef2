"""A whole live run of a project of its own: the server, the deploy, the workers, the reports, the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from qa.wait import until

# a conftest below the top may not ask for plugins
pytest_plugins = ["pytester"]

RED = """
@pytest.mark.qa_check("G3", "secondary")
def test_something_is_wrong():
    assert 1 == 2
"""
UNKNOWN = """
@pytest.mark.qa_check("G3", "secondary")
def test_something_cannot_be_found_out():
    raise ProbeError("access denied")
"""
NOT_EXERCISED = """
@pytest.mark.qa_check("G3", "secondary")
def test_somebody_would_be_paged(qa_not_exercised):
    qa_not_exercised("a person is subscribed")
"""
SLOW = """
import threading
@pytest.mark.qa_check("G3", "secondary")
def test_something_takes_long(qa_live):
    print("at work", flush=True)
    threading.Event().wait(60)
"""


def live_run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on the project's live tests, as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/live", "-p", "no:cacheprovider", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def add_check(project: Path, check: str) -> None:
    tests = project / "tests" / "live" / "test_topics.py"
    tests.write_text(tests.read_text() + check)


def summary(output: str) -> list[str]:
    """Return the lines of our section that do not hold a time or a random name."""
    lines = output.partition("= qa =")[2].splitlines()[1:]
    return [line for line in lines if line.startswith(("rpo", "NOT-EXERCISED", "target"))]


def test_a_run_on_workers_is_green_and_leaves_nothing(project: Path) -> None:
    answer = live_run(project, "-n", "2")

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "2 passed" in answer.stdout
    output = summary(answer.stdout)
    assert output[0] == "rpo: 0.25 s"
    assert output[1].startswith("target: embedded at http://127.0.0.1:")
    assert output[1].endswith(", account 123456789012")
    assert list((project / ".qa" / "runs").glob("*")) == []
    assert list((project / "cfn-outputs").rglob("*.json")) == []


def test_a_run_without_workers_is_the_same(project: Path) -> None:
    answer = live_run(project)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "2 passed" in answer.stdout


def test_the_junit_file_tells_verdicts_per_region_and_the_run(project: Path) -> None:
    live_run(project, "-n", "2", "--junitxml=report.xml")

    suite = ET.parse(project / "report.xml").getroot()[0]  # noqa: S314 - written a moment ago by pytest
    assert suite.attrib["tests"] == "2"
    run = {each.attrib["name"]: each.attrib["value"] for each in suite.findall("properties/property")}
    assert run["qa.target"] == "embedded"
    assert run["qa.account"] == "123456789012"
    cases = {case.attrib["name"]: case for case in suite.findall("testcase")}
    reported = {
        each.attrib["name"]: each.attrib["value"]
        for each in cases["test_each_region_has_the_topic"].findall("properties/property")
    }
    assert {name: reported[name] for name in reported if not name.startswith("qa.seconds")} == {
        "qa.check": "G1",
        "qa.regions": "us-east-1,us-west-2",
        "qa.verdict.us-east-1": "green",
        "qa.verdict.us-west-2": "green",
    }


def test_a_red_check_fails_the_run(project: Path) -> None:
    add_check(project, RED)

    answer = live_run(project)

    assert answer.returncode == 1
    assert "RED" in answer.stdout.partition("= qa =")[2]


def test_on_github_a_red_check_is_annotated_at_its_line(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_check(project, RED)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    line = (
        (project / "tests/live/test_topics.py")
        .read_text()
        .splitlines()
        .index('@pytest.mark.qa_check("G3", "secondary")')
    )

    answer = live_run(project)

    assert (
        f"::error file=tests/live/test_topics.py,line={line + 1},title=G3 test_something_is_wrong::"
        "assert 1 == 2"
    ) in answer.stdout.splitlines()


def test_what_could_not_be_found_out_is_not_called_red(project: Path) -> None:
    add_check(project, UNKNOWN)

    answer = live_run(project)

    assert answer.returncode == 1
    assert "unknown" in answer.stdout.partition("= qa =")[2]
    assert "RED" not in answer.stdout.partition("= qa =")[2]


def test_a_check_that_would_page_a_person_is_reported_and_ends_with_6(project: Path) -> None:
    add_check(project, NOT_EXERCISED)

    answer = live_run(project, "-n", "2")

    assert answer.returncode == 6, answer.stdout + answer.stderr
    assert "2 passed, 1 not-exercised" in answer.stdout
    assert summary(answer.stdout)[0] == "NOT-EXERCISED G3: a person is subscribed"


def test_not_exercised_can_be_accepted(project: Path) -> None:
    add_check(project, NOT_EXERCISED)

    assert live_run(project, "--accept-not-exercised").returncode == 0


def test_only_collecting_starts_nothing(project: Path) -> None:
    answer = live_run(project, "--collect-only", "-q")

    assert answer.returncode == 0
    assert not (project / ".qa").exists()


def test_a_template_that_cannot_be_deployed_ends_with_2_and_its_reason(project: Path) -> None:
    template = project / "stack.json"
    template.write_text(template.read_text().replace("AWS::SNS::Topic", "AWS::SNS::Tropic"))

    answer = live_run(project)

    assert answer.returncode == 2
    assert "AWS::SNS::Tropic" in answer.stdout + answer.stderr
    assert "Traceback" not in answer.stdout + answer.stderr


def test_outputs_that_are_not_there_end_with_2_and_what_to_do(project: Path) -> None:
    answer = live_run(project, "--target", "endpoint", "--endpoint-url", "http://127.0.0.1:1")

    assert answer.returncode == 2
    assert "Traceback" not in answer.stdout + answer.stderr


def processes_of(project: Path) -> list[str]:
    """Return the command lines of live processes that work in the project's folder."""
    found = subprocess.run(["ps", "-eo", "pid,stat,args"], capture_output=True, text=True, check=True)  # noqa: S607 - any ps
    left = []
    for line in found.stdout.splitlines()[1:]:
        pid, state, command = line.split(None, 2)
        try:
            folder = Path(f"/proc/{pid}/cwd").readlink()
        except OSError:
            continue
        # pytester has moved this very process there, too
        if folder == project and int(pid) != os.getpid() and not state.startswith("Z"):
            left.append(command)
    return left


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["ctrl-c", "terminated", "killed"]
)
def test_a_run_that_is_broken_off_leaves_no_process(project: Path, number: signal.Signals) -> None:
    add_check(project, SLOW)
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "tests/live", "-n", "2", "-s", "-p", "no:cacheprovider"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as run:
        assert run.stdout is not None
        started = next(line for line in run.stdout if "2 workers" in line or "at work" in line)
        assert started

        run.send_signal(number)

        run.stdout.read()
        run.wait(30)

    until(lambda: processes_of(project), lambda left: left == [], what="processes of the run", within=20.0)
