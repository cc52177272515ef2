"""The GitHub workflow's own steps, taken on the embedded AWS under the two policies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import IO, TYPE_CHECKING, Any

import pytest

from qa.stack.live import find_stack
from tests.harness.pipeline import stage as stages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa.stack.clients import Clients
    from qa.stack.project import Project

    from .stage import Stage

QUICK_CHECK = """
import os
import pytest

@pytest.mark.qa_check("D9", "primary")
def test_something_of_the_stack(qa_live):
    {body}
"""
STACK = "TapStack-ci-{number}-1"


@pytest.fixture
def stage(project: Project, admin: Clients, deployer: Clients, runner: Clients, tmp_path: Path) -> Stage:
    known = {"github.run_number": str(os.getpid()), "github.run_attempt": "1"}
    for caller, clients in (("deployer", deployer), ("runner", runner)):
        known |= stages.outputs_of(caller, clients)
    root = stages.checkout(project.root, tmp_path / "checkout")
    return stages.Stage(root=root, endpoint=str(admin.target.endpoint), known=known)


@pytest.fixture
def standing(stage: Stage, admin: Clients, project: Project) -> Callable[[], list[object]]:
    """What stands of the stage's two stacks."""
    name = STACK.format(number=stage.known["github.run_number"])

    def look() -> list[object]:
        regions = (project.regions.primary, project.regions.secondary)
        return [found for region in regions if (found := find_stack(admin, region, name)) is not None]

    return look


def only(stage: Stage, body: str) -> None:
    """Put one quick check in the place of the 31."""
    for path in (stage.root / "tests/integration").glob("test_*.py"):
        path.unlink()
    (stage.root / "tests/integration/conftest.py").unlink()
    check = stage.root / "tests/integration/test_quick.py"
    check.write_text(QUICK_CHECK.format(body=body), encoding="utf-8")


def step(root: Path, command: str) -> dict[str, Any]:
    """Return the step of the workflow that runs this command."""
    (found,) = (each for each in stages.steps(root) if each.get("run") == command)
    return found


def test_every_command_of_the_workflow_is_one_of_this_project(project: Project) -> None:
    commands = [each["run"] for each in stages.steps(project.root) if "run" in each]

    assert commands == ["make setup test-unit", "docs/examples/stage.sh", "docs/examples/stage.sh destroy"]
    subprocess.run(["make", "-n", "setup", "test-unit"], cwd=project.root, check=True, capture_output=True)  # noqa: S607 - whichever make
    assert os.access(project.root / "docs/examples/stage.sh", os.X_OK)


def test_the_suffix_leaves_room_for_the_names_of_roles(project: Project) -> None:
    (suffix,) = {each["env"]["SUFFIX"] for each in stages.steps(project.root)}

    filled = stages.filled(suffix, {"github.run_number": "9" * 9, "github.run_attempt": "9"})

    assert (filled, len(filled) <= 15) == ("ci-999999999-9", True)


def test_the_stage_is_green_under_the_two_policies_and_leaves_what_is_uploaded(
    stage: Stage, standing: Callable[[], list[object]]
) -> None:
    code, reported = stage.take(step(stage.root, "docs/examples/stage.sh"))

    (upload,) = (each for each in stages.steps(stage.root) if "upload-artifact" in each.get("uses", ""))
    left = stage.root / upload["with"]["path"]
    (run,) = (each.name for each in left.iterdir() if each.is_dir())
    assert (code, "31 passed" in reported, standing()) == (0, True, []), reported
    assert {each.relative_to(left).as_posix() for each in left.rglob("*") if each.is_file()} == {
        *("deploy.log", "checks.log", "destroy.log", "junit.xml"),
        *(f"{run}/{name}" for name in ("junit.xml", "report.html", "report.json", "report.md")),
    }
    assert stage.summary.startswith("## 31 checks: 31 green\n")
    assert list((stage.root / ".qa/runs").glob("*")) == []


def test_a_red_check_ends_with_1_an_annotation_at_its_line_and_no_stack(
    stage: Stage, standing: Callable[[], list[object]]
) -> None:
    only(stage, "assert qa_live.outputs['TransactionsTableName'] == 'orders, 100 %: none'")

    code, reported = stage.take(step(stage.root, "docs/examples/stage.sh"))

    (annotation,) = (line for line in reported.splitlines() if line.startswith("::error "))
    assert (code, standing()) == (1, []), reported
    assert annotation.startswith(
        "::error file=tests/integration/test_quick.py,line=5,title=D9 test_something_of_the_stack::"
    )
    assert "orders, 100 %25: none" in annotation
    assert stage.summary.startswith("## 1 check: 1 red\n")


def test_a_template_that_does_not_deploy_ends_with_2_and_no_stack(
    stage: Stage, standing: Callable[[], list[object]]
) -> None:
    template = stage.root / "lib/TapStack.json"
    content = json.loads(template.read_text(encoding="utf-8"))
    content["Resources"]["PrimarySNSTopic"]["Properties"]["Colour"] = "red"
    template.write_text(json.dumps(content), encoding="utf-8")

    code, reported = stage.take(step(stage.root, "docs/examples/stage.sh"))

    name = STACK.format(number=stage.known["github.run_number"])
    assert (code, standing()) == (2, []), reported
    assert stage.summary == f"{name} was not deployed: deploy.log says why.\n"
    assert "Colour" in (stage.root / "artifacts/deploy.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_a_stage_that_is_broken_off_ends_with_130_and_no_stack(
    stage: Stage, standing: Callable[[], list[object]], number: signal.Signals
) -> None:
    only(stage, "print('now', flush=True); __import__('threading').Event().wait(60)")
    with stage.start(step(stage.root, "docs/examples/stage.sh")) as process:
        assert process.stdout is not None
        seen = _told_before_the_checks(process.stdout)
        process.send_signal(number)
        rest = process.stdout.read()

    assert (process.returncode, standing()) == (130, []), seen + rest


def test_what_a_killed_stage_left_goes_with_the_step_for_cancelled_runs(
    stage: Stage, standing: Callable[[], list[object]]
) -> None:
    only(stage, "__import__('threading').Event().wait(60)")
    with stage.start(step(stage.root, "docs/examples/stage.sh")) as process:
        assert process.stdout is not None
        _told_before_the_checks(process.stdout)
        os.killpg(process.pid, signal.SIGKILL)
        process.stdout.read()
    before = len(standing())

    code, reported = stage.take(step(stage.root, "docs/examples/stage.sh destroy"))

    assert (before, code, standing()) == (2, 0, []), reported
    assert (stage.root / "artifacts/destroy-again.log").exists()


def _told_before_the_checks(output: IO[str]) -> str:
    seen = ""
    for line in output:
        if line == "== the 31 checks\n":
            return seen
        seen += line
    raise AssertionError(f"the stage ended before its checks:\n{seen}")
