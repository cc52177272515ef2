"""Changes of the stack or the world, each of which takes away what one of the 31 promises."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.integration.promises import alarm_names

if TYPE_CHECKING:
    from tests.integration.sides import Side

    from .world import World

PROCESSOR = Path(__file__).parents[3] / "lib" / "transaction-processor.js"


def another_account(world: World) -> None:
    arn = world.east["SNSTopicArn"].replace(world.live.account, "999999999999")
    world.tell_outputs(PrimarySNSTopicArn=arn)


def stale_file(world: World) -> None:
    world.tell_outputs(SecondaryLambdaFunctionName="transaction-processor-of-last-week")


def lost_resource(world: World) -> None:
    """Take the throttle alarm of West out of its stack."""
    client = world.clients.cloudformation(world.west.region)
    response = client.get_template(StackName=world.west["StackName"], TemplateStage="Original")[
        "TemplateBody"
    ]
    template: Any = response  # the stubs say text, boto3 parses a JSON template
    del template["Resources"]["DynamoDBThrottleAlarmSecondary"]
    del template["Outputs"]["DynamoDBThrottleAlarmSecondaryName"]
    parameters = client.describe_stacks(StackName=world.west["StackName"])["Stacks"][0]["Parameters"]
    client.update_stack(
        StackName=world.west["StackName"],
        TemplateBody=json.dumps(template, separators=(",", ":")),
        Parameters=[{"ParameterKey": each["ParameterKey"], "UsePreviousValue": True} for each in parameters],
        Capabilities=["CAPABILITY_IAM"],
    )
    client.get_waiter("stack_update_complete").wait(
        StackName=world.west["StackName"], WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )


def short_timeout(world: World) -> None:
    world.clients.lambda_(world.west.region).update_function_configuration(
        FunctionName=world.west["LambdaFunctionName"], Timeout=3
    )


def take_right(world: World, side: Side, action: str) -> None:
    """Deny one action in the processor's role."""
    role_name = side["LambdaRoleArn"].rpartition("/")[2]
    statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
    world.clients.iam(side.region).put_role_policy(
        RoleName=role_name,
        PolicyName="taken",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def replace_in_code(world: World, side: Side, old: str, new: str) -> None:
    """Change the processor's source in one place."""
    source = PROCESSOR.read_text(encoding="utf-8")
    if old not in source:
        raise LookupError(f"the processor's source has no {old!r} to change")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", source.replace(old, new))
    world.clients.lambda_(side.region).update_function_code(
        FunctionName=side["LambdaFunctionName"], ZipFile=packed.getvalue()
    )


def no_validation(world: World) -> None:
    replace_in_code(world, world.east, "if (bad.length)", "if (false)")


def plaintext_log(world: World) -> None:
    replace_in_code(
        world, world.west, "const input = event ?? {};", "const input = event ?? {}; console.log(input);"
    )


def no_recovery(world: World) -> None:
    world.clients.dynamodb(world.west.region).update_continuous_backups(
        TableName=world.table_name,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
    )


def stop_replication(world: World, source: Side, target: Side) -> None:
    """Stop the table's replication in one direction."""
    world.control.start_fault(
        "replication-stopped", service="dynamodb", source=source.region, target=target.region
    )


def cut_off(world: World) -> None:
    stop_replication(world, world.east, world.west)
    stop_replication(world, world.west, world.east)


def lost_update(world: World) -> None:
    """Let West write an old copy over what it is told to change."""
    client = world.clients.dynamodb(world.west.region)
    client.meta.events.register("provide-client-params.dynamodb.UpdateItem", _drop_the_change)  # type: ignore[arg-type]  # an answer replaces the parameters


def _drop_the_change(params: dict[str, Any], **_: object) -> dict[str, Any]:
    return {**params, "ExpressionAttributeNames": {"#name": "elsewhere"}}


def resurrection(world: World) -> None:
    """Let somebody in West write the record again, right after it was deleted."""
    east, west = (world.clients.dynamodb(side.region) for side in (world.east, world.west))
    kept: dict[str, Any] = {}

    def keep(params: dict[str, Any], **_: object) -> None:
        kept["item"] = params["Item"]

    def write_again(**_: object) -> None:
        west.put_item(TableName=world.table_name, Item=kept["item"])

    east.meta.events.register("provide-client-params.dynamodb.PutItem", keep)
    east.meta.events.register("after-call.dynamodb.DeleteItem", write_again)


def alias_elsewhere(world: World) -> None:
    client = world.clients.kms(world.west.region)
    other = client.create_key()["KeyMetadata"]["KeyId"]
    client.update_alias(AliasName=world.west["KMSKeyAlias"], TargetKeyId=other)


def disabled_key(world: World) -> None:
    world.clients.kms(world.west.region).disable_key(KeyId=world.west["KMSKeyId"])


def context_ignored(world: World) -> None:
    """A KMS that binds nothing to its context."""

    def drop(params: dict[str, Any], **_: object) -> dict[str, Any]:
        return {name: value for name, value in params.items() if name != "EncryptionContext"}

    events = world.clients.kms(world.east.region).meta.events
    for operation in ("Encrypt", "Decrypt"):
        events.register(f"provide-client-params.kms.{operation}", drop)  # type: ignore[arg-type]  # as above


def single_region_keys(world: World) -> None:
    """Each side with a key of its own, and with outputs that say so: only the reach is missing."""
    arns = {}
    for side in (world.east, world.west):
        client = world.clients.kms(side.region)
        arn = client.create_key()["KeyMetadata"]["Arn"]
        client.update_alias(AliasName=side["KMSKeyAlias"], TargetKeyId=arn)
        arns[f"{side.name}KMSKeyArn"] = arn
    world.tell_outputs(**arns)


def default_table_key(world: World) -> None:
    world.clients.dynamodb(world.west.region).update_table(
        TableName=world.table_name, SSESpecification={"Enabled": False}
    )


def wrong_metric(world: World) -> None:
    """An alarm on UserErrors by table: there is no such series, so it never rings."""
    name = alarm_names(world.east)["DynamoDBThrottleAlarm"]
    world.clients.cloudwatch(world.east.region).put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/DynamoDB",
        MetricName="UserErrors",
        Dimensions=[{"Name": "TableName", "Value": world.table_name}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=3,
        DatapointsToAlarm=2,
        Threshold=5,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[world.east["SNSTopicArn"]],
    )


def ringing(world: World) -> None:
    world.clients.cloudwatch(world.west.region).set_alarm_state(
        AlarmName=alarm_names(world.west)["ReplicationLatencyAlarm"],
        StateValue="ALARM",
        StateReason="240000 ms is greater than the threshold",
    )


def stuck_alarms(world: World) -> None:
    world.control.change_settings(alarm_interval=3600.0)


def dropped_messages(world: World) -> None:
    """A topic under alias/aws/sns drops what alarms send, and says nothing."""
    world.clients.sns(world.west.region).set_topic_attributes(
        TopicArn=world.west["SNSTopicArn"], AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns"
    )


def suspended_versions(world: World) -> None:
    client, bucket = world.clients.s3(world.west.region), world.west["DocumentsBucketName"]
    client.delete_bucket_replication(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def no_right_to_replicate(world: World) -> None:
    role_name = world.east["ReplicationRoleArn"].rpartition("/")[2]
    statement = {"Effect": "Deny", "Action": "s3:ReplicateObject", "Resource": "*"}
    world.clients.iam(world.east.region).put_role_policy(
        RoleName=role_name,
        PolicyName="taken",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def encrypted_not_selected(world: World) -> None:
    client, bucket = world.clients.s3(world.west.region), world.west["DocumentsBucketName"]
    response = client.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    for rule in response["Rules"]:
        rule.pop("SourceSelectionCriteria", None)
        rule["Destination"].pop("EncryptionConfiguration", None)
    client.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=response)
    world.prepare()


def one_bucket(world: World) -> None:
    """One bucket behind both names: what is destroyed there is gone."""
    world.prepare()
    world.tell_outputs(SecondaryDocumentsBucketName=world.east["DocumentsBucketName"])


def long_lag(world: World) -> None:
    world.control.change_settings(table_replication_lag=7.0)
    world.patience = 20.0


def single_region_ciphertext(world: World) -> None:
    """Let East's processor encrypt with a key of East alone."""
    client = world.clients.kms(world.east.region)
    key = client.create_key()["KeyMetadata"]["Arn"]
    functions = world.clients.lambda_(world.east.region)
    name = world.east["LambdaFunctionName"]
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**variables, "KMS_KEY_ID": key}}
    )
    allow = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": key}
    world.clients.iam(world.east.region).put_role_policy(
        RoleName=world.east["LambdaRoleArn"].rpartition("/")[2],
        PolicyName="single-region",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
    )


def no_tls_policy(world: World) -> None:
    world.clients.s3(world.west.region).delete_bucket_policy(Bucket=world.west["DocumentsBucketName"])


def star_policy(world: World) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    world.clients.iam(world.west.region).put_role_policy(
        RoleName=world.west["LambdaRoleArn"].rpartition("/")[2],
        PolicyName="star",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
