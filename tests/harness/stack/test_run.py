"""Run IDs, run folders, and who is alive."""

from __future__ import annotations

import os
import random
import re
from typing import TYPE_CHECKING

import pytest

from qa.errors import UsageError
from qa.stack import RunAbout, known_runs, new_run_id, run_at, run_id_in
from qa.stack.run import RUNS, remove_scraps

if TYPE_CHECKING:
    from pathlib import Path

ABOUT = RunAbout(target="endpoint http://127.0.0.1:5000", account="123456789012", stack_name="Orders-dev")


def test_run_ids_differ_although_the_seed_of_random_is_the_same() -> None:
    random.seed(1)
    first = new_run_id()
    random.seed(1)

    second = new_run_id()

    assert first != second
    assert re.fullmatch(r"qa-[0-9a-f]{8}", first)


@pytest.mark.parametrize(
    ("text", "found"),
    [("transactions/qa-1f2e3d4c-L2/7.json", "qa-1f2e3d4c"), ("qa-queue", None), ("plain", None)],
)
def test_a_run_id_is_found_in_a_name(text: str, found: str | None) -> None:
    assert run_id_in(text) == found


def test_a_run_tells_what_it_works_on(tmp_path: Path) -> None:
    run_at(tmp_path, "qa-1f2e3d4c").begin(ABOUT)

    assert run_at(tmp_path, "qa-1f2e3d4c").about == ABOUT


def test_a_run_that_never_began_tells_nothing(tmp_path: Path) -> None:
    assert run_at(tmp_path, "qa-1f2e3d4c").about is None


def test_a_run_is_alive_as_long_as_its_lock_is_held(tmp_path: Path) -> None:
    run = run_at(tmp_path, "qa-1f2e3d4c")
    alive = [run.is_alive]

    lock = run.stay_alive()
    alive.append(run.is_alive)
    lock.release()
    alive.append(run.is_alive)

    assert alive == [False, True, False]


def test_a_project_knows_its_runs_until_they_are_forgotten(tmp_path: Path) -> None:
    first, second = run_at(tmp_path, "qa-00000001"), run_at(tmp_path, "qa-00000002")
    first.begin(ABOUT)
    second.begin(ABOUT)

    first.forget()

    assert list(known_runs(tmp_path)) == [second]


def test_what_is_no_run_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        run_at(tmp_path, "../etc")

    assert str(refused.value) == (
        "'../etc' is no run ID: they are `qa-` and eight hex digits, e.g. qa-1f2e3d4c."
    )


def test_a_forgotten_run_leaves_the_report_that_people_read(tmp_path: Path) -> None:
    run = run_at(tmp_path, "qa-1f2e3d4c")
    run.begin(ABOUT)
    (run.folder / "evidence").mkdir()
    (run.folder / "report.html").write_text("31 checks")

    run.forget()

    assert [path.name for path in run.folder.iterdir()] == ["report.html"]


def test_a_run_is_over_once_it_was_ended_or_forgotten(tmp_path: Path) -> None:
    run = run_at(tmp_path, "qa-1f2e3d4c")
    run.begin(ABOUT)
    seen = [run.is_over]

    run.end()
    seen.append(run.is_over)
    run.forget()
    seen.append(run.is_over)

    assert seen == [False, True, True]


def test_what_is_left_of_a_folder_half_made_or_half_removed_is_removed(tmp_path: Path) -> None:
    runs = tmp_path / RUNS
    for name in (".qa-00000001.gone", ".qa-00000002.new", ".qa-00000003.new", "qa-00000004"):
        (runs / name).mkdir(parents=True)
    os.utime(runs / ".qa-00000002.new", (0, 0))

    remove_scraps(tmp_path)

    assert sorted(path.name for path in runs.iterdir()) == [".qa-00000003.new", "qa-00000004"]
