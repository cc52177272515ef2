"""Alarm mute rules: while one is active, its alarms change state but their actions do not run."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .schedules import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteRule:
    """One rule of one region."""

    region: str
    name: str
    arn: str
    description: str | None
    expression: str
    duration: str
    timezone: str | None
    schedule: Schedule
    alarm_names: tuple[str, ...]
    start: datetime | None
    expires: datetime | None
    updated: datetime

    def status(self, now: datetime) -> str:
        """Return SCHEDULED, ACTIVE or EXPIRED."""
        if self.expires is not None and now >= self.expires:
            return "EXPIRED"
        has_started = self.start is None or now >= self.start
        return "ACTIVE" if has_started and self.schedule.is_on(now) else "SCHEDULED"


class MuteRules:
    """The rules of all regions, by region and name."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._rules: dict[tuple[str, str], MuteRule] = {}
        self._lock = threading.Lock()

    def put(self, rule: MuteRule) -> None:
        """Add a rule or replace the one of its name."""
        with self._lock:
            self._rules[rule.region, rule.name] = rule

    def get(self, region: str, name: str) -> MuteRule | None:
        """Return a rule; None when there is none of the name."""
        return self._rules.get((region, name))

    def delete(self, region: str, name: str) -> None:
        """Remove a rule if there is one of the name."""
        with self._lock:
            self._rules.pop((region, name), None)

    def all(self, region: str) -> tuple[MuteRule, ...]:
        """Return a region's rules by name."""
        with self._lock:
            found = [rule for rule in self._rules.values() if rule.region == region]
        return tuple(sorted(found, key=lambda rule: rule.name))

    def mute(self, region: str, alarm_name: str) -> bool:
        """Say whether an active rule targets the alarm."""
        now = self._now()
        return any(
            alarm_name in rule.alarm_names and rule.status(now) == "ACTIVE" for rule in self.all(region)
        )

    def clear(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._rules.clear()
