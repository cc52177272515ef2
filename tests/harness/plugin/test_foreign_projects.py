"""With the wheel installed, pytest of a project that has nothing to do with qa runs as it did before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa import plugin

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
        self._folder = folder
        self.path: tuple[Path, ...] = (installed,)

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
            env=own | {"PYTHONPATH": os.pathsep.join(map(str, self.path))},
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


OPTION = "def pytest_addoption(parser): parser.addoption({option!r}, help='theirs')\n"
OURS = tuple(plugin.OPTIONS)


@pytest.mark.parametrize("option", OURS)
def test_a_conftest_that_declares_an_option_of_ours_is_named_in_one_line(
    run: Run, tmp_path: Path, option: str
) -> None:
    files = LIVE | {"conftest.py": OPTION.format(option=option), "test_a.py": PASSING}

    answer = run(files, "test_a.py")

    assert (answer.returncode, answer.stdout) == (4, "")
    (line,) = filter(None, answer.stderr.splitlines())
    assert line.startswith(
        f"ERROR: qa: {tmp_path}/conftest.py declares an option that qa's pytest plugin has "
    )
    assert option in line
    assert line.endswith(". Rename it, or run without the plugin: pytest -p no:qa")


def test_another_fault_in_a_conftests_options_is_shown_by_pytest_as_it_is(run: Run) -> None:
    conftest = "def pytest_addoption(parser): raise ValueError('theirs')\n"
    files = LIVE | {"conftest.py": conftest, "test_a.py": PASSING}

    answer = run(files, "test_a.py")

    assert "ValueError: theirs" in answer.stderr
    assert "qa: " not in answer.stderr


def test_a_conftest_with_options_of_ours_runs_without_the_plugin(run: Run) -> None:
    files = LIVE | {"conftest.py": OWN_OPTIONS, "test_a.py": READS_OPTIONS}

    answer = run(files, "test_a.py", "--target=here", "-p", "no:qa")

    assert (answer.returncode, answer.stderr) == (0, ""), answer.stdout


def _other_plugin(name: str) -> dict[str, str]:
    """Return a plugin with options of ours: as pip installs it."""
    info = f"{name}-1.0.dist-info"
    return {
        f"plugins/{name}.py": OWN_OPTIONS,
        f"plugins/{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"plugins/{info}/entry_points.txt": f"[pytest11]\n{name} = {name}\n",
    }


@pytest.mark.parametrize("first", ["theirs", "ours"])
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_the_plugin_stands_aside_for_an_installed_one_that_has_its_options(
    run: Run, installed: Path, tmp_path: Path, first: str, workers: tuple[str, ...]
) -> None:
    files = LIVE | _other_plugin("other") | {"test_a.py": READS_OPTIONS}
    paths = (tmp_path / "plugins", installed)
    run.path = paths if first == "theirs" else paths[::-1]

    answer = run(files, "test_a.py", "--target=here", *workers)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stderr == (
        "qa: the pytest plugin is not loaded: another plugin has declared --target, --suffix already. To run "
        "the live tests, run without that plugin: pytest -p no:NAME (`pytest --trace-config` lists the "
        "names).\n"
    )


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_table_of_another_tool_breaks_no_run_and_is_said_once(
    run: Run, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    settings = "[tool.qa]\nstrict = true\n[tool.qa.lint]\nwidth = 100\n"

    answer = run(LIVE | {"pyproject.toml": settings}, *workers)

    assert answer.returncode == 0, answer.stdout
    assert answer.stderr == (
        f"qa: the pytest plugin is not loaded: [tool.qa] in {tmp_path}/pyproject.toml has no key of qa and "
        "is taken for another tool's. It has: strict, lint. Expected one of: template, stack-name-prefix, "
        "suffix, suffix-variables, capabilities, outputs, live-tests, regions, deploy, destroy, sweep, "
        "safety, check, parameters, tags, termination-protection, stack-policy, stack, assembly, "
        "environment, endpoints, assets-bucket.\n"
    )


def test_a_wrong_key_beside_one_of_ours_stops_a_live_run(run: Run) -> None:
    answer = run(LIVE | {"pyproject.toml": ASKS_FOR_QA + "strict = true\n"})

    assert answer.returncode == 2
    assert "unknown key 'strict' in [tool.qa]" in answer.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
@pytest.mark.parametrize("package", ["moto", "boto3"])
def test_who_asks_for_no_live_test_needs_no_package_of_aws(
    run: Run, package: str, workers: tuple[str, ...]
) -> None:
    absent = f"raise ModuleNotFoundError(\"No module named '{package}'\", name='{package}')\n"

    answer = run(LIVE | {f"{package}.py": absent, "test_a.py": PASSING}, "test_a.py", *workers)

    assert (answer.returncode, package in answer.stderr) == (0, False), answer.stdout
    if not workers:  # a worker that xdist ends while it still imports says so, on a busy machine
        assert answer.stderr == ""
