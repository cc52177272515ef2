"""What killed runs left on this machine alone is removed; what they may have left elsewhere is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.stack import Project, QueueEntry, RunAbout, load_project, run_at
from qa.stack.dead import forget_dead_runs, split_by_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa.stack import Run

RUN_ID = "qa-1f2e3d4c"
ACCOUNT = "123456789012"
ENDPOINT = RunAbout(target="endpoint http://127.0.0.1:5000", account=ACCOUNT, stack_name="Orders-dev")
EMBEDDED = RunAbout(target="embedded", account=ACCOUNT, stack_name="Orders-dev")
QUEUE = QueueEntry(region="us-east-1", queue_name=RUN_ID)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "pyproject.toml").write_text(
        """
        [tool.qa]
        template = "stack.json"
        stack-name-prefix = "Orders"
        regions = { primary = "us-east-1", secondary = "us-west-2" }
        [[tool.qa.deploy.step]]
        region = "primary"
        """
    )
    return load_project(tmp_path)


@pytest.fixture
def run(project: Project) -> Run:
    return run_at(project.root, RUN_ID)


def never_began(run: Run) -> None:
    run.stay_alive().release()


def was_about_to_begin(run: Run) -> None:
    run.stay_alive().release()
    (run.folder / "run.json.new").write_text('{"about"')


def cleaned_up(run: Run) -> None:
    run.begin(ENDPOINT, calls=100)
    run.ledger.will_make(QUEUE)
    run.ledger.removed(QUEUE)


def was_embedded(run: Run) -> None:
    run.begin(EMBEDDED)
    run.ledger.will_make(QUEUE)


def left_something(run: Run) -> None:
    run.begin(ENDPOINT)
    run.ledger.will_make(QUEUE)


def left_a_report(run: Run) -> None:
    run.folder.mkdir(parents=True)
    (run.folder / "report.html").write_text("31 checks")


@pytest.mark.parametrize("killed", [never_began, was_about_to_begin, cleaned_up, was_embedded])
def test_a_dead_run_that_left_nothing_elsewhere_is_forgotten(
    project: Project, run: Run, killed: Callable[[Run], None]
) -> None:
    killed(run)
    outputs = project.outputs / "embedded" / RUN_ID / "flat-outputs.json"
    outputs.parent.mkdir(parents=True)
    outputs.write_text("{")

    forget_dead_runs(project)

    assert (run.folder.exists(), outputs.parent.exists()) == (False, False)


@pytest.mark.parametrize("ended", [left_something, left_a_report])
def test_what_tells_of_something_elsewhere_or_is_for_people_stays(
    project: Project, run: Run, ended: Callable[[Run], None]
) -> None:
    ended(run)
    before = sorted(path.name for path in run.folder.iterdir())

    forget_dead_runs(project)

    assert sorted(path.name for path in run.folder.iterdir()) == before


def test_a_run_that_lives_is_not_forgotten(project: Project, run: Run) -> None:
    alive = run.stay_alive()

    forget_dead_runs(project)
    alive.release()

    assert [path.name for path in run.folder.iterdir()] == ["alive.lock"]


def test_runs_are_told_apart_by_the_place_they_worked_on(project: Project) -> None:
    here, there, nowhere = (run_at(project.root, f"qa-0000000{number}") for number in range(3))
    left_something(here)
    there.begin(RunAbout(target="aws", account=ACCOUNT, stack_name="Orders-dev"))
    there.ledger.will_make(QUEUE)
    never_began(nowhere)

    assert split_by_place([here, there, nowhere], ENDPOINT.target, ACCOUNT) == ([here], [there])
