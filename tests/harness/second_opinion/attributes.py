"""What Fn::GetAtt gives, asked of the service that has the resource and not of CloudFormation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.stack.clients import Clients

Ask = Callable[["Clients", str, str], str]
"""Clients, region and physical ID in; the attribute's value out."""


def attribute_of(resource_type: str, attribute: str) -> Ask:
    """Return the question that an attribute of a resource type answers. Raises KeyError for another."""
    return _ATTRIBUTES[resource_type, attribute]


def _key_arn(clients: Clients, region: str, key_id: str) -> str:
    return clients.kms(region).describe_key(KeyId=key_id)["KeyMetadata"]["Arn"]


def _key_id(clients: Clients, region: str, key_id: str) -> str:
    return clients.kms(region).describe_key(KeyId=key_id)["KeyMetadata"]["KeyId"]


def _table_arn(clients: Clients, region: str, table_name: str) -> str:
    return clients.dynamodb(region).describe_table(TableName=table_name)["Table"]["TableArn"]


def _role_arn(clients: Clients, region: str, role_name: str) -> str:
    return clients.iam(region).get_role(RoleName=role_name)["Role"]["Arn"]


def _function_arn(clients: Clients, region: str, function_name: str) -> str:
    return clients.lambda_(region).get_function_configuration(FunctionName=function_name)["FunctionArn"]


def _log_group_arn(clients: Clients, region: str, name: str) -> str:
    groups = clients.logs(region).describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return next(group["arn"] for group in groups if group["logGroupName"] == name)


def _topic_name(clients: Clients, region: str, topic_arn: str) -> str:
    response = clients.sns(region).get_topic_attributes(TopicArn=topic_arn)["Attributes"]["TopicArn"]
    return response.rpartition(":")[2]


_ATTRIBUTES: dict[tuple[str, str], Ask] = {
    ("AWS::DynamoDB::GlobalTable", "Arn"): _table_arn,
    ("AWS::IAM::Role", "Arn"): _role_arn,
    ("AWS::KMS::Key", "Arn"): _key_arn,
    ("AWS::KMS::Key", "KeyId"): _key_id,
    ("AWS::KMS::ReplicaKey", "Arn"): _key_arn,
    ("AWS::KMS::ReplicaKey", "KeyId"): _key_id,
    ("AWS::Lambda::Function", "Arn"): _function_arn,
    ("AWS::Logs::LogGroup", "Arn"): _log_group_arn,
    # no operation of S3 tells a bucket's ARN
    ("AWS::S3::Bucket", "Arn"): lambda _clients, _region, name: f"arn:aws:s3:::{name}",
    ("AWS::SNS::Topic", "TopicArn"): lambda _clients, _region, arn: arn,
    ("AWS::SNS::Topic", "TopicName"): _topic_name,
}
