"""How a thing is set up now, by its type: what two regions are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.probe import cloudwatch, dynamodb, iam, kms, lambda_, logs, s3, sns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .naming import Thing
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

Settings = dict[str, Any]


def _function(scene: Scene, thing: Thing) -> Settings:
    state = lambda_.function_state(scene.clients.lambda_(thing.region), thing.name)
    if state is None:
        return {}
    variables = {f"Environment.{name}": value for name, value in state.environment.items()}
    return {
        "Runtime": state.runtime,
        "Handler": state.handler,
        "Timeout": state.timeout,
        "MemorySize": state.memory,
        "Role": state.role_arn,
        "LogGroup": state.log_group,
        "ReservedConcurrentExecutions": state.reserved_concurrency,
        **variables,
    }


def _alarm(scene: Scene, thing: Thing) -> Settings:
    alarm = cloudwatch.alarms(scene.clients.cloudwatch(thing.region), [thing.name]).get(thing.name)
    if alarm is None:
        return {}
    return {
        "ActionsEnabled": alarm.actions_enabled,
        "AlarmActions": sorted(alarm.actions),
        "Metrics": {
            key: {
                "Metric": f"{each.namespace} {each.metric} {each.statistic} of {each.period} s",
                "Dimensions": dict(each.dimensions),
            }
            for key, each in alarm.watched.items()
        },
        "Expression": alarm.expression,
        "Threshold": f"{alarm.comparison} {alarm.threshold:g}",
        "Evaluation": f"{alarm.datapoints} of {alarm.evaluation_periods}",
        "TreatMissingData": alarm.missing_data,
    }


def _bucket(scene: Scene, thing: Thing) -> Settings:
    client = scene.clients.s3(thing.region)
    encryption, replication = s3.encryption(client, thing.name), s3.replication(client, thing.name)
    rules = () if replication is None else replication.rules
    return {
        "Versioning": s3.versioning(client, thing.name),
        "Encryption": None if encryption is None else encryption.algorithm,
        "EncryptionKey": None if encryption is None else encryption.key_arn,
        "BucketKey": None if encryption is None else encryption.bucket_key,
        "PublicAccessBlock": s3.public_access_flags(client, thing.name),
        "Policy": s3.policy(client, thing.name),
        "Replication": [
            {"Status": rule.status, "Prefix": rule.prefix, "KmsSelected": rule.selects_kms_encrypted}
            for rule in rules
        ],
    }


def _key(scene: Scene, thing: Thing) -> Settings:
    client = scene.clients.kms(thing.region)
    state = kms.key_state(client, thing.physical_id)
    if state is None:
        return {}
    return {
        "KeyState": state.state,
        "KeySpec": state.spec,
        "MultiRegion": state.multi_region_type is not None,
        "KeyPolicy": iam.document(kms.policy(client, state.arn)),
    }


def _role(scene: Scene, thing: Thing) -> Settings:
    policies = iam.policies(scene.clients.iam(thing.region), thing.name)
    return {f"Policy.{name}": document for name, document in policies.items()}


def _topic(scene: Scene, thing: Thing) -> Settings:
    attributes = sns.attributes(scene.clients.sns(thing.region), thing.physical_id)
    return {
        "KmsMasterKeyId": attributes.get("KmsMasterKeyId"),
        "Policy": iam.document(attributes.get("Policy", "{}")),
    }


def _log_group(scene: Scene, thing: Thing) -> Settings:
    return {"RetentionInDays": logs.retention_days(scene.clients.logs(thing.region), thing.physical_id)}


def _table(scene: Scene, thing: Thing) -> Settings:
    client = scene.clients.dynamodb(thing.region)
    state = dynamodb.table_state(client, thing.name)
    if state is None:
        return {}
    return {
        "BillingMode": state.billing_mode,
        "StreamViewType": state.stream_view_type,
        "SSEType": state.encryption.sse_type,
        "PointInTimeRecovery": dynamodb.point_in_time_recovery(client, thing.name),
    }


READERS: Mapping[str, Callable[[Scene, Thing], Settings]] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::DynamoDB::Table": _table,
    "AWS::IAM::Role": _role,
    "AWS::KMS::Key": _key,
    "AWS::KMS::ReplicaKey": _key,
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::S3::Bucket": _bucket,
    "AWS::SNS::Topic": _topic,
}
