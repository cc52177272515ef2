"""Questions to CloudWatch: what an alarm watches, its state and its history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from .errors import ask, ask_or_none, ask_to_remove

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.literals import StateValueType
    from mypy_boto3_cloudwatch.type_defs import (
        DimensionTypeDef,
        MetricAlarmTypeDef,
        MetricDataQueryOutputTypeDef,
    )


NO_MUTE_RULE = frozenset({"ResourceNotFoundException", "ResourceNotFound"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One metric as an alarm reads it; period in seconds."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    statistic: str
    period: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmState:
    """What DescribeAlarms reports of an alarm.

    `watched` maps the query ID to the metric; an alarm on a single metric has the ID "". The
    expression is None unless the alarm computes: then AWS reports no top-level metric.
    """

    name: str
    arn: str
    state: StateValueType
    reason: str
    actions_enabled: bool
    actions: tuple[str, ...]
    watched: Mapping[str, Watched]
    expression: str | None
    comparison: str
    threshold: float
    evaluation_periods: int
    datapoints: int
    missing_data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One state change out of an alarm's history, with the reason it was given."""

    old: str
    new: str
    reason: str


def alarms(cloudwatch: CloudWatchClient, names: Sequence[str]) -> dict[str, AlarmState]:
    """Return the metric alarms of those names that exist, by name; at most 100 names."""
    response = ask(
        f"DescribeAlarms {', '.join(names)} in {cloudwatch.meta.region_name}",
        lambda: cloudwatch.describe_alarms(AlarmNames=list(names), AlarmTypes=["MetricAlarm"]),
    )
    return {alarm.get("AlarmName", ""): _alarm(alarm) for alarm in response.get("MetricAlarms", [])}


def _alarm(alarm: MetricAlarmTypeDef) -> AlarmState:
    queries = alarm.get("Metrics", [])
    watched = {query["Id"]: _queried(query) for query in queries if "MetricStat" in query}
    if not queries:
        watched = {
            "": Watched(
                namespace=alarm.get("Namespace", ""),
                metric=alarm.get("MetricName", ""),
                dimensions=_dimensions(alarm.get("Dimensions", [])),
                statistic=alarm.get("Statistic", ""),
                period=alarm.get("Period", 0),
            )
        }
    expressions = [query["Expression"] for query in queries if "Expression" in query]
    return AlarmState(
        name=alarm.get("AlarmName", ""),
        arn=alarm.get("AlarmArn", ""),
        state=alarm.get("StateValue", "INSUFFICIENT_DATA"),
        reason=alarm.get("StateReason", ""),
        actions_enabled=alarm.get("ActionsEnabled", False),
        actions=tuple(alarm.get("AlarmActions", [])),
        watched=watched,
        expression=expressions[0] if expressions else None,
        comparison=alarm.get("ComparisonOperator", ""),
        threshold=alarm.get("Threshold", 0.0),
        evaluation_periods=alarm.get("EvaluationPeriods", 0),
        datapoints=alarm.get("DatapointsToAlarm", alarm.get("EvaluationPeriods", 0)),
        missing_data=alarm.get("TreatMissingData", "missing"),
    )


def _queried(query: MetricDataQueryOutputTypeDef) -> Watched:
    statistic = query["MetricStat"]
    metric = statistic["Metric"]
    return Watched(
        namespace=metric.get("Namespace", ""),
        metric=metric.get("MetricName", ""),
        dimensions=_dimensions(metric.get("Dimensions", [])),
        statistic=statistic["Stat"],
        period=statistic["Period"],
    )


def _dimensions(listed: Sequence[DimensionTypeDef]) -> dict[str, str]:
    return {dimension["Name"]: dimension["Value"] for dimension in listed}


def set_state(cloudwatch: CloudWatchClient, alarm_name: str, state: str, *, reason: str) -> None:
    """Put an alarm into OK, ALARM or INSUFFICIENT_DATA until it is evaluated again; at most 3 a second."""
    ask(
        f"SetAlarmState of {alarm_name!r} to {state} in {cloudwatch.meta.region_name}",
        lambda: cloudwatch.set_alarm_state(
            AlarmName=alarm_name, StateValue=cast("StateValueType", state), StateReason=reason
        ),
    )


def transitions(cloudwatch: CloudWatchClient, alarm_name: str) -> tuple[Transition, ...]:
    """Return the alarm's last 100 state changes, newest first; at most 3 calls a second."""
    response = ask(
        f"DescribeAlarmHistory of {alarm_name!r} in {cloudwatch.meta.region_name}",
        lambda: cloudwatch.describe_alarm_history(
            AlarmName=alarm_name, HistoryItemType="StateUpdate", MaxRecords=100
        ),
    )
    return tuple(
        _transition(json.loads(item.get("HistoryData", "{}"))) for item in response["AlarmHistoryItems"]
    )


def _transition(data: Mapping[str, Mapping[str, str]]) -> Transition:
    old, new = data.get("oldState", {}), data.get("newState", {})
    return Transition(
        old=old.get("stateValue", ""), new=new.get("stateValue", ""), reason=new.get("stateReason", "")
    )


def put_mute_rule(
    cloudwatch: CloudWatchClient, rule_name: str, alarm_name: str, *, minutes: int, until: datetime
) -> None:
    """Keep an alarm's actions from running, for some minutes from each minute on, until the rule expires.

    The alarm is evaluated and changes state as ever. `cron(* * * * *)` starts the mute at the next full
    minute, whenever that is.
    """
    ask(
        f"PutAlarmMuteRule {rule_name!r} in {cloudwatch.meta.region_name}",
        lambda: cloudwatch.put_alarm_mute_rule(
            Name=rule_name,
            Rule={"Schedule": {"Expression": "cron(* * * * *)", "Duration": f"PT{minutes}M"}},
            MuteTargets={"AlarmNames": [alarm_name]},
            ExpireDate=until,
        ),
    )


def mute_rule_status(cloudwatch: CloudWatchClient, rule_name: str) -> str | None:
    """Return SCHEDULED, ACTIVE or EXPIRED; None if there is no such rule."""
    response = ask_or_none(
        f"GetAlarmMuteRule {rule_name!r} in {cloudwatch.meta.region_name}",
        lambda: cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=rule_name),
        absent=NO_MUTE_RULE,
    )
    return None if response is None else response["Status"]


def delete_mute_rule(cloudwatch: CloudWatchClient, rule_name: str) -> None:
    """Delete a mute rule. One whose alarm is in ALARM now runs its actions: restore the alarm first."""
    ask_to_remove(
        f"DeleteAlarmMuteRule {rule_name!r} in {cloudwatch.meta.region_name}",
        lambda: cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName=rule_name),
        gone=NO_MUTE_RULE,
    )
