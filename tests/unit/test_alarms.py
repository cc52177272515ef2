"""Checks 64-69: the alarms that say when a region is in trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .findings import Finding, differs, finding, require, unless
from .policies import listed
from .stack import ABSENT, below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stack import Stack

LAMBDA = ("LambdaErrorAlarm", "LambdaThrottleAlarm")
THROTTLE, LATENCY = "DynamoDBThrottleAlarm", "ReplicationLatencyAlarm"
REAL: dict[str, set[tuple[str, ...]]] = {
    "ConditionalCheckFailedRequests": {("TableName",)},
    "ReadThrottleEvents": {("TableName",), ("GlobalSecondaryIndexName", "TableName")},
    "ReplicationLatency": {("ReceivingRegion", "TableName")},
    "SystemErrors": {("Operation", "TableName")},
    "ThrottledRequests": {("Operation", "TableName")},
    "UserErrors": {()},
    "WriteThrottleEvents": {("TableName",), ("GlobalSecondaryIndexName", "TableName")},
}
"""Which dimensions each AWS/DynamoDB metric is published with: an alarm on another set never rings.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""
OFTEN = {
    "EvaluationPeriods": 3,
    "DatapointsToAlarm": 2,
    "Threshold": 5,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}
NUMBERS: dict[str, dict[str, object]] = {
    "LambdaErrorAlarm": {"Statistic": "Sum", "Period": 60, **OFTEN},
    "LambdaThrottleAlarm": {"Statistic": "Sum", "Period": 60, **OFTEN},
    THROTTLE: {"Statistic": ABSENT, "Period": ABSENT, **OFTEN},
    LATENCY: {
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 180_000,
        "ComparisonOperator": "GreaterThanThreshold",
    },
}


def test_an_alarm_watches_the_errors_of_each_processor(stacks: tuple[Stack, Stack]) -> None:
    require(found for stack in stacks for found in _watches_wrongly(stack, "LambdaErrorAlarm", "Errors"))


def test_an_alarm_watches_the_throttles_of_each_processor(stacks: tuple[Stack, Stack]) -> None:
    require(
        found for stack in stacks for found in _watches_wrongly(stack, "LambdaThrottleAlarm", "Throttles")
    )


def test_table_alarms_watch_metrics_that_dynamodb_publishes(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        table = {"TableName": f"transactions-table-{stack.suffix}"}
        expected = {
            THROTTLE: {"ReadThrottleEvents": table, "WriteThrottleEvents": table},
            LATENCY: {"ReplicationLatency": {**table, "ReceivingRegion": stack.other_region}},
        }
        for stem, metrics in expected.items():
            alarm = f"{stem}{stack.side}"
            actual = {
                str(below(metric, "MetricName")): _dimensions(metric) for metric in _metrics(stack, alarm)
            }
            do = "watch this table of this region, and the other region as the receiver"
            yield from unless(stack, alarm, "", actual=actual, expected=metrics, do=do)
        for alarm in stack.of_type("AWS::CloudWatch::Alarm"):
            for metric in _metrics(stack, alarm):
                yield from _is_unreal(stack, alarm, metric)

    require(each for stack in stacks for each in findings(stack))


def test_alarms_ring_at_the_numbers_of_the_design(stacks: tuple[Stack, Stack]) -> None:
    math = [
        ("reads", "ReadThrottleEvents", "Sum", 60, False),
        ("writes", "WriteThrottleEvents", "Sum", 60, False),
        ("throttles", "reads + writes", ABSENT, ABSENT, True),
    ]

    def findings(stack: Stack) -> Iterator[Finding]:
        for stem, numbers in NUMBERS.items():
            for path, expected in numbers.items():
                do = "ring neither on noise nor too late: keep the design's numbers"
                yield from differs(stack, f"{stem}{stack.side}", path, expected, do=do)
        alarm = f"{THROTTLE}{stack.side}"
        actual = [_query(query) for query in listed(stack.property(alarm, "Metrics"))]
        do = "add reads and writes of each minute, and let only the sum ring"
        yield from unless(stack, alarm, "Metrics", actual=actual, expected=math, do=do)

    require(each for stack in stacks for each in findings(stack))


def test_a_processor_without_traffic_is_no_alarm(stacks: tuple[Stack, Stack]) -> None:
    do = "a standby has no traffic: missing data is healthy"
    require(
        found
        for stack in stacks
        for stem in LAMBDA
        for found in differs(stack, f"{stem}{stack.side}", "TreatMissingData", "notBreaching", do=do)
    )


def test_every_alarm_speaks_to_the_topic_of_its_own_region(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        topic = stack.meaning(f"${{{stack.side}SNSTopic}}")
        designed = (f"{stem}{stack.side}" for stem in NUMBERS)
        for alarm in dict.fromkeys((*designed, *stack.of_type("AWS::CloudWatch::Alarm"))):
            actions = stack.meaning(stack.property(alarm, "AlarmActions"))
            do = "name the topic of this region: an alarm without it rings unheard"
            yield from unless(stack, alarm, "AlarmActions", actual=actions, expected=[topic], do=do)
            if stack.property(alarm, "ActionsEnabled") not in {ABSENT, True}:
                yield from differs(stack, alarm, "ActionsEnabled", expected=True, do="switch the actions on")

    require(found for stack in stacks for found in findings(stack))


def _watches_wrongly(stack: Stack, stem: str, metric: str) -> Iterator[Finding]:
    alarm = f"{stem}{stack.side}"
    do = "watch the processor of this region"
    yield from differs(stack, alarm, "Namespace", "AWS/Lambda", do=do)
    yield from differs(stack, alarm, "MetricName", metric, do=do)
    actual = _dimensions({"Dimensions": stack.meaning(stack.property(alarm, "Dimensions"))})
    expected = {"FunctionName": stack.property(f"{stack.side}TransactionProcessor", "FunctionName")}
    yield from unless(stack, alarm, "Dimensions", actual=actual, expected=expected, do=do)


def _is_unreal(stack: Stack, alarm: str, metric: Any) -> Iterator[Finding]:
    if below(metric, "Namespace") != "AWS/DynamoDB":
        return
    name, dimensions = below(metric, "MetricName"), tuple(sorted(_dimensions(metric)))
    real = REAL.get(str(name), set())
    if dimensions not in real:
        actual, expected = f"{name} by {dimensions}", f"{name} by one of {sorted(real)}"
        do = "CloudWatch sums over no dimension: an alarm on a set that is not published never rings"
        yield finding(stack, alarm, "", actual=actual, expected=expected, do=do)


def _metrics(stack: Stack, alarm: str) -> list[Any]:
    """Return the metrics of an alarm, each with Namespace, MetricName and Dimensions."""
    queries = listed(stack.meaning(stack.property(alarm, "Metrics")))
    metrics = [below(query, "MetricStat/Metric") for query in queries]
    alone = stack.meaning(stack.property(alarm, ""))
    return [metric for metric in metrics if metric is not ABSENT] or [alone]


def _dimensions(metric: Any) -> dict[str, object]:
    found = listed(below(metric, "Dimensions"))
    return {str(below(dimension, "Name")): below(dimension, "Value") for dimension in found}


def _query(query: Any) -> tuple[object, ...]:
    metric = below(query, "MetricStat/Metric/MetricName")
    return (
        below(query, "Id"),
        below(query, "Expression") if metric is ABSENT else metric,
        below(query, "MetricStat/Stat"),
        below(query, "MetricStat/Period"),
        below(query, "ReturnData"),
    )
