"""The reason that a drill gives to an alarm, and reading it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from qa.stack import Drill, drill_of

DRILL = Drill(
    run_id="qa-1f2e3d4c", deadline=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), state_before="INSUFFICIENT_DATA"
)


def test_the_reason_names_run_deadline_and_state_before() -> None:
    assert DRILL.reason == "qa-drill qa-1f2e3d4c 2026-01-02T03:04:05Z INSUFFICIENT_DATA"


def test_a_drill_reads_back_from_its_reason() -> None:
    assert drill_of(DRILL.reason) == DRILL


@pytest.mark.parametrize(
    "reason",
    ["Threshold Crossed: 3 datapoints", "qa-drill", "qa-drill qa-1f2e3d4c tomorrow OK", ""],
)
def test_any_other_reason_is_no_drill(reason: str) -> None:
    assert drill_of(reason) is None


def test_a_drill_is_over_past_its_deadline_and_not_before() -> None:
    second = timedelta(seconds=1)

    assert [DRILL.is_over(DRILL.deadline - second), DRILL.is_over(DRILL.deadline + second)] == [False, True]
