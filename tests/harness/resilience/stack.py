"""A stack that is not TapStack: one template for two regions, with one of each that the checks look at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

HANDLER = """
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const { KMSClient, EncryptCommand } = require('@aws-sdk/client-kms');
const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
const here = { region: process.env.AWS_REGION };
const dynamodb = new DynamoDBClient(here), kms = new KMSClient(here), s3 = new S3Client(here);
exports.handler = async (event) => {
  const sealed = await kms.send(new EncryptCommand({
    KeyId: process.env.KEY, Plaintext: Buffer.from(event.card), EncryptionContext: { order: event.id } }));
  const card = Buffer.from(sealed.CiphertextBlob).toString('base64');
  await dynamodb.send(new PutItemCommand({ TableName: process.env.TABLE,
    Item: { id: { S: event.id }, card: { S: card } } }));
  await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: `orders/${event.id}.json`,
    Body: JSON.stringify({ id: event.id, card }) }));
  return { statusCode: 200, body: JSON.stringify({ id: event.id }) };
};
"""
ORDER = {"id": "{qa}", "card": "QA-4000-{qa}"}
"""An event that the function takes."""
OTHER = {"Fn::If": ["IsPrimary", {"Ref": "Secondary"}, {"Ref": "Primary"}]}
KEY_ARN = {
    "Fn::If": ["IsPrimary", {"Fn::GetAtt": ["DataKey", "Arn"]}, {"Fn::GetAtt": ["DataKeyReplica", "Arn"]}]
}
KEY_ID = {"Fn::If": ["IsPrimary", {"Ref": "DataKey"}, {"Ref": "DataKeyReplica"}]}
ROOT = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}


def _bucket(region: object) -> dict[str, Any]:
    return {"Fn::Join": ["-", ["orders-docs", {"Ref": "AWS::AccountId"}, region]]}


def _arn(region: object, end: str = "") -> dict[str, Any]:
    return {"Fn::Join": ["", ["arn:aws:s3:::orders-docs-", {"Ref": "AWS::AccountId"}, "-", region, end]]}


def _role(service: str, statements: list[dict[str, Any]]) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [
                {
                    "PolicyName": "work",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
                }
            ],
        },
    }


def _allow(actions: list[str], resource: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


HERE = {"Ref": "AWS::Region"}
REPLICA_KEY = {"Fn::Join": ["", ["arn:aws:kms:", OTHER, ":", {"Ref": "AWS::AccountId"}, ":key/", KEY_ID]]}
DESTINATION = {"Bucket": _arn(OTHER), "EncryptionConfiguration": {"ReplicaKmsKeyID": REPLICA_KEY}}
REPLICATION = {
    "Role": {"Fn::GetAtt": ["DocumentsRole", "Arn"]},
    "Rules": [
        {
            "Id": "to-the-other",
            "Status": "Enabled",
            "Priority": 1,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Disabled"},
            "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
            "Destination": DESTINATION,
        }
    ],
}
REPLICA = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
TABLE = {
    "TableName": "orders",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
    "Replicas": [{"Region": {"Ref": "Primary"}, **REPLICA}, {"Region": {"Ref": "Secondary"}, **REPLICA}],
}
BUCKET = {
    "BucketName": _bucket(HERE),
    "VersioningConfiguration": {"Status": "Enabled"},
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [
            {
                "BucketKeyEnabled": True,
                "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY_ARN},
            }
        ]
    },
    "ReplicationConfiguration": {"Fn::If": ["Replicates", REPLICATION, {"Ref": "AWS::NoValue"}]},
}
FUNCTION = {
    "FunctionName": {"Fn::Sub": "orders-api-${AWS::Region}"},
    "Runtime": "nodejs22.x",
    "Handler": "index.handler",
    "Timeout": 10,
    "Role": {"Fn::GetAtt": ["ApiRole", "Arn"]},
    "Environment": {"Variables": {"TABLE": "orders", "BUCKET": _bucket(HERE), "KEY": KEY_ARN}},
    "Code": {"ZipFile": HANDLER},
}
ALARM = {
    "AlarmName": {"Fn::Sub": "orders-errors-${AWS::Region}"},
    "Namespace": "AWS/Lambda",
    "MetricName": "Errors",
    "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": "ApiFunction"}}],
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 5,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "notBreaching",
    "AlarmActions": [{"Ref": "AlarmTopic"}],
}

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Primary": {"Type": "String"},
        "Secondary": {"Type": "String"},
        "PrimaryKeyArn": {"Type": "String", "Default": ""},
        "Replicate": {"Type": "String", "Default": "false"},
    },
    "Conditions": {
        "IsPrimary": {"Fn::Equals": [HERE, {"Ref": "Primary"}]},
        "IsSecondary": {"Fn::Not": [{"Condition": "IsPrimary"}]},
        "Replicates": {"Fn::Equals": [{"Ref": "Replicate"}, "true"]},
    },
    "Resources": {
        "DataKey": {
            "Type": "AWS::KMS::Key",
            "Condition": "IsPrimary",
            "Properties": {"MultiRegion": True, "EnableKeyRotation": True, "KeyPolicy": ROOT},
        },
        "DataKeyReplica": {
            "Type": "AWS::KMS::ReplicaKey",
            "Condition": "IsSecondary",
            "Properties": {"PrimaryKeyArn": {"Ref": "PrimaryKeyArn"}, "KeyPolicy": ROOT},
        },
        "OrdersTable": {
            "Type": "AWS::DynamoDB::GlobalTable",
            "Condition": "IsPrimary",
            "DeletionPolicy": "Delete",
            "Properties": TABLE,
        },
        "Documents": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete", "Properties": BUCKET},
        "DocumentsRole": _role(
            "s3.amazonaws.com",
            [
                _allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], _arn(HERE)),
                _allow(
                    [
                        "s3:GetObjectVersionForReplication",
                        "s3:GetObjectVersionAcl",
                        "s3:GetObjectVersionTagging",
                    ],
                    _arn(HERE, "/*"),
                ),
                _allow(["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], _arn(OTHER, "/*")),
                _allow(["kms:Decrypt"], KEY_ARN),
                _allow(["kms:Encrypt", "kms:Decrypt"], REPLICA_KEY),
            ],
        ),
        "ApiRole": _role(
            "lambda.amazonaws.com",
            [
                _allow(
                    ["dynamodb:PutItem"],
                    {"Fn::Sub": "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders"},
                ),
                _allow(["s3:PutObject"], _arn(HERE, "/orders/*")),
                _allow(["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"], KEY_ARN),
                _allow(
                    ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                    {"Fn::Sub": "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:*"},
                ),
            ],
        ),
        "ApiFunction": {"Type": "AWS::Lambda::Function", "Properties": FUNCTION},
        "AlarmTopic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": {"Fn::Sub": "orders-alarms-${AWS::Region}"}},
        },
        "DeadLetterAlarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": ALARM},
    },
    "Outputs": {
        "KeyArn": {"Condition": "IsPrimary", "Value": {"Fn::GetAtt": ["DataKey", "Arn"]}},
        "TableName": {"Condition": "IsPrimary", "Value": {"Ref": "OrdersTable"}},
    },
}

SETTINGS = """
[tool.qa]
template = "orders.json"
stack-name-prefix = "Orders"
capabilities = ["CAPABILITY_IAM"]
live-tests = ["tests/live"]

[tool.qa.regions]
primary = "eu-west-1"
secondary = "eu-central-1"

[tool.qa.deploy.parameters]
Primary = "{primary}"
Secondary = "{secondary}"

[[tool.qa.deploy.step]]
region = "primary"
when = "fresh"

[[tool.qa.deploy.step]]
region = "secondary"
parameters = { Replicate = "true", PrimaryKeyArn = { output = "KeyArn", of = "primary" } }

[[tool.qa.deploy.step]]
region = "primary"
parameters = { Replicate = "true" }
"""


def write_project(root: Path) -> None:
    """Write the stack and its settings into a folder."""
    (root / "pyproject.toml").write_text(SETTINGS)
    (root / "orders.json").write_text(json.dumps(TEMPLATE))
