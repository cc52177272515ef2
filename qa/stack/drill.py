"""What an alarm's StateReason says while a drill of ours has set it.

`qa-drill <run> <deadline> <state before>`, e.g. `qa-drill qa-1f2e3d4c 2026-01-02T03:04:05Z OK`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_REASON = re.compile(
    r"qa-drill (?P<run>qa-[0-9a-f]{8}) (?P<deadline>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) "
    r"(?P<before>OK|ALARM|INSUFFICIENT_DATA)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A drill under way on one alarm."""

    run_id: str
    deadline: datetime
    """UTC, whole seconds: after it the drill is a left-over."""
    state_before: str
    """The state before the first drill, to which the alarm is to return."""

    @property
    def reason(self) -> str:
        """The StateReason to set."""
        return f"qa-drill {self.run_id} {self.deadline:%Y-%m-%dT%H:%M:%SZ} {self.state_before}"

    def is_over(self, now: datetime) -> bool:
        """True past the deadline."""
        return now > self.deadline


def drill_of(state_reason: str) -> Drill | None:
    """Return the drill that a StateReason names; None for every other reason."""
    found = _REASON.match(state_reason)
    if found is None:
        return None
    deadline = datetime.strptime(found["deadline"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return Drill(run_id=found["run"], deadline=deadline, state_before=found["before"])
