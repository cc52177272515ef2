"""A disk that fills in the middle of a live run, mounted where that is allowed: the end says what is so."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from qa.cli import main

from .running import add_check, live_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("credentials")

FILLING = '''
import os, pathlib, resource

def fill():
    """Take what the mounted disk has left; without one let this process write into no file."""
    if "FULL_DISK" not in os.environ:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        return
    try:
        with open(pathlib.Path(os.environ["FULL_DISK"], "filler"), "ab", buffering=0) as file:
            while file.write(bytes(64)):
                pass
    except OSError:
        pass
'''
AT_COLLECTION = """
def pytest_collection_modifyitems(config):
    if hasattr(config, "workerinput"):
        fill()
"""
BETWEEN_CHECKS = """
def pytest_runtest_logreport(report):
    if report.when == "call":
        fill()
        [run] = pathlib.Path(".qa/runs").glob("qa-*")
        run.joinpath("note").write_bytes(bytes(10_000))
"""
PREPARING = """
from qa.stack.ledger import QueueEntry, SubscriptionEntry

def pytest_qa_prepare(live, clients):
    # AWS refuses the topic's name, so this cannot be removed
    live.run.ledger.will_make(SubscriptionEntry(region="us-east-1", topic_arn="no-arn", endpoint="e"))
    if os.environ.get("FULL_WHEN") == "preparing":
        fill()
        live.run.ledger.will_make(QueueEntry(region="us-east-1", queue_name="q" * 5_000))
    return {"number": 42}
"""
MAKING = """
@pytest.mark.qa_check("G3", "primary")
def test_makes_a_queue_when_the_disk_is_full(qa_live, request):
    from qa.stack.ledger import QueueEntry
    [conftest] = [each for each in request.config.pluginmanager.get_plugins() if hasattr(each, "fill")]
    conftest.fill()
    qa_live.run.ledger.will_make(QueueEntry(region="us-east-1", queue_name="q" * 5_000))
"""
FILLED = """
def test_fills_the_disk(request):
    [conftest] = [each for each in request.config.pluginmanager.get_plugins() if hasattr(each, "fill")]
    conftest.fill()
"""
SWEEP = "qa sweep --target endpoint --run qa-RUN"
REMEDY = "Free space, or make the folder one that can be written to."


@pytest.fixture(params=["tmpfs", "limit"])
def words(request: pytest.FixtureRequest, project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What the system says of the full disk under `.qa/runs`: a mounted one, or its limit on files."""
    if request.param == "limit":
        yield "File too large"
        return
    runs = project / ".qa/runs"
    runs.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(runs)],  # noqa: S607 - any mount
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    monkeypatch.setenv("FULL_DISK", str(runs))
    yield "No space left on device"
    subprocess.run(["umount", "-l", str(runs)], check=True, timeout=60)  # noqa: S607 - any umount


def fill_at(project: Path, hook: str) -> None:
    conftest = project / "tests/live/conftest.py"
    conftest.write_text(f"{FILLING}\n{conftest.read_text()}\n{hook}")


def last_lines(text: str) -> list[str]:
    """Return what follows pytest's own summary, with one name for every run."""
    lines = re.sub(r"qa-[0-9a-f]{8}", "qa-RUN", text).splitlines()
    [last] = [at for at, line in enumerate(lines) if re.search(r"=== .* in [\d.]+s", line)]
    return lines[last + 1 :]


def test_a_plan_that_cannot_be_written_ends_the_run_in_one_line(project: Path, words: str) -> None:
    fill_at(project, AT_COLLECTION)

    seen = live_run(project, "-n", "2", "--dist", "loadgroup")

    assert (seen.code, "INTERNALERROR" in seen.text) == (2, False), seen.text
    assert last_lines(seen.text) == [
        f"qa: {words}: {project}/.qa/runs/qa-RUN/plan/checks.json. {REMEDY}",
        "qa: 2 of 2 tests were not run.",
    ]


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "on a worker"])
def test_a_file_that_cannot_be_written_between_checks_ends_the_run_in_one_line(
    project: Path, words: str, options: tuple[str, ...]
) -> None:
    fill_at(project, BETWEEN_CHECKS)

    seen = live_run(project, *options)

    assert (seen.code, "INTERNALERROR" in seen.text) == (2, False), seen.text
    assert [re.sub(r": the run's folder is.*/qa-RUN\.", ":", line) for line in last_lines(seen.text)] == [
        f"qa: {words}: {REMEDY}",
        "qa: 1 of 2 tests were not run.",
    ]


