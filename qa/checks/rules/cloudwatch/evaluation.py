"""Alarms that ring always, never, or when nothing is wrong, and what no alarm watches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    ALARM,
    GLOBAL_TABLE,
    get_nested,
    listed,
    mappings,
    plain,
    resources_of_type,
)
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.template import EvaluatedResource

_MONITORING = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
_ALARMS = f"{_MONITORING}AlarmThatSendsEmail.html"
_PUT = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
_REPLICATION = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables_monitoring.html"
_DAY, _WEEK, _HOUR, _MINUTE = 86_400, 604_800, 3_600, 60
_BAD_WHEN_MANY = {
    "AWS/DynamoDB": frozenset(
        {
            "ReadThrottleEvents",
            "ReplicationLatency",
            "SystemErrors",
            "ThrottledRequests",
            "UserErrors",
            "WriteThrottleEvents",
        }
    ),
    "AWS/Lambda": frozenset(
        {"AsyncEventsDropped", "DeadLetterErrors", "DestinationDeliveryFailures", "Errors", "Throttles"}
    ),
    "AWS/S3": frozenset({"4xxErrors", "5xxErrors", "OperationsFailedReplication", "ReplicationLatency"}),
    "AWS/SNS": frozenset({"NumberOfNotificationsFailed", "NumberOfNotificationsFailedToRedriveToDlq"}),
}
"""Namespace → metrics that are never negative, and of which none is well."""
_SILENT_WHEN_IDLE = {
    "AWS/Lambda": frozenset({"Errors", "Throttles", "Duration"}),
    "AWS/S3": frozenset({"4xxErrors", "5xxErrors"}),
    "AWS/SNS": frozenset({"NumberOfNotificationsFailed"}),
}
"""Namespace → metrics without data while nothing calls the service."""
_DAILY = frozenset({"BucketSizeBytes", "NumberOfObjects"})
_IDENTIFIER = re.compile(r"[a-z]\w*")


@rule("alarm-direction", severity=Severity.WARNING, source=_ALARMS)
def alarm_direction(context: Context) -> Iterator[Fault]:
    """An alarm that rings when all is well.

    On a metric of errors, throttles or delays, which is never below zero: LessThan… a threshold above
    zero rings while there are few, GreaterThanOrEqualTo zero (or below) rings always, LessThan zero
    never. Mostly the comparison is the wrong way round.
    """
    for stack, alarm in resources_of_type(context, ALARM):
        metric, operator = _plain_metric(alarm), alarm.properties.get("ComparisonOperator")
        threshold = _number(alarm.properties.get("Threshold"))
        reason = _nonsense(str(operator), threshold) if metric and threshold is not None else None
        is_count = alarm.properties.get("Statistic") == "SampleCount"
        if metric and reason and not is_count and metric[1] in _BAD_WHEN_MANY.get(metric[0], ()):
            yield Fault(
                path=stack.path_of(alarm.logical_id, "ComparisonOperator"),
                region=stack.region,
                message=f"The alarm rings {reason}: {metric[1]} is never below zero, and none is well",
                actual=f"{operator} {alarm.properties.get('Threshold')}",
                expected="GreaterThan… a threshold above what is normal",
                fix="turn the comparison round, or correct the threshold",
            )


def _nonsense(operator: str, threshold: float) -> str | None:
    """Return when a comparison fires that cannot be intended; None if it may be."""
    match operator:
        case "LessThanThreshold":
            return "when all is well" if threshold > 0 else "never"
        case "LessThanOrEqualToThreshold":
            return "when all is well" if threshold >= 0 else "never"
        case "GreaterThanOrEqualToThreshold":
            return "always" if threshold <= 0 else None
        case "GreaterThanThreshold":
            return "always" if threshold < 0 else None
    return None


@rule("alarm-when-idle", severity=Severity.WARNING, source=_ALARMS)
def alarm_when_idle(context: Context) -> Iterator[Fault]:
    """An alarm on errors that rings while nobody calls.

    Lambda, S3 and SNS send no data while there is nothing to do; TreatMissingData breaching takes that
    for the fault. A standby region is idle most of the time: its alarm rings for ever, and is switched
    off. Use notBreaching.
    """
    for stack, alarm in resources_of_type(context, ALARM):
        metric, operator = _plain_metric(alarm), str(alarm.properties.get("ComparisonOperator"))
        is_loud = alarm.properties.get("TreatMissingData") == "breaching" and operator.startswith("Greater")
        if metric and is_loud and metric[1] in _SILENT_WHEN_IDLE.get(metric[0], ()):
            yield Fault(
                path=stack.path_of(alarm.logical_id, "TreatMissingData"),
                region=stack.region,
                message=f"Without traffic there is no {metric[1]}, which this alarm takes for a fault",
                actual="breaching",
                expected="notBreaching, or missing",
                fix="set TreatMissingData to notBreaching",
            )


@rule("alarm-window", severity=Severity.ERROR, source=_PUT)
def alarm_window(context: Context) -> Iterator[Fault]:
    """An alarm over a time that CloudWatch refuses, or in which its metric has no data.

    A period is 10, 20 or 30 seconds or a multiple of 60. All periods together are at most a day, at most
    a week where one is an hour or more; DatapointsToAlarm is at most EvaluationPeriods. Periods below a
    minute find no data in metrics of AWS, which are of a minute: a warning. So is a period of less than a
    day on the sizes of buckets, which S3 publishes once a day.
    """
    for stack, alarm in resources_of_type(context, ALARM):
        properties = alarm.properties
        periods = _number(properties.get("EvaluationPeriods"))
        needed = _number(properties.get("DatapointsToAlarm"))
        if needed is not None and periods is not None and needed > periods:
            yield Fault(
                path=stack.path_of(alarm.logical_id, "DatapointsToAlarm"),
                region=stack.region,
                message=f"The alarm needs {needed:g} of {periods:g} data points: it can never ring",
                actual=plain(properties.get("DatapointsToAlarm")),
                expected=f"at most {periods:g}",
                fix="lower DatapointsToAlarm or raise EvaluationPeriods",
            )
        for path, metric in _timed(alarm):
            verdict = _bad_period(_number(get_nested(properties, *path)), periods, metric)
            if verdict:
                severity, message, expected = verdict
                yield Fault(
                    path=stack.path_of(alarm.logical_id, *path),
                    region=stack.region,
                    severity=severity,
                    message=message,
                    actual=plain(get_nested(properties, *path)),
                    expected=expected,
                    fix="correct the period",
                )


def _timed(alarm: EvaluatedResource) -> Iterator[tuple[tuple[str | int, ...], tuple[object, object]]]:
    """Yield where an alarm says a period, with namespace and name of the metric."""
    properties = alarm.properties
    if "Period" in properties:
        yield ("Period",), (properties.get("Namespace"), properties.get("MetricName"))
    for index, query in mappings(properties.get("Metrics")):
        metric = get_nested(query, "MetricStat", "Metric")
        if get_nested(query, "MetricStat", "Period") is not None:
            named = (get_nested(metric, "Namespace"), get_nested(metric, "MetricName"))
            yield ("Metrics", index, "MetricStat", "Period"), named


def _bad_period(
    period: float | None, periods: float | None, metric: tuple[object, object]
) -> tuple[Severity, str, str] | None:
    """Return severity, message and what is expected; None where nothing is wrong."""
    if period is None:
        return None
    if period not in {10, 20, 30} and (period < _MINUTE or period % _MINUTE):
        words = "A period is 10, 20 or 30 seconds or a multiple of 60"
        return Severity.ERROR, words, "10, 20, 30 or a multiple of 60"
    most = _WEEK if period >= _HOUR else _DAY
    if periods is not None and period * periods > most:
        words = f"{periods:g} periods of {period:g} s are more than {most:,} s"
        return Severity.ERROR, words, f"at most {most:,} s together"
    is_of_aws = str(metric[0]).startswith("AWS/") and not isinstance(metric[0], Unknown)
    if is_of_aws and period < _MINUTE:
        return Severity.WARNING, "The metrics of AWS services have data once a minute", "60 or more"
    if metric[0] == "AWS/S3" and str(metric[1]) in _DAILY and period < _DAY:
        return Severity.WARNING, f"S3 publishes {metric[1]} once a day", f"{_DAY}"
    return None


@rule("alarm-expression", severity=Severity.ERROR, source=_PUT)
def alarm_expression(context: Context) -> Iterator[Fault]:
    """Metric math that CloudWatch refuses.

    An alarm watches one thing: exactly one entry of Metrics returns data (ReturnData, which is true where
    it is not said). Every Id is there once and begins with a lower case letter.
    """
    for stack, alarm in resources_of_type(context, ALARM):
        metrics = alarm.properties.get("Metrics")
        queries = [one for _, one in mappings(metrics)]
        is_band = "ThresholdMetricId" in alarm.properties  # a metric and its band both return data
        if not queries or len(queries) != len(listed(metrics)) or is_band:
            continue
        shown = [one.get("ReturnData", True) for one in queries]
        is_known = all(isinstance(one, bool) or one in ("true", "false") for one in shown)
        returning = sum(str(one).lower() == "true" for one in shown)
        ids = [str(one.get("Id")) for one in queries if not isinstance(one.get("Id"), Unknown)]
        message = None
        if is_known and returning != 1:
            message = f"{returning} of the metrics return data; an alarm watches exactly one"
        elif len(set(ids)) < len(ids):
            message = "Two metrics have the same Id"
        elif any(_IDENTIFIER.fullmatch(one) is None for one in ids):
            message = "An Id begins with a lower case letter, and has letters, digits and _"
        if message:
            yield Fault(
                path=stack.path_of(alarm.logical_id, "Metrics"),
                region=stack.region,
                message=message,
                actual=[
                    {"Id": plain(one.get("Id")), "ReturnData": plain(one.get("ReturnData"))}
                    for one in queries
                ],
                expected="Ids of their own, and ReturnData true for the one that is watched",
                fix="set ReturnData to false for all but one",
            )


@rule("replication-unwatched", severity=Severity.NOTE, source=_REPLICATION)
def replication_unwatched(context: Context) -> Iterator[Fault]:
    """A global table whose replication no alarm watches, though the template has alarms.

    Nothing else shows that replication is late or has stopped: the table takes every write all the same.
    Watch ReplicationLatency (TableName, ReceivingRegion) in each region. Templates that a macro rewrites
    are left alone.
    """
    alarms = [alarm for _, alarm in resources_of_type(context, ALARM)]
    if context.macros or not alarms or any(_watches(alarm, "ReplicationLatency") for alarm in alarms):
        return
    for stack, table in resources_of_type(context, GLOBAL_TABLE):
        if stack.is_whole and len(mappings(table.properties.get("Replicas"))) > 1:
            yield Fault(
                path=("Resources", table.logical_id),
                region=stack.region,
                message="No alarm watches the replication of this table",
                actual=None,
                expected="an alarm on AWS/DynamoDB ReplicationLatency in each region",
                fix="add the alarm, with TableName and ReceivingRegion as dimensions",
            )


def _watches(alarm: EvaluatedResource, name: str) -> bool:
    """Say whether an alarm looks at a metric; one that is not known may."""
    metrics = alarm.properties.get("Metrics")
    named = [alarm.properties.get("MetricName")]
    named += [get_nested(one, "MetricStat", "Metric", "MetricName") for _, one in mappings(metrics)]
    return isinstance(metrics, Unknown) or any(one == name or isinstance(one, Unknown) for one in named)


def _plain_metric(alarm: EvaluatedResource) -> tuple[str, str] | None:
    """Return namespace and name of the metric of an alarm without metric math, if both are known."""
    namespace, name = alarm.properties.get("Namespace"), alarm.properties.get("MetricName")
    return (namespace, name) if isinstance(namespace, str) and isinstance(name, str) else None


def _number(value: Any) -> float | None:
    """Return a number, as such or as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
