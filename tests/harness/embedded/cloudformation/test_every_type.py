"""A resource of every type is made with the caller's rights to its operations, and by nobody without them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qa.embedded.cloudformation.registry import supported_types
from qa.embedded.lambda_.code import inline_package

from .test_rights import allow, client_of

if TYPE_CHECKING:
    from .conftest import Aws

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
TABLE: dict[str, Any] = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
ALLOWED = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
OPEN = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::documents-there/*",
        }
    ],
}
ALARM = {
    "Namespace": "a",
    "MetricName": "b",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}
ARN_OF = "arn:aws:{}:us-east-1:123456789012:{}"
FUNCTION = {"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": {"ZipFile": "x"}}
EVERY: dict[str, tuple[str, dict[str, Any]]] = {
    "AWS::CloudWatch::Alarm": ("cloudwatch:PutMetricAlarm", ALARM),
    "AWS::DynamoDB::GlobalTable": (
        "dynamodb:CreateTable",
        {**TABLE, "Replicas": [{"Region": "us-east-1"}]},
    ),
    "AWS::DynamoDB::Table": ("dynamodb:CreateTable", TABLE),
    "AWS::IAM::ManagedPolicy": ("iam:CreatePolicy", {"PolicyDocument": ALLOWED}),
    "AWS::IAM::Policy": (
        "iam:PutRolePolicy",
        {"PolicyName": "p", "PolicyDocument": ALLOWED, "Roles": ["there"]},
    ),
    "AWS::IAM::Role": ("iam:CreateRole", {"AssumeRolePolicyDocument": TRUST}),
    "AWS::KMS::Alias": ("kms:CreateAlias", {"AliasName": "alias/a", "TargetKeyId": "KEY"}),
    "AWS::KMS::Key": ("kms:CreateKey", {}),
    "AWS::KMS::ReplicaKey": ("kms:ReplicateKey", {"PrimaryKeyArn": "PRIMARY", "KeyPolicy": KEY_POLICY}),
    "AWS::Lambda::Alias": (
        "lambda:CreateAlias",
        {"FunctionName": "there", "FunctionVersion": "$LATEST", "Name": "live"},
    ),
    "AWS::Lambda::Function": (
        "lambda:CreateFunction",
        {**FUNCTION, "Role": "arn:aws:iam::123456789012:role/there"},
    ),
    "AWS::Lambda::Permission": (
        "lambda:AddPermission",
        {"FunctionName": "there", "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"},
    ),
    "AWS::Lambda::Version": ("lambda:PublishVersion", {"FunctionName": "there"}),
    "AWS::Logs::LogGroup": ("logs:CreateLogGroup", {}),
    "AWS::S3::Bucket": ("s3:CreateBucket", {}),
    "AWS::S3::BucketPolicy": ("s3:PutBucketPolicy", {"Bucket": "documents-there", "PolicyDocument": OPEN}),
    "AWS::SNS::Subscription": (
        "sns:Subscribe",
        {
            "TopicArn": ARN_OF.format("sns", "there"),
            "Protocol": "sqs",
            "Endpoint": ARN_OF.format("sqs", "there"),
        },
    ),
    "AWS::SNS::Topic": ("sns:CreateTopic", {}),
    "AWS::SNS::TopicPolicy": (
        "sns:SetTopicAttributes",
        {"Topics": [ARN_OF.format("sns", "there")], "PolicyDocument": ALLOWED},
    ),
    "AWS::SQS::Queue": ("sqs:CreateQueue", {}),
    "AWS::SQS::QueuePolicy": (
        "sqs:SetQueueAttributes",
        {"Queues": ["QUEUE"], "PolicyDocument": ALLOWED},
    ),
    "AWS::SSM::Parameter": ("ssm:PutParameter", {"Type": "String", "Value": "a"}),
}


def prepared(aws: Aws, properties: dict[str, Any]) -> dict[str, Any]:
    """Make what the resources refer to, and return the properties with its names."""
    role = aws.client("iam").create_role(RoleName="there", AssumeRolePolicyDocument=json.dumps(TRUST))
    aws.client("lambda").create_function(
        FunctionName="there",
        Role=role["Role"]["Arn"],
        Runtime="nodejs22.x",
        Handler="index.handler",
        Code={"ZipFile": inline_package("exports.handler = async () => 1;", "nodejs22.x")},
    )
    aws.client("sns").create_topic(Name="there")
    aws.client("s3").create_bucket(Bucket="documents-there")
    primary = aws.client("kms", "us-west-2").create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
    names = {
        "KEY": aws.client("kms").create_key()["KeyMetadata"]["KeyId"],
        "PRIMARY": primary,
        "QUEUE": aws.client("sqs").create_queue(QueueName="there")["QueueUrl"],
    }
    text = json.dumps(properties)
    for name, value in names.items():
        text = text.replace(f'"{name}"', json.dumps(value))
    found: dict[str, Any] = json.loads(text)
    return found


def test_every_type_that_makes_something_is_tried_here() -> None:
    assert set(EVERY) == supported_types() - {"AWS::CDK::Metadata"}


@pytest.mark.parametrize("kind", EVERY)
def test_a_resource_of_every_type_needs_the_right_to_its_operation_and_no_administrator(
    aws: Aws, kind: str
) -> None:
    action, properties = EVERY[kind]
    cloudformation = client_of(aws, "cloudformation", allow("*"))
    denying = client_of(aws, "cloudformation", allow("*"), {**allow(action), "Effect": "Deny"}, name="other")
    body = json.dumps({"Resources": {"One": {"Type": kind, "Properties": prepared(aws, properties)}}})
    found = []

    for client, name in ((denying, "denied"), (cloudformation, "allowed")):
        client.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
        events = client.describe_stack_events(StackName=name)["StackEvents"]
        found.append([event.get("ResourceStatusReason", "") for event in events if is_end(event)])

    assert len(found[0]) == 1
    # S3 puts the action in quotation marks
    assert f"not authorized to perform: {action} on" in found[0][0].replace('"', ""), found
    assert found[1] == [""]


def is_end(event: dict[str, Any]) -> bool:
    return event["LogicalResourceId"] == "One" and event["ResourceStatus"] in (
        "CREATE_COMPLETE",
        "CREATE_FAILED",
    )