def test_a_thing_that_cannot_be_written_down_is_no_verdict_and_what_is_left_is_named_with_the_sweep(
    project: Path, endpoint: str, words: str
) -> None:
    where = ("--target", "endpoint", "--endpoint-url", endpoint)
    assert main(["deploy", *where]) == 0
    fill_at(project, PREPARING)
    add_check(project, MAKING)

    seen = live_run(project, *where)

    assert (seen.code, "INTERNALERROR" in seen.text) == (1, False), seen.text
    assert "1 failed, 2 passed" in seen.text
    assert re.search(r"^G3 .* unknown ", seen.text, re.MULTILINE), seen.text
    assert last_lines(seen.text) == [
        f"qa: {words}: {project}/.qa/runs/qa-RUN/ledger.jsonl. {REMEDY}",
        f"qa: 1 left behind. Remove them: {SWEEP} --endpoint-url {endpoint} --suffix dev",
    ]


def test_a_run_that_cannot_prepare_names_what_is_left_with_the_sweep(
    project: Path, endpoint: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FULL_WHEN", "preparing")
    where = ("--target", "endpoint", "--endpoint-url", endpoint)
    assert main(["deploy", *where]) == 0
    fill_at(project, PREPARING)

    seen = live_run(project, *where)

    assert seen.code == 2, seen.text
    assert seen.text.count("\n") < 20, seen.text
    assert f"] {words}: '{project}/.qa/runs/qa-" in seen.reason
    ended = re.sub(r"qa-[0-9a-f]{8}", "qa-RUN", seen.text)
    assert f"qa: 1 left behind. Remove them: {SWEEP} --endpoint-url {endpoint} --suffix dev\n" in ended, ended


def test_a_junit_file_that_cannot_be_written_ends_the_run_in_one_line(project: Path, words: str) -> None:
    """Its disk is the run's; nobody's traceback hides pytest's summary."""
    fill_at(project, "")
    add_check(project, FILLED)

    seen = live_run(project, "--junitxml", ".qa/runs/junit.xml")

    assert (seen.code, "Traceback" in seen.text) == (2, False), seen.text
    assert "3 passed" in seen.text
    assert last_lines(seen.text)[0].startswith(f"qa: {words}: ")


def test_a_folder_that_turns_read_only_is_no_verdict(project: Path, endpoint: str) -> None:
    runs = project / ".qa/runs"
    where = ("--target", "endpoint", "--endpoint-url", endpoint)
    assert main(["deploy", *where]) == 0
    add_check(
        project,
        f"""
@pytest.mark.qa_check("G3", "primary")
def test_asks_when_the_folder_is_read_only(qa_clients):
    import subprocess
    done = subprocess.run("mount --bind {runs} {runs} && mount -o remount,bind,ro {runs}", shell=True)
    if done.returncode:
        pytest.skip("nothing can be mounted here")
    qa_clients.sns("us-east-1").list_topics()
""",
    )
    try:
        seen = live_run(project, *where)
    finally:
        # not mounted, if that is not allowed
        subprocess.run(["umount", "-l", str(runs)], check=False, capture_output=True, timeout=60)  # noqa: S607 - any umount
    if "1 skipped" in seen.text:
        pytest.skip("nothing can be mounted here")

    assert (seen.code, last_lines(seen.text)) == (
        1,
        [f"qa: Read-only file system: {runs}/qa-RUN/calls. {REMEDY}"],
    ), seen.text
