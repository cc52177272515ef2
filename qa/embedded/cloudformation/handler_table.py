"""The handlers of the resource types that callers other than the administrator may have made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .handler_rights import Asked, Handler, Phase, Right, passing, service_role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

READ_TABLE = (
    "DescribeTable DescribeContinuousBackups DescribeTimeToLive DescribeContributorInsights "
    "DescribeKinesisStreamingDestination ListTagsOfResource GetResourcePolicy"
)
READ_BUCKET = (
    "GetAccelerateConfiguration GetLifecycleConfiguration GetBucketPublicAccessBlock "
    "GetAnalyticsConfiguration GetBucketCORS GetEncryptionConfiguration GetInventoryConfiguration "
    "GetBucketLogging GetMetricsConfiguration GetBucketNotification GetBucketVersioning "
    "GetReplicationConfiguration GetBucketWebsite GetBucketObjectLockConfiguration GetBucketTagging "
    "GetBucketOwnershipControls GetIntelligentTieringConfiguration ListBucket"
)
SET_BUCKET = {
    "BucketEncryption": "PutEncryptionConfiguration",
    "VersioningConfiguration": "PutBucketVersioning",
    "PublicAccessBlockConfiguration": "PutBucketPublicAccessBlock",
    "OwnershipControls": "PutBucketOwnershipControls",
    "ReplicationConfiguration": "PutReplicationConfiguration",
    "Tags": "PutBucketTagging",
}
MAKE_REPLICA = (
    "CreateTable CreateTableReplica Query Scan GetItem PutItem UpdateItem DeleteItem BatchWriteItem"
)


def _topic(asked: Asked) -> str:
    return asked.arn("sns", asked.name.rpartition(":")[2])


def _role(asked: Asked) -> str:
    path = str(asked.properties.get("Path") or "/")
    return f"arn:aws:iam::{asked.account_id}:role{path}{asked.name}"


def _log_group(asked: Asked) -> str:
    return asked.arn("logs", f"log-group:{asked.name}:log-stream:")


def _log_group_tags(asked: Asked) -> Iterator[Right]:
    if asked.phase in (Phase.CREATED, Phase.UPDATE):
        resource = asked.arn("logs", f"log-group:{asked.name}")
        yield Right(action="logs:ListTagsForResource", resource=resource)


def _function_role(asked: Asked) -> Iterator[Right]:
    if asked.phase is not Phase.UPDATE or "Role" in asked.changed():
        yield from passing(asked, asked.properties.get("Role"), "lambda")


def _replication_role(asked: Asked) -> Iterator[Right]:
    if "ReplicationConfiguration" in asked.changed():
        told = asked.properties.get("ReplicationConfiguration") or {}
        yield from passing(asked, told.get("Role"), "s3")


def _key(asked: Asked) -> str:
    return asked.arn("kms", f"key/{asked.name.rpartition('/')[2]}")


def _multi_region_role(asked: Asked) -> Iterator[Right]:
    if asked.properties.get("MultiRegion") in (True, "true"):
        yield from service_role(
            asked, "mrk.kms.amazonaws.com", "AWSServiceRoleForKeyManagementServiceMultiRegionKeys"
        )


def _replicated(asked: Asked) -> Iterator[Right]:
    if asked.phase is Phase.CREATE:
        primary = str(asked.properties.get("PrimaryKeyArn"))
        yield Right(action="kms:ReplicateKey", resource=primary, context={"kms:ReplicaRegion": asked.region})


def _alias_target(asked: Asked) -> Iterator[Right]:
    """Yield the right on the key, which an alias needs besides the one on itself."""
    actions = {Phase.CREATE: "CreateAlias", Phase.UPDATE: "UpdateAlias", Phase.DELETE: "DeleteAlias"}
    if asked.phase in actions:
        told = str((asked.properties or asked.before).get("TargetKeyId"))
        arn = told if told.startswith("arn:") else asked.arn("kms", f"key/{told}")
        context = {"kms:RequestAlias": asked.name}
        yield Right(action=f"kms:{actions[asked.phase]}", resource=arn, context=context)


def _replicas(asked: Asked) -> Iterator[Right]:
    """Yield what a global table needs in each region where it has a replica."""
    told = (asked.properties or asked.before).get("Replicas") or ()
    for replica in told:
        region = str(replica.get("Region"))
        is_home = region == asked.region
        for action in _on_replica(asked.phase, is_home=is_home, replica=replica):
            resource = asked.arn("dynamodb", f"table/{asked.name}", region=region)
            yield Right(action=f"dynamodb:{action}", resource=resource)
    if asked.phase in (Phase.CREATED, Phase.UPDATE):
        for what in ("ScalableTargets", "ScalingPolicies", "ScheduledActions"):
            yield Right(action=f"application-autoscaling:Describe{what}")
    if len(told) > 1:
        yield from service_role(
            asked, "replication.dynamodb.amazonaws.com", "AWSServiceRoleForDynamoDBReplication"
        )


def _on_replica(phase: Phase, *, is_home: bool, replica: Mapping[str, object]) -> Iterator[str]:
    if phase is Phase.CREATE:
        yield from ("CreateTable UpdateTable" if is_home else MAKE_REPLICA).split()
        if "PointInTimeRecoverySpecification" in replica:
            yield "UpdateContinuousBackups"
        if "Tags" in replica:
            yield "TagResource"
    elif phase is Phase.DELETE:
        yield from ("DescribeTable DeleteTable" if is_home else "DeleteTable DeleteTableReplica").split()
    elif not is_home:
        yield from READ_TABLE.split()


HANDLERS: Mapping[str, Handler] = {
    "AWS::CloudWatch::Alarm": Handler(
        prefix="cloudwatch",
        arn=lambda asked: asked.arn("cloudwatch", f"alarm:{asked.name}"),
        create="PutMetricAlarm",
        read="DescribeAlarms ListTagsForResource",
        update="PutMetricAlarm",
        delete="DescribeAlarms DeleteAlarms",
        sets={"Tags": "TagResource"},
    ),
    "AWS::DynamoDB::GlobalTable": Handler(
        prefix="dynamodb",
        arn=lambda asked: asked.arn("dynamodb", f"table/{asked.name}"),
        create="",
        read=READ_TABLE,
        update="UpdateTable",
        delete="",
        more=_replicas,
    ),
    "AWS::IAM::Role": Handler(
        prefix="iam",
        arn=_role,
        create="CreateRole GetRole",
        read="GetRole ListAttachedRolePolicies ListRolePolicies GetRolePolicy",
        update="UpdateRole",
        delete="GetRole ListAttachedRolePolicies ListRolePolicies DeleteRolePolicy DeleteRole",
        sets={
            "Policies": "PutRolePolicy",
            "ManagedPolicyArns": "AttachRolePolicy",
            "Tags": "TagRole",
            "PermissionsBoundary": "PutRolePermissionsBoundary",
        },
        changes={
            "AssumeRolePolicyDocument": "UpdateAssumeRolePolicy",
            "ManagedPolicyArns": "AttachRolePolicy DetachRolePolicy",
            "PermissionsBoundary": "PutRolePermissionsBoundary DeleteRolePermissionsBoundary",
            "Policies": "PutRolePolicy DeleteRolePolicy",
            "Tags": "TagRole UntagRole",
        },
    ),
    "AWS::KMS::Alias": Handler(
        prefix="kms",
        arn=lambda asked: asked.arn("kms", asked.name),
        create="CreateAlias",
        read="ListAliases",
        update="UpdateAlias",
        delete="DeleteAlias",
        anywhere="ListAliases",
        more=_alias_target,
    ),
    "AWS::KMS::Key": Handler(
        prefix="kms",
        arn=_key,
        create="CreateKey",
        read="DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
        delete="DescribeKey ScheduleKeyDeletion",
        sets={"EnableKeyRotation": "EnableKeyRotation", "KeyPolicy": "PutKeyPolicy", "Tags": "TagResource"},
        changes={
            "Description": "UpdateKeyDescription",
            "Enabled": "EnableKey DisableKey",
            "EnableKeyRotation": "EnableKeyRotation DisableKeyRotation",
            "KeyPolicy": "PutKeyPolicy",
            "Tags": "TagResource UntagResource",
        },
        anywhere="CreateKey",
        is_named_by_service=True,
        more=_multi_region_role,
    ),
    "AWS::KMS::ReplicaKey": Handler(
        prefix="kms",
        arn=_key,
        create="CreateKey",
        read="DescribeKey GetKeyPolicy ListResourceTags",
        delete="DescribeKey ScheduleKeyDeletion",
        sets={"Tags": "TagResource"},
        changes={
            "Description": "UpdateKeyDescription",
            "Enabled": "EnableKey DisableKey",
            "KeyPolicy": "PutKeyPolicy",
            "Tags": "TagResource UntagResource",
        },
        anywhere="CreateKey",
        is_named_by_service=True,
        more=_replicated,
    ),
    "AWS::Lambda::Function": Handler(
        prefix="lambda",
        arn=lambda asked: asked.arn("lambda", f"function:{asked.name}"),
        create="CreateFunction GetFunction GetRuntimeManagementConfig",
        read="GetFunction GetFunctionCodeSigningConfig GetFunctionRecursionConfig",
        update="UpdateFunctionConfiguration",
        delete="GetFunction DeleteFunction",
        sets={"Tags": "TagResource"},
        changes={"Code": "UpdateFunctionCode", "Tags": "TagResource UntagResource"},
        more=_function_role,
    ),
    "AWS::Logs::LogGroup": Handler(
        prefix="logs",
        arn=_log_group,
        create="DescribeLogGroups CreateLogGroup",
        read="DescribeLogGroups GetDataProtectionPolicy DescribeIndexPolicies DescribeResourcePolicies",
        delete="DescribeLogGroups DeleteLogGroup",
        sets={"RetentionInDays": "PutRetentionPolicy", "Tags": "TagResource"},
        changes={
            "RetentionInDays": "PutRetentionPolicy DeleteRetentionPolicy",
            "Tags": "TagResource UntagResource",
        },
        anywhere="DescribeLogGroups DescribeResourcePolicies",
        more=_log_group_tags,
    ),
    "AWS::S3::Bucket": Handler(
        prefix="s3",
        arn=lambda asked: f"arn:aws:s3:::{asked.name}",
        create="CreateBucket",
        read=READ_BUCKET,
        delete="ListBucket DeleteBucket",
        sets=SET_BUCKET,
        changes=SET_BUCKET,
        more=_replication_role,
    ),
    "AWS::S3::BucketPolicy": Handler(
        prefix="s3",
        arn=lambda asked: f"arn:aws:s3:::{(asked.properties or asked.before).get('Bucket')}",
        create="GetBucketPolicy PutBucketPolicy",
        read="GetBucketPolicy",
        update="PutBucketPolicy",
        delete="GetBucketPolicy DeleteBucketPolicy",
    ),
    "AWS::SNS::Topic": Handler(
        prefix="sns",
        arn=_topic,
        create="CreateTopic GetTopicAttributes",
        read="GetTopicAttributes ListTagsForResource ListSubscriptionsByTopic GetDataProtectionPolicy",
        update="SetTopicAttributes",
        delete="GetTopicAttributes DeleteTopic",
        sets={
            "Tags": "TagResource",
            "Subscription": "Subscribe",
            "DataProtectionPolicy": "PutDataProtectionPolicy",
        },
        changes={"Tags": "TagResource UntagResource", "Subscription": "Subscribe Unsubscribe"},
    ),
}
