"""What a run has left is seen, of each kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings
from qa.live.handover import EMBEDDED_CREDENTIALS
from qa.stack import Clients, Target, TargetKind
from tests.harness.embedded.lambda_.functions import TRUST

from .left import left_on

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
TEMPLATE = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": "role-1", "AssumeRolePolicyDocument": TRUST},
        },
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "function-1",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Runtime": "nodejs22.x",
                "Handler": "index.handler",
                "Code": {"ZipFile": "exports.handler = async () => 1;"},
            },
        },
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "bucket-1"}},
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "group-1"}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": KEY_POLICY}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "queue-1"}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "topic-1"}},
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "table-1",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": "alarm-1",
                "Namespace": "AWS/Lambda",
                "MetricName": "Errors",
                "Statistic": "Sum",
                "Period": 60,
                "EvaluationPeriods": 1,
                "Threshold": 1,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            },
        },
    }
}


@pytest.fixture(scope="module")
def clients() -> Iterator[Clients]:
    server = start_embedded(Settings())
    target = Target(kind=TargetKind.ENDPOINT, endpoint=server.endpoint, credentials=EMBEDDED_CREDENTIALS)
    yield Clients(target)
    server.stop()


def test_each_kind_that_a_run_makes_is_seen_until_it_is_gone(clients: Clients) -> None:
    region = "us-west-2"
    cloudformation = clients.cloudformation(region)
    kms = clients.kms(region)
    before = left_on(clients)

    cloudformation.create_stack(
        StackName="stack-1", TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="stack-1", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    deployed = left_on(clients)
    cloudformation.delete_stack(StackName="stack-1")
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName="stack-1", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )

    assert before == left_on(clients) == ()
    assert deployed == (
        "bucket bucket-1",
        "role role-1",
        f"{region} stack stack-1",
        f"{region} table table-1",
        f"{region} function function-1",
        f"{region} topic arn:aws:sns:{region}:123456789012:topic-1",
        f"{region} queue {clients.sqs(region).meta.endpoint_url}/123456789012/queue-1",
        f"{region} alarm alarm-1",
        f"{region} key {kms.list_keys()['Keys'][0]['KeyId']}",
        f"{region} log group group-1",
    )
