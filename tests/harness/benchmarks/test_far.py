"""What the far benchmark measures: from the first start to the last end, and the longest group."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.far import group_seconds, wall_seconds
from benchmarks.timeline import VARIABLE, Ran, read_timeline

if TYPE_CHECKING:
    import pytest

# a conftest below the top may not ask for plugins
pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[3]
TESTS = """
import pytest

@pytest.fixture
def prepared():
    yield

@pytest.mark.xdist_group("bell")
@pytest.mark.parametrize("number", range(2))
def test_rings(number, prepared):
    pass

def test_alone():
    pass
"""
RAN = (
    Ran(test="a", group="bell", begun=10.0, ended=12.0),
    Ran(test="b", group="bell", begun=12.5, ended=13.0),
    Ran(test="c", group="c", begun=9.0, ended=11.0),
)


def test_wall_time_is_from_the_first_start_to_the_last_end() -> None:
    assert wall_seconds(RAN) == 4.0


def test_time_of_a_group_is_the_sum_of_its_tests() -> None:
    assert group_seconds(RAN) == {"bell": 2.5, "c": 2.0}


def test_plugin_writes_down_each_test_with_its_group(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(test_bells=TESTS)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv(VARIABLE, str(pytester.path / "timeline.json"))

    pytester.runpytest_subprocess("-p", "benchmarks.timeline", "-n", "2").assert_outcomes(passed=3)

    ran = read_timeline(pytester.path / "timeline.json")
    assert sorted((each.test.partition("::")[2], each.group) for each in ran) == [
        ("test_alone", "test_bells.py::test_alone"),
        ("test_rings[0]", "bell"),
        ("test_rings[1]", "bell"),
    ]
    assert all(each.begun <= each.ended for each in ran)
