"""The campaign itself: its plan is the same each time, and what was seen is kept and told."""

from __future__ import annotations

import dataclasses
import random
from typing import TYPE_CHECKING

import pytest

from qa.stack.ledger import DocumentsEntry, Entry, ItemEntry, ObjectEntry, QueueEntry

from .leftovers import covers
from .moments import drawn, sooner
from .plan import KINDS, plan
from .record import Outcome, keep, outcomes, table, usual

if TYPE_CHECKING:
    from pathlib import Path

OUTCOME = Outcome(
    case="run, endpoint, it cleans up, seed 1",
    kind="run",
    target="endpoint",
    moment="it cleans up",
    seed=1,
    at=12.3,
    ended="exit -9 after 0.0 s",
    left={"queue": 1, "item": 2},
    listed=3,
    removed=3,
    next_run="31 passed in 25 s",
    faults=(),
)
KEY = {"id": {"S": "qa-1"}}


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_has_at_least_as_many_different_moments_as_asked_for(kind: str) -> None:
    cases = plan(kind, moments=10, seed=1)

    assert len({case.name for case in cases}) == len(cases) >= 10


def test_the_same_seed_draws_the_same_plan_so_that_a_campaign_can_go_on() -> None:
    assert [case.name for case in plan("run", moments=20, seed=3)] == [
        case.name for case in plan("run", moments=20, seed=3)
    ]


def test_drawn_moments_are_spread_over_the_whole_life() -> None:
    parts = [int(moment.share * 8) for moment in drawn(8, random.Random(7))]  # noqa: S311 - as in plan

    assert parts == list(range(8))


def test_a_moment_that_came_too_late_is_tried_again_sooner_under_its_name() -> None:
    (late,) = drawn(1, random.Random(7))  # noqa: S311 - as in plan

    again = sooner(late)

    assert (again.name, again.share) == (late.name, late.share * 0.6)


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "results.jsonl"
    faulty = dataclasses.replace(OUTCOME, next_run="", faults=("left in ledgers: [1]",))
    for outcome in (OUTCOME, faulty):
        keep(path, outcome)

    assert outcomes(path) == [OUTCOME, faulty]


def test_the_last_undisturbed_run_tells_how_long_one_takes() -> None:
    slower = dataclasses.replace(OUTCOME, next_run="31 passed in 40 s")

    assert [usual([]), usual([OUTCOME, slower])] == [None, 40.0]


def test_the_table_tells_what_was_left_and_what_must_not_be() -> None:
    faulty = dataclasses.replace(OUTCOME, case="other", left={}, next_run="", faults=("alarms:\n a | b",))

    assert table([OUTCOME, faulty]) == (
        "| killed | moment | then | left | swept | next run |\n"
        "|---|---|---|---|---|---|\n"
        "| run, endpoint | it cleans up, 12.3 s | exit -9 after 0.0 s | 2 × item, 1 × queue | 3 "
        "| 31 passed in 25 s |\n"
        "| run, endpoint | it cleans up, 12.3 s | exit -9 after 0.0 s | nothing | alarms: a / b | – |\n"
    )


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (
            ItemEntry.of(region="us-east-1", table_name="t", key=KEY),
            ItemEntry.of(region="us-west-2", table_name="t", key=KEY),
        ),
        (
            ObjectEntry(region="us-east-1", bucket="east", key="qa/qa-1"),
            ObjectEntry(region="us-west-2", bucket="west", key="qa/qa-1"),
        ),
        (
            DocumentsEntry(region="us-east-1", bucket="east", prefix="transactions/qa-1"),
            ObjectEntry(region="us-east-1", bucket="east", key="transactions/qa-1/7.json"),
        ),
    ],
    ids=["a replicated item", "a replicated object", "a document of a transaction"],
)
def test_a_ledger_tells_of_copies_too(known: Entry, found: Entry) -> None:
    other = QueueEntry(region="us-east-1", queue_name="qa-1")

    assert (covers(known, found), covers(other, found)) == (True, False)
