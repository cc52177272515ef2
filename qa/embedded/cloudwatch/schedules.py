"""When a mute rule's schedule mutes: cron and at expressions, durations, time zones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
FIELDS = ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, MONTHS), (0, 6, DAYS))
MINUTE = timedelta(minutes=1)


class ScheduleError(ValueError):
    """The schedule cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When muting begins, and for how long each time."""

    duration: timedelta
    zone: ZoneInfo
    at: datetime | None = None
    """The one beginning of an at expression; None for cron."""
    fields: tuple[frozenset[int], ...] = ()
    """The minutes, hours, days of the month, months and days of the week of a cron expression."""

    @property
    def is_recurring(self) -> bool:
        """Say whether muting begins again and again."""
        return self.at is None

    def is_on(self, now: datetime) -> bool:
        """Say whether a moment lies within the duration of a beginning; the end does not."""
        if self.at is not None:
            return self.at <= now < self.at + self.duration
        minute = now.astimezone(UTC).replace(second=0, microsecond=0)
        while minute > now - self.duration:
            if self._begins(minute.astimezone(self.zone)):
                return True
            minute -= MINUTE
        return False

    def _begins(self, when: datetime) -> bool:
        parts = (when.minute, when.hour, when.day, when.month, when.isoweekday() % 7)
        return all(part in field for part, field in zip(parts, self.fields, strict=True))


def schedule(expression: str, duration: str, timezone: str | None) -> Schedule:
    """Read a schedule, such as cron(0 2 * * *) for PT4H. Raises ScheduleError."""
    try:
        zone = ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise ScheduleError(f"Timezone {timezone!r} is unknown.") from unknown
    kind, _, rest = expression.partition("(")
    inner = rest.removesuffix(")")
    if kind == "at" and rest.endswith(")"):
        try:
            at = datetime.fromisoformat(inner).replace(tzinfo=zone)
        except ValueError as wrong:
            raise ScheduleError(f"Schedule expression {expression!r} cannot be read.") from wrong
        return Schedule(duration=_duration(duration), zone=zone, at=at)
    parts = inner.split()
    if kind != "cron" or not rest.endswith(")") or len(parts) != len(FIELDS):
        raise ScheduleError(f"Schedule expression {expression!r} cannot be read.")
    fields = tuple(
        _field(part, low, high, names) for part, (low, high, names) in zip(parts, FIELDS, strict=True)
    )
    return Schedule(duration=_duration(duration), zone=zone, fields=fields)


def _duration(text: str) -> timedelta:
    match = DURATION.fullmatch(text)
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    found = timedelta(days=days, hours=hours, minutes=minutes)
    if not MINUTE <= found <= timedelta(days=15):
        raise ScheduleError(f"Duration {text!r} must be from PT1M to P15D.")
    return found


def _field(text: str, low: int, high: int, names: tuple[str, ...]) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if part == "*":
            found |= set(range(low, high + 1))
        else:
            start = _number(first, low, names)
            found |= set(range(start, _number(last or first, low, names) + 1))
    if not found or min(found) < low or max(found) > high:
        raise ScheduleError(f"{text!r} of the cron expression must be from {low} to {high}.")
    return frozenset(found)


def _number(text: str, low: int, names: tuple[str, ...]) -> int:
    if text.upper() in names:
        return names.index(text.upper()) + low
    if not text.isdigit():
        raise ScheduleError(f"{text!r} of the cron expression is not a number.")
    return int(text)
