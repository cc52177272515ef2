"""Whether an alarm's data cross its threshold: pure judgement, in CloudWatch's words."""

from __future__ import annotations

import json
import operator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"
EXTRA_PERIODS = 2
"""How many periods beyond the evaluation periods are looked at for data in place of missing ones."""

OPERATORS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What an alarm demands of its datapoints."""

    comparison: str
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int
    missing: str
    """missing, notBreaching, breaching or ignore."""
    period: int
    statistic: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Datapoint:
    """One period's value; `start` in seconds since the epoch."""

    start: float
    value: float
    sample_count: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The state that the data speak for, and why."""

    state: str
    reason: str
    reason_data: str


def judge(rule: Rule, datapoints: tuple[Datapoint, ...], *, now: float) -> Verdict | None:
    """Return the state for the latest datapoints, newest first; None to keep the state as it is.

    `datapoints` are those found in the evaluation range, at most `evaluation_periods` of them.
    """
    crosses = OPERATORS[rule.comparison][0]
    breaching = tuple(point for point in datapoints if crosses(point.value, rule.threshold))
    absent = rule.evaluation_periods - len(datapoints)
    state = _state(rule, found=len(datapoints), breaching=len(breaching), absent=absent)
    if state is None:
        return None
    shown = breaching if state == ALARM else tuple(each for each in datapoints if each not in breaching)
    return Verdict(
        state=state,
        reason=_reason(rule, state, shown, absent=absent, found=len(datapoints)),
        reason_data=_reason_data(rule, datapoints, now=now),
    )


def _state(rule: Rule, *, found: int, breaching: int, absent: int) -> str | None:
    if breaching + (absent if rule.missing == "breaching" else 0) >= rule.datapoints_to_alarm:
        return ALARM
    if rule.missing in ("breaching", "notBreaching"):
        return OK
    if found == 0:
        return INSUFFICIENT_DATA if rule.missing == "missing" else None
    if breaching == found:
        # all there is breaches, though it is less than the alarm requires
        return ALARM if rule.missing == "missing" else None
    return OK


def _reason(rule: Rule, state: str, shown: tuple[Datapoint, ...], *, absent: int, found: int) -> str:
    periods = rule.evaluation_periods
    if state == INSUFFICIENT_DATA:
        return f"Insufficient Data: {_count(periods, 'datapoint')} {_were(periods)} unknown."
    if found == 0:
        treated = "Breaching" if rule.missing == "breaching" else "NonBreaching"
        return (
            f"Threshold Crossed: no datapoints were received for {_count(periods, 'period')} and "
            f"{_count(absent, 'missing datapoint')} {_were(absent)} treated as [{treated}]."
        )
    words = OPERATORS[rule.comparison][1]
    values = ", ".join(f"{point.value} ({_short(point.start)})" for point in shown)
    negation = "" if state == ALARM else "not "
    if periods == 1:
        return (
            f"Threshold Crossed: 1 datapoint [{values}] was {negation}{words} "
            f"the threshold ({rule.threshold})."
        )
    needed, change = (
        (rule.datapoints_to_alarm, "OK -> ALARM")
        if state == ALARM
        else (periods - rule.datapoints_to_alarm + 1, "ALARM -> OK")
    )
    return (
        f"Threshold Crossed: {len(shown)} out of the last {periods} datapoints [{values}] "
        f"{_were(len(shown))} {negation}{words} the threshold ({rule.threshold}) "
        f"(minimum {_count(needed, 'datapoint')} for {change} transition)."
    )


def _reason_data(rule: Rule, datapoints: tuple[Datapoint, ...], *, now: float) -> str:
    data: dict[str, object] = {"version": "1.0", "queryDate": iso(now)}
    if datapoints:
        data["startDate"] = iso(datapoints[-1].start)
    if rule.statistic is not None:
        data["statistic"] = rule.statistic
    data |= {
        "period": rule.period,
        "recentDatapoints": [point.value for point in reversed(datapoints)],
        "threshold": rule.threshold,
        "evaluatedDatapoints": [
            {"timestamp": iso(point.start), "value": point.value}
            | ({} if point.sample_count is None else {"sampleCount": point.sample_count})
            for point in datapoints
        ],
    }
    return json.dumps(data)


def iso(moment: float) -> str:
    """Return a moment as CloudWatch writes it, such as 2026-11-23T21:10:00.000+0000."""
    when = datetime.fromtimestamp(moment, UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}+0000"


def _short(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%d/%m/%y %H:%M:%S}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
