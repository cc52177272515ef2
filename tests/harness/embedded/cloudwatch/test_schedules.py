"""When a mute rule's schedule is on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qa.embedded.cloudwatch.schedules import ScheduleError, schedule


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "duration", "on", "off"),
    [
        ("cron(* * * * *)", "PT1M", "2026-11-23T12:00:30", None),
        ("cron(0 2 * * *)", "PT4H", "2026-11-23T05:59:59", "2026-11-23T06:00:00"),
        ("cron(0 2 * * SUN)", "PT1H", "2026-11-22T02:30:00", "2026-11-23T02:30:00"),
        ("cron(0 1 1 * *)", "P2DT12H", "2026-12-03T12:00:00", "2026-12-03T13:00:00"),
        ("cron(0,30 8-9 * NOV MON)", "PT10M", "2026-11-23T09:35:00", "2026-11-23T10:05:00"),
        ("at(2026-11-23T12:00)", "PT1H", "2026-11-23T12:00:00", "2026-11-23T13:00:00"),
    ],
    ids=["every minute", "daily", "on Sundays", "monthly", "lists and ranges", "once"],
)
def test_a_schedule_is_on_for_its_duration(expression: str, duration: str, on: str, off: str | None) -> None:
    plan = schedule(expression, duration, None)

    assert plan.is_on(moment(on))
    assert off is None or not plan.is_on(moment(off))


def test_a_schedule_goes_by_its_time_zone() -> None:
    plan = schedule("cron(0 2 * * *)", "PT1H", "America/New_York")

    assert plan.is_on(moment("2026-11-23T07:30:00"))
    assert not plan.is_on(moment("2026-11-23T02:30:00"))


@pytest.mark.parametrize(
    ("expression", "duration", "timezone", "message"),
    [
        ("cron(* * * *)", "PT1H", None, "Schedule expression 'cron(* * * *)' cannot be read."),
        ("cron(99 * * * *)", "PT1H", None, "'99' of the cron expression must be from 0 to 59."),
        ("cron(x * * * *)", "PT1H", None, "'x' of the cron expression is not a number."),
        ("cron(* * * * *)", "PT0M", None, "Duration 'PT0M' must be from PT1M to P15D."),
        ("cron(* * * * *)", "P16D", None, "Duration 'P16D' must be from PT1M to P15D."),
        ("cron(* * * * *)", "PT1H", "Mars/Olympus", "Timezone 'Mars/Olympus' is unknown."),
        ("at(tomorrow)", "PT1H", None, "Schedule expression 'at(tomorrow)' cannot be read."),
    ],
    ids=["too few fields", "out of range", "not a number", "too short", "too long", "zone", "no date"],
)
def test_a_schedule_that_cannot_be_read_says_why(
    expression: str, duration: str, timezone: str | None, message: str
) -> None:
    with pytest.raises(ScheduleError) as wrong:
        schedule(expression, duration, timezone)

    assert str(wrong.value) == message
