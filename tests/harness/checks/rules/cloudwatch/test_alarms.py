"""Alarms: the faults seeded in the design, and what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    ERRORS,
    LATENCY,
    METRIC,
    Severity,
    add,
    checked,
    drop,
    finding,
    put,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a metric that is not published": (
        put(f"{ERRORS}/MetricName", "Error"),
        (
            finding(
                "unknown-metric",
                f"{ERRORS}/MetricName",
                message="AWS/Lambda is not known to publish a metric 'Error'",
                actual="Error",
                expected="a metric of AWS/Lambda",
                fix="did you mean Errors?",
            ),
        ),
    ),
    "UserErrors by table": (
        put(f"{METRIC}/MetricName", "UserErrors"),
        (
            finding(
                "metric-dimensions",
                f"{METRIC}/Dimensions",
                message=(
                    "AWS/DynamoDB UserErrors is not published under these dimensions: the alarm "
                    "can never ring"
                ),
                actual=["TableName"],
                expected="no dimension",
                fix="use the expected dimensions, or a metric that is published under these",
            ),
        ),
    ),
    "ThrottledRequests without an operation": (
        put(f"{METRIC}/MetricName", "ThrottledRequests"),
        (
            finding(
                "metric-dimensions",
                f"{METRIC}/Dimensions",
                message=(
                    "AWS/DynamoDB ThrottledRequests is not published under these dimensions: the "
                    "alarm can never ring"
                ),
                actual=["TableName"],
                expected=("GlobalSecondaryIndexName + Operation + TableName or Operation + TableName"),
                fix="use the expected dimensions, or a metric that is published under these",
            ),
        ),
    ),
    "a function that the stack does not have": (
        put(f"{ERRORS}/Dimensions/0/Value", "transaction-procesor"),
        (
            finding(
                "alarm-target",
                f"{ERRORS}/Dimensions/0/Value",
                message="No resource of the stack is named 'transaction-procesor'",
                actual="transaction-procesor",
                expected=("the FunctionName of a resource in us-east-1: transaction-processor-primary-dev"),
                fix="refer to the resource: Ref",
            ),
        ),
    ),
    "the other region's function": (
        put(
            f"{ERRORS}/Dimensions/0/Value",
            {"Fn::Sub": "transaction-processor-secondary-${EnvironmentSuffix}"},
        ),
        (
            finding(
                "alarm-target",
                f"{ERRORS}/Dimensions/0/Value",
                message=(
                    "'transaction-processor-secondary-dev' is SecondaryTransactionProcessor "
                    "(AWS::Lambda::Function, us-west-2): its metrics are not in us-east-1"
                ),
                actual="transaction-processor-secondary-dev",
                expected=("the FunctionName of a resource in us-east-1: transaction-processor-primary-dev"),
                fix="refer to the resource: Ref",
            ),
        ),
    ),
    "an ARN where a name is meant": (
        put(f"{ERRORS}/Dimensions/0/Value", {"Fn::GetAtt": ["PrimaryTransactionProcessor", "Arn"]}),
        (
            finding(
                "alarm-target",
                f"{ERRORS}/Dimensions/0/Value",
                severity=Severity.ERROR,
                message="${PrimaryTransactionProcessor.Arn} is not the FunctionName of a resource",
                actual="${PrimaryTransactionProcessor.Arn}",
                expected=("the FunctionName of a resource in us-east-1: transaction-processor-primary-dev"),
                fix="refer to the resource: Ref",
            ),
        ),
    ),
    "its own region as the receiver": (
        put(f"{LATENCY}/Dimensions/1/Value", {"Ref": "PrimaryRegion"}),
        (
            finding(
                "receiving-region",
                f"{LATENCY}/Dimensions/1/Value",
                message="No record replicates from us-east-1 to us-east-1",
                actual="us-east-1",
                expected="us-west-2",
                fix="name the region that receives",
            ),
        ),
    ),
    "a receiver without a replica": (
        put(f"{LATENCY}/Dimensions/1/Value", "eu-west-1"),
        (
            finding(
                "receiving-region",
                f"{LATENCY}/Dimensions/1/Value",
                message="No record replicates from us-east-1 to eu-west-1",
                actual="eu-west-1",
                expected="us-west-2",
                fix="name the region that receives",
            ),
        ),
    ),
    "a lag alarm that takes silence for health": (
        put(f"{LATENCY}/TreatMissingData", "notBreaching"),
        (
            finding(
                "lag-alarm-missing-data",
                f"{LATENCY}/TreatMissingData",
                message=("A replication that has stopped sends no data, which this alarm takes for good"),
                actual="notBreaching",
                expected="missing or breaching",
                fix="set TreatMissingData to missing",
            ),
        ),
    ),
    "an action in the other region": (
        put(
            f"{ERRORS}/AlarmActions/0",
            {"Fn::Sub": "arn:${AWS::Partition}:sns:${SecondaryRegion}:${AWS::AccountId}:alerts"},
        ),
        (
            finding(
                "alarm-action-region",
                f"{ERRORS}/AlarmActions/0",
                message="The action is in us-west-2, the alarm in us-east-1",
                actual="arn:aws:sns:us-west-2:123456789012:alerts",
                expected="an action in us-east-1",
                fix="use the topic of the alarm's own region",
            ),
        ),
    ),
    "no action": (
        drop(f"{ERRORS}/AlarmActions"),
        (
            finding(
                "alarm-without-action",
                f"{ERRORS}/AlarmActions",
                message="The alarm notifies nobody",
                actual=None,
                expected="an AlarmActions with a topic of the alarm's region",
                fix='add "AlarmActions": [{"Ref": "<topic>"}]',
            ),
        ),
    ),
    "actions switched off": (
        put(f"{ERRORS}/ActionsEnabled", value=False),
        (
            finding(
                "alarm-without-action",
                f"{ERRORS}/ActionsEnabled",
                message="The alarm notifies nobody",
                actual=False,
                expected="an AlarmActions with a topic of the alarm's region",
                fix="remove ActionsEnabled",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a namespace of its own": together(
        put(f"{ERRORS}/Namespace", "Shop"), put(f"{ERRORS}/MetricName", "Carts")
    ),
    "a composite alarm speaks for it": together(
        drop(f"{ERRORS}/AlarmActions"),
        put(
            "Resources/Both",
            {
                "Type": "AWS::CloudWatch::CompositeAlarm",
                "Condition": "IsPrimary",
                "Properties": {
                    "AlarmRule": {"Fn::Sub": 'ALARM("${LambdaErrorAlarmPrimary}")'},
                    "AlarmActions": [{"Ref": "PrimarySNSTopic"}],
                },
            },
        ),
    ),
    "ThrottledRequests with its operation": together(
        put(f"{METRIC}/MetricName", "ThrottledRequests"),
        add(f"{METRIC}/Dimensions", {"Name": "Operation", "Value": "PutItem"}),
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
