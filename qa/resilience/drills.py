"""Alarm drills: an alarm is put into ALARM on purpose, by one run at a time, and comes back.

The reason of a drill says `qa-drill <run> <deadline> <state before>`, so that any other run, or a sweep
on another machine, can tell it from a fault, wait it out, or put the alarm back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from qa.probe import cloudwatch
from qa.stack.drill import Drill, drill_of
from qa.stack.ledger import AlarmStateEntry
from qa.wait import until

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

    from qa.probe.cloudwatch import AlarmState
    from qa.stack.run import Run

LENGTH = timedelta(minutes=3)
"""After it a drill that still stands is a left-over; longer than any drill may take."""


def drill_in(alarm: AlarmState) -> Drill | None:
    """Return the drill that an alarm is in; None when its state is its own."""
    return drill_of(alarm.reason) if alarm.state == "ALARM" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilled:
    """One alarm as one run drills it. `every` is the pause between looks: AWS allows 3 calls a second."""

    client: CloudWatchClient
    alarm_name: str
    run: Run
    every: float

    @property
    def region(self) -> str:
        """The alarm's region."""
        return str(self.client.meta.region_name)

    def alarm(self) -> AlarmState:
        """Return the alarm as it is now; AssertionError if it is not there."""
        found = cloudwatch.alarms(self.client, [self.alarm_name]).get(self.alarm_name)
        if found is None:
            raise AssertionError(f"there is no alarm {self.alarm_name!r} in {self.region}")
        return found

    def at_rest(self) -> AlarmState:
        """Return the alarm once no drill of anybody's is going on; a drill is waited out to its deadline.

        Raises AssertionError for an alarm that rings by itself, and for a drill past its deadline.
        """
        alarm = until(
            self.alarm,
            lambda seen: seen.state != "ALARM" or is_final(seen),
            what=f"{self.alarm_name!r} in {self.region}, in somebody's drill,",
            within=LENGTH.total_seconds() + 5,
            every=self.every,
        )
        drill = drill_in(alarm)
        if drill is not None:
            raise AssertionError(
                f"{self.alarm_name!r} in {self.region} was left in ALARM by the drill of {drill.run_id}, "
                "whose deadline is past: run `qa sweep`"
            )
        if alarm.state == "ALARM":
            raise AssertionError(f"{self.alarm_name!r} in {self.region} is ringing: {alarm.reason}")
        return alarm

    def begin(self, *, within: float) -> Drill:
        """Put the alarm into ALARM, in the ledger first, and return the drill that its history shows.

        Another run may set it in the same moment; AWS then writes no transition for us, and we wait.
        """
        end = time.monotonic() + within
        while True:
            before = self.at_rest()
            over = datetime.now(UTC).replace(microsecond=0) + LENGTH
            drill = Drill(run_id=self.run.run_id, deadline=over, state_before=before.state)
            self.run.ledger.will_make(self.entry(before.state))
            cloudwatch.set_state(self.client, self.alarm_name, "ALARM", reason=drill.reason)
            if self._is_ours(drill) or time.monotonic() > end:
                return drill

    def _is_ours(self, drill: Drill) -> bool:
        now = self.alarm()
        return now.reason == drill.reason or any(
            transition.reason == drill.reason for transition in self.history()
        )

    def history(self) -> tuple[cloudwatch.Transition, ...]:
        """Return the alarm's state changes, newest first."""
        return cloudwatch.transitions(self.client, self.alarm_name)

    def entry(self, before: str) -> AlarmStateEntry:
        """Return the ledger's entry of this alarm's state."""
        return AlarmStateEntry(region=self.region, alarm_name=self.alarm_name, state_before=before)

    def end(self, drill: Drill) -> None:
        """Put the alarm back if it still stands in our drill; an AWS/DynamoDB alarm never comes by itself."""
        if self.alarm().reason == drill.reason:
            reason = f"qa restored the state before the drill of {drill.run_id}"
            cloudwatch.set_state(self.client, self.alarm_name, drill.state_before, reason=reason)
        self.run.ledger.removed(self.entry(drill.state_before))


def is_final(alarm: AlarmState) -> bool:
    """Say whether waiting is of no use: it rings by itself, or its drill's run is gone."""
    drill = drill_in(alarm)
    return alarm.state == "ALARM" and (drill is None or drill.is_over(datetime.now(UTC)))
