"""Services that may not call the function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import (
    BUCKET,
    checked,
    finding,
    put,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

ARN = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:"
BY_NAME = {"Fn::Sub": f"{ARN}transaction-processor-primary-${{EnvironmentSuffix}}"}
CALLED = {"Fn::GetAtt": ["PrimaryTransactionProcessor", "Arn"]}


def _subscription() -> dict[str, Any]:
    return {
        "Type": "AWS::SNS::Subscription",
        "Condition": "IsPrimary",
        "Properties": {
            "Protocol": "lambda",
            "TopicArn": {"Ref": "PrimarySNSTopic"},
            "Endpoint": CALLED,
        },
    }


def _rule(**target: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Events::Rule",
        "Condition": "IsPrimary",
        "Properties": {
            "ScheduleExpression": "rate(1 day)",
            "Targets": [{"Id": "a", "Arn": CALLED, **target}],
        },
    }


def _permission(service: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Permission",
        "Condition": "IsPrimary",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": "PrimaryTransactionProcessor"},
            "Principal": service,
            "SourceAccount": {"Ref": "AWS::AccountId"},
        },
    }


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a topic that may not call": (
        put("Resources/Feed", _subscription()),
        (
            finding(
                "function-not-invokable",
                "Resources/Feed",
                message="Feed calls PrimaryTransactionProcessor, and sns.amazonaws.com may not",
                actual=None,
                expected="an AWS::Lambda::Permission for sns.amazonaws.com",
                fix="add the permission, bounded by SourceArn",
            ),
        ),
    ),
    "a rule that may not call": (
        together(put("Resources/Daily", _rule()), put("Resources/Caller", _permission("sns.amazonaws.com"))),
        (
            finding(
                "function-not-invokable",
                "Resources/Daily",
                message="Daily calls PrimaryTransactionProcessor, and events.amazonaws.com may not",
                actual=None,
                expected="an AWS::Lambda::Permission for events.amazonaws.com",
                fix="add the permission, bounded by SourceArn",
            ),
        ),
    ),
    "a bucket that may not call": (
        put(
            f"{BUCKET}/NotificationConfiguration",
            {"LambdaConfigurations": [{"Event": "s3:ObjectCreated:*", "Function": BY_NAME}]},
        ),
        (
            finding(
                "function-not-invokable",
                "Resources/PrimaryDocumentsBucket",
                message=(
                    "PrimaryDocumentsBucket calls PrimaryTransactionProcessor, and s3.amazonaws.com may not"
                ),
                actual=None,
                expected="an AWS::Lambda::Permission for s3.amazonaws.com",
                fix="add the permission, bounded by SourceArn",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a topic that may call": together(
        put("Resources/Feed", _subscription()),
        put("Resources/Caller", _permission("sns.amazonaws.com")),
    ),
    "a rule that calls with a role": put(
        "Resources/Daily", _rule(RoleArn={"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/caller"})
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
