"""Messages that the policy of a topic, a queue or a key does not let through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import WEST, Severity, checked, finding, put, together

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

QUEUE = {"Type": "AWS::SQS::Queue", "Condition": "IsPrimary"}
BOUND = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def _policy(kind: str, what: str, resource: str, service: str, action: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": "*",
        "Condition": BOUND,
    }
    return {
        "Type": f"AWS::{kind}",
        "Condition": "IsPrimary",
        "Properties": {what: [{"Ref": resource}], "PolicyDocument": {"Statement": statement}},
    }


def _subscription(protocol: str, endpoint: str) -> dict[str, Any]:
    return {
        "Type": "AWS::SNS::Subscription",
        "Condition": "IsPrimary",
        "Properties": {
            "Protocol": protocol,
            "TopicArn": {"Ref": "PrimarySNSTopic"},
            "Endpoint": {"Fn::GetAtt": [endpoint, "Arn"]},
        },
    }


TOPIC_POLICY = ("SNS::TopicPolicy", "Topics", "PrimarySNSTopic")
QUEUE_POLICY = ("SQS::QueuePolicy", "Queues", "Queue")

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a topic policy for events alone": (
        put("Resources/Policy", _policy(*TOPIC_POLICY, "events.amazonaws.com", "sns:Publish")),
        (
            finding(
                "topic-shuts-out-alarms",
                "Resources/Policy/Properties/PolicyDocument",
                message=(
                    "LambdaErrorAlarmPrimary speaks to PrimarySNSTopic, and this policy does not "
                    "let CloudWatch publish"
                ),
                actual=["events.amazonaws.com"],
                expected="an Allow of sns:Publish for cloudwatch.amazonaws.com",
                fix='add a statement with "Principal": {"Service": "cloudwatch.amazonaws.com"}',
            ),
        ),
    ),
    "an alarm topic under AWS's own key": (
        put("Resources/SecondarySNSTopic/Properties/KmsMasterKeyId", "alias/aws/sns"),
        (
            finding(
                "topic-with-aws-key",
                "Resources/SecondarySNSTopic/Properties/KmsMasterKeyId",
                region=WEST,
                message=(
                    "Messages of LambdaErrorAlarmSecondary are dropped: CloudWatch may not use the "
                    "topic's key"
                ),
                actual="alias/aws/sns",
                expected="no key, or a customer key that lets cloudwatch.amazonaws.com in",
                fix="remove KmsMasterKeyId, or name a customer key with that statement",
            ),
        ),
    ),
    "a queue without a policy": (
        together(put("Resources/Queue", QUEUE), put("Resources/Feed", _subscription("sqs", "Queue"))),
        (
            finding(
                "queue-shuts-out-topic",
                "Resources/Feed/Properties/Endpoint",
                severity=Severity.WARNING,
                message="Feed feeds Queue, which does not let SNS send",
                actual=[],
                expected="a queue policy with an Allow of sqs:SendMessage for sns.amazonaws.com",
                fix='allow it, bounded by "ArnEquals": {"aws:SourceArn": "<topic>"}',
            ),
        ),
    ),
    "a queue policy for events alone": (
        together(
            put("Resources/Queue", QUEUE),
            put("Resources/Feed", _subscription("sqs", "Queue")),
            put("Resources/Policy", _policy(*QUEUE_POLICY, "events.amazonaws.com", "sqs:SendMessage")),
        ),
        (
            finding(
                "queue-shuts-out-topic",
                "Resources/Policy/Properties/PolicyDocument",
                message="Feed feeds Queue, which does not let SNS send",
                actual=["events.amazonaws.com"],
                expected="a queue policy with an Allow of sqs:SendMessage for sns.amazonaws.com",
                fix='allow it, bounded by "ArnEquals": {"aws:SourceArn": "<topic>"}',
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a topic policy for CloudWatch": put(
        "Resources/Policy", _policy(*TOPIC_POLICY, "cloudwatch.amazonaws.com", "sns:Publish")
    ),
    "a topic policy of a topic without alarms": together(
        put("Resources/Other", {"Type": "AWS::SNS::Topic", "Condition": "IsPrimary"}),
        put(
            "Resources/Policy",
            _policy("SNS::TopicPolicy", "Topics", "Other", "events.amazonaws.com", "sns:Publish"),
        ),
    ),
    "no alarm speaks to the topic under AWS's own key": put(
        "Resources/Other", {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "alias/aws/sns"}}
    ),
    "a queue policy for SNS": together(
        put("Resources/Queue", QUEUE),
        put("Resources/Feed", _subscription("sqs", "Queue")),
        put("Resources/Policy", _policy(*QUEUE_POLICY, "sns.amazonaws.com", "SQS:*")),
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
