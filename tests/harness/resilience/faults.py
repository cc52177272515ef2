"""Seeded faults, one for each promise: in force inside the block, and taken back at its end."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import WaiterError

from .stack import HANDLER
from .trial import HERE, THERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .trial import Trial


@contextmanager
def stopped_replication(trial: Trial, source: str, target: str) -> Iterator[None]:
    """Stop the replication of tables in one direction."""
    fault = stop_replication(trial, source, target)
    try:
        yield
    finally:
        trial.control.end_fault(fault)


def stop_replication(trial: Trial, source: str, target: str) -> int:
    """Stop the replication of tables in one direction and return the fault's ID."""
    return trial.control.start_fault("replication-stopped", service="dynamodb", source=source, target=target)


@contextmanager
def disabled_replica_key(trial: Trial) -> Iterator[None]:
    """Disable the replica of the key."""
    client = trial.clients.kms(THERE)
    key = trial.physical("DataKeyReplica", THERE)
    client.disable_key(KeyId=key)
    try:
        yield
    finally:
        client.enable_key(KeyId=key)


@contextmanager
def narrower_policy(trial: Trial) -> Iterator[None]:
    """Let nobody decrypt under the replica."""
    client, key = trial.clients.kms(THERE), trial.physical("DataKeyReplica", THERE)
    before = client.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    document = json.loads(before)
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*"}
    document["Statement"].append(deny)
    client.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))
    try:
        yield
    finally:
        client.put_key_policy(KeyId=key, PolicyName="default", Policy=before)


@contextmanager
def denied(trial: Trial, role: str, action: str, region: str = THERE) -> Iterator[None]:
    """Take a right from a role."""
    client, name = trial.clients.iam(region), trial.physical(role, region)
    statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client.put_role_policy(RoleName=name, PolicyName="taken", PolicyDocument=document)
    try:
        yield
    finally:
        client.delete_role_policy(RoleName=name, PolicyName="taken")


@contextmanager
def key_of_topic(trial: Trial, key: str) -> Iterator[None]:
    """Encrypt the topic under a key that CloudWatch may not use."""
    client, topic = trial.clients.sns(THERE), trial.physical("AlarmTopic", THERE)

    def encrypt(value: str) -> None:
        client.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=value)

    encrypt(key)
    try:
        yield
    finally:
        encrypt("")


@contextmanager
def variable(trial: Trial, name: str, value: str, region: str = THERE) -> Iterator[None]:
    """Change a variable of a region's function."""
    client, function = trial.clients.lambda_(region), trial.physical("ApiFunction", region)
    before = client.get_function_configuration(FunctionName=function)["Environment"]["Variables"]

    def put(variables: dict[str, str]) -> None:
        client.update_function_configuration(FunctionName=function, Environment={"Variables": variables})

    put({**before, name: value})
    try:
        yield
    finally:
        put(before)


@contextmanager
def updated_stack(trial: Trial, change: Any) -> Iterator[None]:
    """Update the second region's stack to a changed template."""
    client, name = trial.clients.cloudformation(THERE), trial.live.deployment.stack_name
    response: Any = client.get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
    before = json.dumps(response)
    document = json.loads(before)
    change(document)
    update(trial, json.dumps(document))
    try:
        yield
    finally:
        update(trial, before)


def update(trial: Trial, body: str) -> None:
    """Update the second region's stack and wait for it."""
    client, name = trial.clients.cloudformation(THERE), trial.live.deployment.stack_name
    parameters = client.describe_stacks(StackName=name)["Stacks"][0]["Parameters"]
    client.update_stack(
        StackName=name,
        TemplateBody=body,
        Parameters=[{"ParameterKey": each["ParameterKey"], "UsePreviousValue": True} for each in parameters],
        Capabilities=["CAPABILITY_IAM"],
    )
    client.get_waiter("stack_update_complete").wait(
        StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )


@contextmanager
def lone_keys(trial: Trial) -> Iterator[str]:
    """Make a key of one region alone in each region, under one alias, and yield the alias."""
    alias = "alias/qa-lone"
    for region in (HERE, THERE):
        client = trial.clients.kms(region)
        client.create_alias(AliasName=alias, TargetKeyId=client.create_key()["KeyMetadata"]["KeyId"])
    try:
        yield alias
    finally:
        for region in (HERE, THERE):
            trial.clients.kms(region).delete_alias(AliasName=alias)


@contextmanager
def allowed(trial: Trial, role: str, action: str, region: str = THERE) -> Iterator[None]:
    """Give a role one right on everything."""
    client, name = trial.clients.iam(region), trial.physical(role, region)
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client.put_role_policy(RoleName=name, PolicyName="given", PolicyDocument=document)
    try:
        yield
    finally:
        client.delete_role_policy(RoleName=name, PolicyName="given")


