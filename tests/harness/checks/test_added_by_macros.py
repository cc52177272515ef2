"""What a macro, or a loop that is not known, may add is not called missing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.checks.small import EAST, TOPIC, WEST, body, found, resource

SERVERLESS = "AWS::Serverless-2016-10-31"
CODE = {"ZipFile": "exports.handler = async () => {};"}
PARTS: dict[str, Any] = {
    "Topic": TOPIC,
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Worker": resource("AWS::Lambda::Function", Code=CODE, Role="arn:aws:iam::123456789012:role/worker"),
    "ToQueue": resource(
        "AWS::SNS::Subscription",
        Protocol="sqs",
        TopicArn={"Ref": "Topic"},
        Endpoint={"Fn::GetAtt": ["Queue", "Arn"]},
    ),
    "ToWorker": resource(
        "AWS::SNS::Subscription",
        Protocol="lambda",
        TopicArn={"Ref": "Topic"},
        Endpoint={"Fn::GetAtt": ["Worker", "Arn"]},
    ),
    "Orders": resource("AWS::DynamoDB::GlobalTable", Replicas=[{"Region": EAST}, {"Region": WEST}]),
    "Busy": resource("AWS::CloudWatch::Alarm", MetricName="Invocations", Namespace="AWS/Lambda"),
}
MISSING = {
    "queue-shuts-out-topic": "ToQueue",
    "function-not-invokable": "ToWorker",
    "replication-unwatched": "Orders",
}


@pytest.mark.parametrize(("rule", "logical_id"), MISSING.items())
def test_what_is_missing_is_found_where_nothing_can_add_it(rule: str, logical_id: str) -> None:
    assert {one.logical_id for one in found(rule, body(PARTS))} == {logical_id}


@pytest.mark.parametrize("rule", MISSING)
def test_what_the_serverless_transform_may_add_is_not_missed(rule: str) -> None:
    assert found(rule, body(PARTS, Transform=SERVERLESS)) == ()


@pytest.mark.parametrize("rule", MISSING)
def test_what_a_loop_that_is_not_known_may_make_is_not_missed(rule: str) -> None:
    loop = {"Fn::ForEach::All": ["X", {"Ref": "Names"}, {"More${X}": TOPIC}]}
    template = body(
        {**PARTS, **loop},
        Transform="AWS::LanguageExtensions",
        Parameters={"Names": {"Type": "CommaDelimitedList"}},
    )

    assert found(rule, template) == ()


def test_transforms_by_the_thousand_are_each_told_once() -> None:
    names = [f"M{number}" for number in range(20_000)]
    template = body({"A": TOPIC}, Transform=[*names, *names])

    assert [each.actual for each in found("transform-not-analysed", template)] == names
