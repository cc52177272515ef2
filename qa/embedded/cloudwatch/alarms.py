"""Alarms change state: by their data, by SetAlarmState; and what follows from it."""

from __future__ import annotations

import json
import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import cloudwatch_backends

from .description import configuration
from .evaluation import ALARM, EXTRA_PERIODS, INSUFFICIENT_DATA, OK, Datapoint, Rule, judge
from .history import HistoryItem
from .notification import announce, notify
from .queries import watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.cloudwatch.models import Alarm

    from qa.embedded.world import World

    from .history import History
    from .mute_rules import MuteRules
    from .notification import Announcement
    from .series import Store

log = logging.getLogger(__name__)
INITIAL_REASON = "Unchecked: Initial alarm creation"
ALWAYS_IGNORING = "AWS/DynamoDB"
"""Alarms on this namespace ignore missing data whatever they ask for (API text of PutMetricAlarm)."""


class Alarms:
    """The state of all regions' alarms; moto's Alarm objects hold it."""

    def __init__(self, world: World, store: Store, history: History, mute_rules: MuteRules) -> None:
        self._world = world
        self._store = store
        self._history = history
        self._mute_rules = mute_rules
        self._suppressed: dict[tuple[str, str], tuple[str, str]] = {}
        """By region and alarm name the change (old state, new state) whose actions a rule muted."""
        self._lock = threading.RLock()

    def created(self, alarm: Alarm, previous: Alarm | None) -> None:
        """Give a new alarm its first state, or a re-put one the state that it had."""
        now = self._world.clock.now()
        with self._lock:
            alarm.configuration_updated_timestamp = now
            if previous is None:
                alarm.state_value, alarm.state_reason = INSUFFICIENT_DATA, INITIAL_REASON
                alarm.state_updated_timestamp = now
                alarm.state_transitioned_timestamp = now  # type: ignore[attr-defined]  # moto forgot it
            else:
                for name in ("value", "reason", "reason_data", "updated_timestamp", "transitioned_timestamp"):
                    setattr(alarm, f"state_{name}", getattr(previous, f"state_{name}"))
        verb, key = ("Create", "createdAlarm") if previous is None else ("Update", "updatedAlarm")
        data = {"version": "1.0", "type": verb, key: {"alarmName": alarm.name, **configuration(alarm)}}
        summary = f'Alarm "{alarm.name}" {verb.lower()}d'
        self._record(alarm, "ConfigurationUpdate", summary, data)

    def deleted(self, alarm: Alarm) -> None:
        """Record that an alarm is gone."""
        with self._lock:
            self._suppressed.pop((alarm.region_name, alarm.name), None)
        data = {"version": "1.0", "type": "Delete", "deletedAlarm": {"alarmName": alarm.name}}
        self._record(alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" deleted', data)

    def change_state(self, alarm: Alarm, state: str, reason: str, reason_data: str | None) -> None:
        """Set the state if it differs, record it, and run the actions of the new state."""
        with self._lock:
            old = alarm.state_value
            if old == state:
                return
            before = _state_of(alarm)
            now = self._world.clock.now()
            alarm.update_state(reason, reason_data or "", state)
            alarm.history.clear()  # moto's own record grows for ever; ours is in History
            alarm.state_updated_timestamp = now
            alarm.state_transitioned_timestamp = now  # type: ignore[attr-defined]  # moto forgot it
            data = {"version": "1.0", "oldState": before, "newState": _state_of(alarm)}
            self._record(alarm, "StateUpdate", f"Alarm updated from {old} to {state}", data)
            work = self._due_actions(alarm, old)
        for act in work:  # without the lock: a subscriber may be a function that calls CloudWatch
            act()

    def unmute(self, region: str) -> None:
        """Run the actions that were muted, of alarms that are in ALARM and muted no longer."""
        work: list[Callable[[], None]] = []
        with self._lock:
            for key, (old, new) in tuple(self._suppressed.items()):
                if key[0] != region or self._mute_rules.mute(*key):
                    continue
                del self._suppressed[key]
                alarm = cloudwatch_backends[self._world.account_id][region].alarms.get(key[1])
                if alarm is not None and alarm.state_value == new == ALARM:
                    work += self._due_actions(alarm, old)
        for act in work:
            act()

    def evaluate_all(self, at: float) -> None:
        """Judge every alarm by the data of the periods that are over at a moment (epoch seconds)."""
        for region, backend in tuple(cloudwatch_backends[self._world.account_id].items()):
            self.unmute(region)
            if self._world.faults.is_down(region):
                continue
            for alarm in tuple(backend.alarms.values()):
                try:
                    self._evaluate(alarm, at)
                except Exception:  # one alarm must not stop the others
                    log.exception("alarm %r in %s could not be evaluated", alarm.name, region)

    def clear(self) -> None:
        """Forget what was muted; the alarms themselves are moto's."""
        with self._lock:
            self._suppressed.clear()

    def _evaluate(self, alarm: Alarm, at: float) -> None:
        watched = watch(alarm)
        newest = at // watched.period * watched.period - watched.period
        points: list[Datapoint] = []
        for back in range(alarm.evaluation_periods + EXTRA_PERIODS):
            start = newest - back * watched.period
            value = watched.value(self._store, alarm.region_name, start)
            if value is not None:
                count = watched.sample_count(self._store, alarm.region_name, start)
                points.append(Datapoint(start=start, value=value, sample_count=count))
            if len(points) == alarm.evaluation_periods:
                break
        is_ignoring = ALWAYS_IGNORING in watched.namespaces
        rule = Rule(
            comparison=alarm.comparison_operator,
            threshold=float(alarm.threshold),
            evaluation_periods=alarm.evaluation_periods,
            datapoints_to_alarm=alarm.datapoints_to_alarm or alarm.evaluation_periods,
            missing="ignore" if is_ignoring else alarm.treat_missing_data or "missing",
            period=watched.period,
            statistic=alarm.statistic,
        )
        verdict = judge(rule, tuple(points), now=at)
        if verdict is not None:
            self.change_state(alarm, verdict.state, verdict.reason, verdict.reason_data)

    def _due_actions(self, alarm: Alarm, old: str) -> list[Callable[[], None]]:
        key = (alarm.region_name, alarm.name)
        self._suppressed.pop(key, None)
        by_state = {
            ALARM: alarm.alarm_actions,
            OK: alarm.ok_actions,
            INSUFFICIENT_DATA: alarm.insufficient_data_actions,
        }
        actions = by_state[alarm.state_value]
        if not alarm.actions_enabled or not actions:
            return []
        if self._mute_rules.mute(*key):
            self._suppressed[key] = (old, alarm.state_value)
            return []
        announcement = announce(self._world, alarm, old)
        return [partial(self._act, alarm, action, announcement) for action in actions]

    def _act(self, alarm: Alarm, action: str, announcement: Announcement) -> None:
        error = notify(self._world, alarm, action, announcement)
        data: dict[str, Any] = {
            "version": "1.0",
            "actionState": "Succeeded" if error is None else "Failed",
            "notificationResource": action,
            "error": error,
        }
        summary = (
            f"Successfully executed action {action}"
            if error is None
            else f'Failed to execute action {action}. Received error: "{error}"'
        )
        self._record(alarm, "Action", summary, data)

    def _record(self, alarm: Alarm, kind: str, summary: str, data: dict[str, Any]) -> None:
        self._history.add(
            HistoryItem(
                region=alarm.region_name,
                alarm_name=alarm.name,
                timestamp=self._world.clock.now(),
                kind=kind,
                summary=summary,
                data=json.dumps(data),
            )
        )


def _state_of(alarm: Alarm) -> dict[str, Any]:
    state: dict[str, Any] = {"stateValue": alarm.state_value, "stateReason": alarm.state_reason}
    if alarm.state_reason_data and alarm.state_reason_data != "{}":
        state["stateReasonData"] = json.loads(alarm.state_reason_data)
    return state