@contextmanager
def stuck_after_return(trial: Trial, source: str, target: str) -> Iterator[None]:
    """Stop the replication to a region with the second item that is written: the one during its loss."""
    events = trial.clients.dynamodb(source).meta.events
    puts = itertools.count(1)
    started: list[int] = []

    def stop(**_: object) -> None:
        if next(puts) == 2:
            started.append(stop_replication(trial, source, target))

    events.register("before-call.dynamodb.PutItem", stop)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb.PutItem", stop)
        for fault in started:
            trial.control.end_fault(fault)


@contextmanager
def rolled_back(trial: Trial) -> Iterator[None]:
    """Update the second region's stack to a role that cannot be made."""
    client, name = trial.clients.cloudformation(THERE), trial.live.deployment.stack_name
    response: Any = client.get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
    before = json.dumps(response)
    document = json.loads(before)
    document["Resources"]["AlarmTopic"]["Properties"]["KmsMasterKeyId"] = "alias/none"
    document["Resources"]["DeadLetterAlarm"]["Properties"]["Period"] = 7
    with suppress(WaiterError):
        update(trial, json.dumps(document))
    try:
        yield
    finally:
        document = json.loads(before)
        document["Resources"]["AlarmTopic"]["Properties"]["DisplayName"] = "again"  # else nothing to update
        update(trial, json.dumps(document))


@contextmanager
def no_recovery(trial: Trial) -> Iterator[None]:
    """Switch point-in-time recovery off in the second region."""
    client = trial.clients.dynamodb(THERE)

    def switch(*, on: bool) -> None:
        client.update_continuous_backups(
            TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": on}
        )

    switch(on=False)
    try:
        yield
    finally:
        switch(on=True)


@contextmanager
def subscribed(trial: Trial, queues_in: str | None = None) -> Iterator[None]:
    """Subscribe a queue to the topic of each region."""
    made = []
    for region in (HERE, THERE):
        queue = f"arn:aws:sqs:{queues_in or region}:123456789012:ops"
        arn = trial.clients.sns(region).subscribe(
            TopicArn=trial.physical("AlarmTopic", region),
            Protocol="sqs",
            Endpoint=queue,
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        made.append((region, arn))
    try:
        yield
    finally:
        for region, arn in made:
            trial.clients.sns(region).unsubscribe(SubscriptionArn=arn)


def settings_of_alarm(trial: Trial) -> Any:
    """Return what makes the second region's alarm again."""
    client, name = trial.clients.cloudwatch(THERE), trial.physical("DeadLetterAlarm", THERE)
    before: Any = client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    settings = [
        *("AlarmName", "Namespace", "MetricName", "Dimensions", "Statistic", "Period", "AlarmActions"),
        *("EvaluationPeriods", "Threshold", "ComparisonOperator", "TreatMissingData"),
    ]
    return {key: before[key] for key in settings}


@contextmanager
def alarm_on(trial: Trial, metric: str, dimensions: dict[str, str]) -> Iterator[None]:
    """Let the second region's alarm watch something else."""
    client = trial.clients.cloudwatch(THERE)
    kept = settings_of_alarm(trial)
    client.put_metric_alarm(
        **{
            **kept,
            "MetricName": metric,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        }
    )
    try:
        yield
    finally:
        client.put_metric_alarm(**kept)


@contextmanager
def changed_code(trial: Trial, old: str, new: str) -> Iterator[None]:
    """Change the code of the second region's function."""
    client, name = trial.clients.lambda_(THERE), trial.physical("ApiFunction", THERE)

    def put(source: str) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("index.js", source)
        client.update_function_code(FunctionName=name, ZipFile=packed.getvalue())

    put(HANDLER.replace(old, new))
    try:
        yield
    finally:
        put(HANDLER)


@contextmanager
def timeout(trial: Trial, seconds: int) -> Iterator[None]:
    """Change the timeout of the second region's function."""
    client, name = trial.clients.lambda_(THERE), trial.physical("ApiFunction", THERE)
    before = client.get_function_configuration(FunctionName=name)["Timeout"]
    client.update_function_configuration(FunctionName=name, Timeout=seconds)
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=name, Timeout=before)


@contextmanager
def lost_topic(trial: Trial) -> Iterator[None]:
    """Delete the second region's topic behind the back of its stack, whose updates then fail."""
    client, topic = trial.clients.sns(THERE), trial.physical("AlarmTopic", THERE)
    client.delete_topic(TopicArn=topic)
    try:
        yield
    finally:
        client.create_topic(Name=topic.rpartition(":")[2])
