"""Which pytest runs are live: those that execute tests of a live folder, and no others."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from qa.live.detect import is_live

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A project whose live tests lie in tests/live."""
    pytester.makepyprojecttoml(
        """
        [tool.qa]
        live-tests = ["tests/live"]
        [tool.pytest.ini_options]
        testpaths = ["tests/unit"]
        """
    )
    for folder in ("live", "unit"):
        (pytester.path / "tests" / folder).mkdir(parents=True)
        (pytester.path / "tests" / folder / "test_it.py").write_text("def test_it(): pass\n")
    return pytester.path


@pytest.mark.parametrize(
    ("arguments", "live"),
    [
        pytest.param(["tests/live"], True, id="the folder"),
        pytest.param(["tests/live/test_it.py::test_it"], True, id="one test"),
        pytest.param(["tests"], True, id="a folder above it"),
        pytest.param(["tests/unit"], False, id="another folder"),
        pytest.param([], False, id="the testpaths, without it"),
        pytest.param(["tests/live", "--collect-only"], False, id="only listed"),
        pytest.param(["tests/live", "--fixtures"], False, id="only fixtures"),
    ],
)
def test_a_run_is_live_when_it_will_execute_live_tests(
    project: Path, pytester: pytest.Pytester, arguments: list[str], *, live: bool
) -> None:
    config = pytester.parseconfig("-p", "no:qa", "-p", "no:randomly", *arguments)

    assert is_live(config) is live


def test_a_project_without_settings_has_no_live_run(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml(textwrap.dedent("[tool.pytest.ini_options]"))

    assert not is_live(pytester.parseconfig("-p", "no:qa"))
