"""A disk that takes no byte more, by the system's own limit on files: nothing is lost, nothing is left."""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .running import add_check, live_run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("credentials")


def no_byte_more() -> None:
    """In the new process: files can be made, and nothing written into them."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def with_a_full_disk(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=project,
        preexec_fn=no_byte_more,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("command", ["deploy", "outputs"])
def test_outputs_stay_as_they_were(project: Path, endpoint: str, command: str) -> None:
    where = ("--target", "endpoint", "--endpoint-url", endpoint)
    qa = (sys.executable, "-m", "qa")
    subprocess.run([*qa, "deploy", *where], cwd=project, check=True, capture_output=True, timeout=300)
    folder = project / "cfn-outputs/endpoint"
    before = {each.name: each.read_text() for each in folder.iterdir()}

    done = with_a_full_disk(project, *qa, command, *where)

    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        (
            f"qa {command}: the outputs cannot be written to {folder / 'flat-outputs.json'}: File too large. "
            "What was there before is untouched. Fix the folder (`outputs` in [tool.qa]) or free space; if "
            "the stacks stand, `make outputs` writes the file."
        ),
    )
    assert {each.name: each.read_text() for each in folder.iterdir()} == before


BEGINNING = """
from pathlib import Path
from qa.errors import UsageError
from qa.live.session import forget_empty
from qa.stack import RunAbout, run_at

run = run_at(Path.cwd(), "qa-1f2e3d4c")
lock = run.stay_alive()
try:
    run.begin(RunAbout(target="embedded", account="123456789012", stack_name="Topics-dev"))
except UsageError as refused:
    print(refused)
lock.release()
forget_empty(run)
"""


def test_a_run_does_not_begin_and_leaves_no_folder(project: Path) -> None:
    """pytest itself needs a disk, so only the run's own steps are taken here."""
    done = with_a_full_disk(project, sys.executable, "-c", BEGINNING)

    folder = project / ".qa/runs/qa-1f2e3d4c"
    assert (done.stdout, done.stderr) == (
        (
            f"the run's folder {folder} cannot be written to: File too large. Without it nobody could remove "
            "what a broken-off run leaves. Fix the folder or free space.\n"
        ),
        "",
    )
    assert not folder.exists()


FULL = """
@pytest.mark.qa_check("G0", "primary")
def test_the_disk_is_full():
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    assert 1 == 2
"""


def test_a_disk_that_is_full_in_the_middle_ends_no_run(project: Path) -> None:
    add_check(project, FULL)

    seen = live_run(project, "-n", "1")

    assert (seen.code, "INTERNALERROR" in seen.text) == (1, False), seen.text
    assert "/evidence: File too large. Free space." in seen.text
    assert "1 failed, 2 passed" in seen.text.splitlines()[-1]


BREAKING = """
def pytest_runtest_logreport(report):
    if report.when == "call":
        raise RuntimeError("a fault of somebody's own")
"""


def test_the_last_line_of_a_run_that_broke_off_says_how_many_tests_were_not_run(project: Path) -> None:
    conftest = project / "tests/live/conftest.py"
    conftest.write_text(conftest.read_text() + BREAKING)

    seen = live_run(project)

    assert (seen.code, seen.text.splitlines()[-1]) == (3, "qa: 1 of 2 tests were not run."), seen.text
