"""A resource's properties as the service tells them, in the words of its CloudFormation type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.stack.clients import Clients

Properties = dict[str, Any]
Read = Callable[["Clients", str, str], Properties]
"""Clients, region and physical ID in."""

NOT_TOLD: Mapping[str, frozenset[str]] = {
    # what the deletion of the key will wait; no operation tells it before
    "AWS::KMS::Key": frozenset({"PendingWindowInDays"}),
    "AWS::KMS::ReplicaKey": frozenset({"PendingWindowInDays"}),
    # AWS tells a digest of the packed code; tests/harness/processor runs it
    "AWS::Lambda::Function": frozenset({"Code"}),
}
"""Properties that AWS takes and never tells again."""

_OF_AN_ALARM = frozenset(
    {
        "AlarmActions",
        "AlarmDescription",
        "AlarmName",
        "ComparisonOperator",
        "DatapointsToAlarm",
        "Dimensions",
        "EvaluationPeriods",
        "MetricName",
        "Metrics",
        "Namespace",
        "Period",
        "Statistic",
        "Threshold",
        "TreatMissingData",
    }
)


def _alarm(clients: Clients, region: str, name: str) -> Properties:
    response: Mapping[str, Any] = clients.cloudwatch(region).describe_alarms(AlarmNames=[name])[
        "MetricAlarms"
    ][0]
    return {key: value for key, value in response.items() if key in _OF_AN_ALARM and value != []}


def _table(clients: Clients, region: str, name: str) -> Properties:
    table: Mapping[str, Any] = clients.dynamodb(region).describe_table(TableName=name)["Table"]
    regions = [region, *(replica["RegionName"] for replica in table["Replicas"])]
    return {
        "TableName": table["TableName"],
        "BillingMode": table["BillingModeSummary"]["BillingMode"],
        "AttributeDefinitions": table["AttributeDefinitions"],
        "KeySchema": table["KeySchema"],
        "StreamSpecification": {"StreamViewType": table["StreamSpecification"]["StreamViewType"]},
        "SSESpecification": {
            "SSEEnabled": table["SSEDescription"]["Status"] == "ENABLED",
            "SSEType": table["SSEDescription"]["SSEType"],
        },
        "Replicas": [_replica(clients, each, name) for each in regions],
    }


def _replica(clients: Clients, region: str, name: str) -> Properties:
    client = clients.dynamodb(region)
    table: Mapping[str, Any] = client.describe_table(TableName=name)["Table"]
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    return {
        "Region": region,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": recovery == "ENABLED"},
        "TableClass": table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
        "DeletionProtectionEnabled": table["DeletionProtectionEnabled"],
        "Tags": client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"],
    }


def _role(clients: Clients, region: str, name: str) -> Properties:
    client = clients.iam(region)
    policies = client.list_role_policies(RoleName=name)["PolicyNames"]
    return {
        "AssumeRolePolicyDocument": client.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"],
        "Policies": [
            {
                "PolicyName": policy,
                "PolicyDocument": client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"],
            }
            for policy in policies
        ],
    }


def _alias(clients: Clients, region: str, name: str) -> Properties:
    aliases = clients.kms(region).list_aliases()["Aliases"]
    found = next(alias for alias in aliases if alias.get("AliasName") == name)
    return {"AliasName": found["AliasName"], "TargetKeyId": found["TargetKeyId"]}


def _key(clients: Clients, region: str, key_id: str) -> Properties:
    client = clients.kms(region)
    metadata = client.describe_key(KeyId=key_id)["KeyMetadata"]
    return {
        "Description": metadata["Description"],
        "MultiRegion": metadata["MultiRegion"],
        "EnableKeyRotation": client.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"],
        "KeySpec": metadata["KeySpec"],
        "KeyUsage": metadata["KeyUsage"],
        "KeyPolicy": _key_policy(clients, region, key_id),
    }


def _replica_key(clients: Clients, region: str, key_id: str) -> Properties:
    metadata = clients.kms(region).describe_key(KeyId=key_id)["KeyMetadata"]
    return {
        "Description": metadata["Description"],
        "PrimaryKeyArn": metadata["MultiRegionConfiguration"]["PrimaryKey"]["Arn"],
        "KeyPolicy": _key_policy(clients, region, key_id),
    }


def _key_policy(clients: Clients, region: str, key_id: str) -> Any:
    return json.loads(clients.kms(region).get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])


def _function(clients: Clients, region: str, name: str) -> Properties:
    response: Mapping[str, Any] = clients.lambda_(region).get_function_configuration(FunctionName=name)
    expected = ("FunctionName", "Runtime", "Handler", "Role", "Timeout", "MemorySize", "Environment")
    return {key: response[key] for key in expected}


def _log_group(clients: Clients, region: str, name: str) -> Properties:
    groups = clients.logs(region).describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    found = next(group for group in groups if group["logGroupName"] == name)
    return {"LogGroupName": found["logGroupName"], "RetentionInDays": found["retentionInDays"]}


def _bucket(clients: Clients, region: str, name: str) -> Properties:
    client = clients.s3(region)
    encryption = client.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    replication: Any = client.get_bucket_replication(Bucket=name)["ReplicationConfiguration"]
    block = client.get_public_access_block(Bucket=name)
    return {
        "BucketName": name,
        "VersioningConfiguration": {"Status": client.get_bucket_versioning(Bucket=name)["Status"]},
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {
                    "BucketKeyEnabled": encryption["BucketKeyEnabled"],
                    "ServerSideEncryptionByDefault": encryption["ApplyServerSideEncryptionByDefault"],
                }
            ]
        },
        "PublicAccessBlockConfiguration": block["PublicAccessBlockConfiguration"],
        "OwnershipControls": client.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"],
        "ReplicationConfiguration": {
            "Role": replication["Role"],
            "Rules": [{"Id": rule.pop("ID"), **rule} for rule in replication["Rules"]],
        },
    }


def _bucket_policy(clients: Clients, region: str, bucket: str) -> Properties:
    policy = json.loads(clients.s3(region).get_bucket_policy(Bucket=bucket)["Policy"])
    return {"Bucket": bucket, "PolicyDocument": policy}


def _topic(clients: Clients, region: str, topic_arn: str) -> Properties:
    response = clients.sns(region).get_topic_attributes(TopicArn=topic_arn)["Attributes"]
    return {"TopicName": response["TopicArn"].rpartition(":")[2]}


READERS: Mapping[str, Read] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::IAM::Role": _role,
    "AWS::KMS::Alias": _alias,
    "AWS::KMS::Key": _key,
    "AWS::KMS::ReplicaKey": _replica_key,
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SNS::Topic": _topic,
}
