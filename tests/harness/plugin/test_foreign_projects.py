"""With the wheel installed, pytest of a project that has nothing to do with qa runs as it did before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PASSING = "def test_it(): pass\n"
OWN_QA = "from qa import NAME\n\ndef test_it(): assert NAME == 'theirs'\n"
OWN_OPTIONS = """
def pytest_addoption(parser):
    parser.addoption("--target")
    parser.addoption("--suffix")
"""
READS_OPTIONS = """
def test_it(request):
    assert request.config.getoption("target", "here") == "here"
"""
NOT_LOADED = """
import sys
def test_it():
    assert [name for name in sys.modules if name.partition(".")[0] == "qa"] == []
"""
ASKS_FOR_QA = "[tool.qa]\ntemplate = 'stack.json'\n"
LIVE = {"pyproject.toml": ASKS_FOR_QA, "tests/integration/test_live.py": PASSING}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built wheel, as pip installs it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")
    build = ("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, ROOT)
    subprocess.run([*pip, *build], check=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--target", site, wheel], check=True, timeout=120
    )
    return site


class Run:
    """Runs pytest in a folder of these files, with the wheel installed."""

    def __init__(self, installed: Path, folder: Path) -> None:
        self._installed = installed
        self._folder = folder

    def __call__(self, files: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
        for name, text in files.items():
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        # a worker of the run that this test belongs to would say that it is one
        own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", *arguments],
            cwd=self._folder,
            env=own | {"PYTHONPATH": str(self._installed)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    return Run(installed, tmp_path)


@pytest.mark.parametrize(
    ("files", "arguments"),
    [
        pytest.param({"qa/__init__.py": "NAME = 'theirs'", "test_a.py": OWN_QA}, (), id="a package qa"),
        pytest.param({"qa.py": "NAME = 'theirs'", "test_a.py": OWN_QA}, (), id="a module qa"),
        pytest.param({"qa/notes.txt": "", "test_a.py": PASSING}, (), id="a folder qa of no code"),
        pytest.param(
            {
                "pytest.ini": "[pytest]\npythonpath = src\n",
                "src/qa/__init__.py": "NAME = 'theirs'",
                "test_a.py": OWN_QA,
            },
            (),
            id="a package qa in its pythonpath",
        ),
        pytest.param(
            {"conftest.py": OWN_OPTIONS, "test_a.py": READS_OPTIONS}, ("--target=here",), id="options"
        ),
        pytest.param({"pyproject.toml": ASKS_FOR_QA, "test_a.py": NOT_LOADED}, (), id="no live tests"),
        pytest.param(
            {"pyproject.toml": "tool = 'qa'", "a.toml": "[pytest]", "test_a.py": PASSING},
            ("-c", "a.toml"),
            id="settings of another kind",
        ),
        pytest.param({"test_a.py": NOT_LOADED}, (), id="nothing"),
    ],
)
def test_a_run_that_is_not_about_qa_is_as_without_it(
    run: Run, files: dict[str, str], arguments: tuple[str, ...]
) -> None:
    answer = run(files, *arguments)

    assert (answer.returncode, answer.stderr) == (0, ""), answer.stdout
    assert "1 passed" in answer.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_project_with_live_tests_and_a_qa_of_its_own_is_told_once_and_runs(
    run: Run, installed: Path, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    files = LIVE | {"qa/__init__.py": "NAME = 'theirs'", "test_a.py": OWN_QA}

    answer = run(files, "test_a.py", *workers)

    assert answer.returncode == 0, answer.stdout
    assert answer.stderr == (
        f"qa: the pytest plugin is not loaded: `import qa` finds {tmp_path}/qa/__init__.py, expected "
        f"{installed}/qa/__init__.py. Rename the folder or module, or take its parent off sys.path "
        "(`pytest` instead of `python -m pytest`, no pythonpath setting).\n"
    )


def test_who_loads_the_plugin_by_name_is_told_as_well(run: Run) -> None:
    answer = run({"qa.py": "NAME = 'theirs'", "test_a.py": OWN_QA}, "-p", "qa")

    assert answer.returncode == 0, answer.stdout
    assert answer.stderr.startswith("qa: the pytest plugin is not loaded: `import qa` finds ")


@pytest.mark.parametrize(
    ("files", "arguments"),
    [
        pytest.param(LIVE, (), id="live tests"),
        pytest.param({"test_a.py": PASSING}, ("-p", "qa"), id="asked for by its entry point"),
        pytest.param({"test_a.py": PASSING}, ("-p", "qa.plugin"), id="asked for by its module"),
        pytest.param(LIVE, ("-p", "qa", "--disable-plugin-autoload"), id="nothing loads by itself"),
    ],
)
def test_a_run_that_is_about_qa_has_its_fixtures(
    run: Run, files: dict[str, str], arguments: tuple[str, ...]
) -> None:
    answer = run(files, *arguments, "--fixtures")

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "qa_clients" in answer.stdout


def test_the_plugin_can_be_switched_off(run: Run) -> None:
    answer = run(LIVE, "-p", "no:qa", "--fixtures")

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "qa_clients" not in answer.stdout
