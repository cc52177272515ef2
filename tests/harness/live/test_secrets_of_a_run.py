"""A secret that checks print, raise, write down and compare is found in nothing that stays."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.harness.plugin.conftest import project

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["project"]
pytest_plugins = ["pytester"]
PASSWORD = "hunter2-planted-quokka-and-longer"
CHECKS = """
import logging, os
import pytest

SECRET = os.environ["DB_PASSWORD"]

@pytest.mark.qa_check("G1", "both")
def test_a_red_one_tells_all(qa_clients, qa_live, qa_in_each_region, record_property):
    print("stdout", SECRET)
    logging.getLogger("shop").warning("log in with %s", SECRET)
    record_property("qa.note", SECRET)
    qa_clients.sns("us-east-1").create_topic(Name="topic", Attributes={"DisplayName": SECRET})
    def check(region):
        assert "something else" == f"before {SECRET}\\x1b[31m after in {region}"
    qa_in_each_region(check)

@pytest.mark.qa_check("G2", "primary")
def test_an_unknown_one_raises_it(qa_live):
    raise RuntimeError(f"no answer to {SECRET}")

@pytest.mark.qa_check("G3", "primary")
def test_a_green_one_writes_it_down(qa_live, record_property):
    record_property("qa.note", SECRET)

@pytest.mark.qa_check("G4", "primary")
def test_one_that_is_not_exercised_says_why(qa_live, qa_not_exercised):
    qa_not_exercised(f"it would log in with {SECRET}")
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_no_piece_of_it_is_left_anywhere(
    project: Path, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    (project / "tests/live/test_topics.py").write_text(CHECKS)
    monkeypatch.setenv("DB_PASSWORD", PASSWORD)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "left/summary.md"))

    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "tests/live", "-p", "no:cacheprovider", "-rA", "--report=left"),
            *("--junitxml=left/junit.xml", *workers),
        ],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    left = {path.name: path.read_text() for path in (project / "left").rglob("*") if path.is_file()}
    output = left | {"terminal": run.stdout + run.stderr}
    assert {*output} == {"summary.md", "junit.xml", "report.html", "report.json", "report.md", "terminal"}
    assert {name for name, text in output.items() if "hunter" in text or "quokka" in text} == set()
    assert {name for name, text in output.items() if "•••" in text} == {*output}
    assert {name for name, text in output.items() if "\x1b" in text} == set()
