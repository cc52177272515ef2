"""Alarms that ring always, never, or when nothing is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import ERRORS, Severity, checked, drop, finding, put, together

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

OUTPUTS = "Outputs/ReplicationLatencyAlarm{}Name"


def _alarm(**properties: Any) -> dict[str, Any]:
    common = {
        "Namespace": "Shop",
        "MetricName": "Orders",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
        "AlarmActions": [{"Ref": "PrimarySNSTopic"}],
    }
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Condition": "IsPrimary",
        "Properties": {**common, **properties},
    }


def _math(*queries: dict[str, Any], **properties: Any) -> dict[str, Any]:
    made = _alarm(Metrics=list(queries), **properties)
    for name in ("Namespace", "MetricName", "Statistic", "Period"):
        del made["Properties"][name]
    return made


def _query(name: str, **more: Any) -> dict[str, Any]:
    metric = {"Namespace": "Shop", "MetricName": name}
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, **more}


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "rings while there are few errors": (
        put(f"{ERRORS}/ComparisonOperator", "LessThanThreshold"),
        (
            finding(
                "alarm-direction",
                "Resources/LambdaErrorAlarmPrimary/Properties/ComparisonOperator",
                message="The alarm rings when all is well: Errors is never below zero, and none is well",
                actual="LessThanThreshold 5",
                expected="GreaterThan… a threshold above what is normal",
                fix="turn the comparison round, or correct the threshold",
            ),
        ),
    ),
    "rings always": (
        put(f"{ERRORS}/Threshold", 0),
        (
            finding(
                "alarm-direction",
                "Resources/LambdaErrorAlarmPrimary/Properties/ComparisonOperator",
                message="The alarm rings always: Errors is never below zero, and none is well",
                actual="GreaterThanOrEqualToThreshold 0",
                expected="GreaterThan… a threshold above what is normal",
                fix="turn the comparison round, or correct the threshold",
            ),
        ),
    ),
    "rings never": (
        together(put(f"{ERRORS}/Threshold", 0), put(f"{ERRORS}/ComparisonOperator", "LessThanThreshold")),
        (
            finding(
                "alarm-direction",
                "Resources/LambdaErrorAlarmPrimary/Properties/ComparisonOperator",
                message="The alarm rings never: Errors is never below zero, and none is well",
                actual="LessThanThreshold 0",
                expected="GreaterThan… a threshold above what is normal",
                fix="turn the comparison round, or correct the threshold",
            ),
        ),
    ),
    "rings while nobody calls": (
        put(f"{ERRORS}/TreatMissingData", "breaching"),
        (
            finding(
                "alarm-when-idle",
                "Resources/LambdaErrorAlarmPrimary/Properties/TreatMissingData",
                message="Without traffic there is no Errors, which this alarm takes for a fault",
                actual="breaching",
                expected="notBreaching, or missing",
                fix="set TreatMissingData to notBreaching",
            ),
        ),
    ),
    "more data points than periods": (
        put(f"{ERRORS}/DatapointsToAlarm", 5),
        (
            finding(
                "alarm-window",
                "Resources/LambdaErrorAlarmPrimary/Properties/DatapointsToAlarm",
                message="The alarm needs 5 of 3 data points: it can never ring",
                actual=5,
                expected="at most 3",
                fix="lower DatapointsToAlarm or raise EvaluationPeriods",
            ),
        ),
    ),
    "a period of 45 seconds": (
        put(f"{ERRORS}/Period", 45),
        (
            finding(
                "alarm-window",
                "Resources/LambdaErrorAlarmPrimary/Properties/Period",
                message="A period is 10, 20 or 30 seconds or a multiple of 60",
                actual=45,
                expected="10, 20, 30 or a multiple of 60",
                fix="correct the period",
            ),
        ),
    ),
    "more than a day of minutes": (
        put(f"{ERRORS}/EvaluationPeriods", 2000),
        (
            finding(
                "alarm-window",
                "Resources/LambdaErrorAlarmPrimary/Properties/Period",
                message="2000 periods of 60 s are more than 86,400 s",
                actual=60,
                expected="at most 86,400 s together",
                fix="correct the period",
            ),
        ),
    ),
    "ten seconds of a metric of AWS": (
        put(f"{ERRORS}/Period", 10),
        (
            finding(
                "alarm-window",
                "Resources/LambdaErrorAlarmPrimary/Properties/Period",
                severity=Severity.WARNING,
                message="The metrics of AWS services have data once a minute",
                actual=10,
                expected="60 or more",
                fix="correct the period",
            ),
        ),
    ),
    "an hour of what S3 publishes once a day": (
        put(
            "Resources/Size",
            _alarm(
                Namespace="AWS/S3",
                MetricName="BucketSizeBytes",
                Period=3600,
                Dimensions=[
                    {"Name": "BucketName", "Value": {"Ref": "PrimaryDocumentsBucket"}},
                    {"Name": "StorageType", "Value": "StandardStorage"},
                ],
            ),
        ),
        (
            finding(
                "alarm-window",
                "Resources/Size/Properties/Period",
                severity=Severity.WARNING,
                message="S3 publishes BucketSizeBytes once a day",
                actual=3600,
                expected="86400",
                fix="correct the period",
            ),
        ),
    ),
    "an expression's metric of 45 seconds": (
        put("Resources/DynamoDBThrottleAlarmPrimary/Properties/Metrics/0/MetricStat/Period", 45),
        (
            finding(
                "alarm-window",
                "Resources/DynamoDBThrottleAlarmPrimary/Properties/Metrics/0/MetricStat/Period",
                message="A period is 10, 20 or 30 seconds or a multiple of 60",
                actual=45,
                expected="10, 20, 30 or a multiple of 60",
                fix="correct the period",
            ),
        ),
    ),
    "two that return data": (
        put("Resources/Orders", _math(_query("taken"), _query("sent"))),
        (
            finding(
                "alarm-expression",
                "Resources/Orders/Properties/Metrics",
                message="2 of the metrics return data; an alarm watches exactly one",
                actual=[{"Id": "taken", "ReturnData": None}, {"Id": "sent", "ReturnData": None}],
                expected="Ids of their own, and ReturnData true for the one that is watched",
                fix="set ReturnData to false for all but one",
            ),
        ),
    ),
    "two of one Id": (
        put("Resources/Orders", _math(_query("taken"), _query("taken", ReturnData=False))),
        (
            finding(
                "alarm-expression",
                "Resources/Orders/Properties/Metrics",
                message="Two metrics have the same Id",
                actual=[{"Id": "taken", "ReturnData": None}, {"Id": "taken", "ReturnData": False}],
                expected="Ids of their own, and ReturnData true for the one that is watched",
                fix="set ReturnData to false for all but one",
            ),
        ),
    ),
    "an Id in capitals": (
        put("Resources/Orders", _math(_query("Taken"))),
        (
            finding(
                "alarm-expression",
                "Resources/Orders/Properties/Metrics",
                message="An Id begins with a lower case letter, and has letters, digits and _",
                actual=[{"Id": "Taken", "ReturnData": None}],
                expected="Ids of their own, and ReturnData true for the one that is watched",
                fix="set ReturnData to false for all but one",
            ),
        ),
    ),
    "replication that nobody watches": (
        together(
            *(
                drop(path)
                for side in ("Primary", "Secondary")
                for path in (OUTPUTS.format(side), f"Resources/ReplicationLatencyAlarm{side}")
            )
        ),
        (
            finding(
                "replication-unwatched",
                "Resources/TransactionsTable",
                message="No alarm watches the replication of this table",
                actual=None,
                expected="an alarm on AWS/DynamoDB ReplicationLatency in each region",
                fix="add the alarm, with TableName and ReceivingRegion as dimensions",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "few orders are bad": put("Resources/Orders", _alarm()),
    "a custom metric of ten seconds": put("Resources/Orders", _alarm(Period=10)),
    "a week of hours": put("Resources/Orders", _alarm(Period=3600, EvaluationPeriods=168)),
    "a count of the samples of errors": together(
        put(f"{ERRORS}/Statistic", "SampleCount"), put(f"{ERRORS}/ComparisonOperator", "LessThanThreshold")
    ),
    "a band and its metric": put(
        "Resources/Orders",
        _math(
            _query("taken"),
            {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(taken, 2)"},
            ThresholdMetricId="band",
        ),
    ),
    "a threshold that is not known": together(
        put("Parameters/Threshold", {"Type": "Number"}), put(f"{ERRORS}/Threshold", {"Ref": "Threshold"})
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
