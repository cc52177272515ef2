"""What the server works on one resource of a stack, whose handler sends its requests inside the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qa.wait import until

from .figures import Figure, Samples
from .measuring import BenchmarkError
from .requests import embedded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .requests import Served

ROUNDS = 5
RESOURCES = 60
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
TABLE = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}
ALARM = {
    "Namespace": "AWS/SQS",
    "MetricName": "ApproximateAgeOfOldestMessage",
    "Statistic": "Maximum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 300,
    "ComparisonOperator": "GreaterThanThreshold",
}
MIX: Mapping[str, Mapping[str, Any]] = {
    "AWS::Logs::LogGroup": {"RetentionInDays": 7},
    "AWS::SQS::Queue": {"VisibilityTimeout": 60},
    "AWS::SNS::Topic": {},
    "AWS::IAM::Role": {"AssumeRolePolicyDocument": TRUST},
    "AWS::KMS::Key": {"EnableKeyRotation": True},
    "AWS::CloudWatch::Alarm": ALARM,
    "AWS::S3::Bucket": {"VersioningConfiguration": {"Status": "Enabled"}},
    "AWS::DynamoDB::Table": TABLE,
}


def cpu_per_resource() -> tuple[Figure, ...]:
    """Stacks of 60 resources, log groups and queues and then all sorts, less what a stack of one takes."""
    simple = ("AWS::Logs::LogGroup", "AWS::SQS::Queue")
    return tuple(
        Figure(measured=Samples(what=what, values=_seconds_per_resource(kinds)), at_most=0.002)
        for what, kinds in (("CPU of one log group or queue", simple), ("CPU of one resource", tuple(MIX)))
    )


def _seconds_per_resource(kinds: tuple[str, ...]) -> tuple[float, ...]:
    values = []
    with embedded() as served:
        _seconds_of(served, "warm", _resources(kinds, RESOURCES))
        for number in range(ROUNDS):
            whole = _seconds_of(served, f"whole{number}", _resources(kinds, RESOURCES))
            one = _seconds_of(served, f"one{number}", _resources(kinds, 1))
            values.append((whole - one) / (RESOURCES - 1))
    return tuple(values)


def _resources(kinds: tuple[str, ...], count: int) -> dict[str, Any]:
    chosen = [kinds[number % len(kinds)] for number in range(count)]
    return {f"R{number}": {"Type": kind, "Properties": MIX[kind]} for number, kind in enumerate(chosen)}


def _seconds_of(served: Served, name: str, resources: dict[str, Any]) -> float:
    cloudformation = served.client("cloudformation")

    def status() -> str:
        return str(cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])

    begun = served.cpu_seconds()
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps({"Resources": resources}), Capabilities=["CAPABILITY_IAM"]
    )
    ended = until(status, _is_over, what=f"stack {name}", within=60.0, every=0.2)
    if ended != "CREATE_COMPLETE":
        raise BenchmarkError(f"{name} ended as {ended}")
    return served.cpu_seconds() - begun


def _is_over(status: str) -> bool:
    return not status.endswith("_IN_PROGRESS")
