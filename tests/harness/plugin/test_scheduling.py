"""How a live run hands its checks to workers: groups together, and those that watch for long first."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# a conftest below the top may not ask for plugins
pytest_plugins = ["pytester"]

NOTING = """
import os, pathlib, pytest

def note(name):
    with pathlib.Path("ran.txt").open("a") as file:
        file.write(f"{os.environ['PYTEST_XDIST_WORKER']} {name}\\n")
"""
GROUPED = """
@pytest.mark.qa_check("G1", "both")
@pytest.mark.xdist_group("bell")
@pytest.mark.parametrize("number", range(5))
def test_rings_a_bell(number):
    note(f"bell {number}")

@pytest.mark.qa_check("G2", "both")
@pytest.mark.parametrize("number", range(5))
def test_rings_none(number):
    note(f"other {number}")
"""
WATCHING = """
@pytest.mark.qa_check("G1", "both")
@pytest.mark.parametrize("number", range(6))
def test_is_soon_done(number):
    note(f"short {number}")

@pytest.mark.qa_check("G2", "both", watches=3.0)
def test_looks_for_long():
    note("long")
"""


def by_worker(project: Path, checks: str) -> dict[str, list[str]]:
    """Run checks on two workers, in the order of their file, and return what each worker ran, in order."""
    (project / "tests" / "live" / "test_topics.py").write_text(NOTING + checks)
    answer = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "tests/live", "-n", "2", "--dist", "loadgroup"),
            *("-p", "no:cacheprovider", "-p", "no:randomly"),
        ],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    ran: dict[str, list[str]] = {}
    for line in (project / "ran.txt").read_text().splitlines():
        worker, _, name = line.partition(" ")
        ran.setdefault(worker, []).append(name)
    return ran


def test_checks_of_one_group_run_one_after_the_other_on_one_worker(project: Path) -> None:
    ran = by_worker(project, GROUPED)

    bells = [[name for name in names if name.startswith("bell")] for names in ran.values()]
    assert sorted(bells) == [[], [f"bell {number}" for number in range(5)]]


def test_a_check_that_watches_for_long_is_handed_out_first(project: Path) -> None:
    ran = by_worker(project, WATCHING)

    assert "long" in [names[0] for names in ran.values()]
