"""Finding what runs left behind when no ledger has it: by the run ID that every thing carries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from .aws_errors import code_of, translate_errors
from .bucket import object_versions
from .drill import drill_of
from .ledger import (
    AlarmStateEntry,
    Entry,
    ItemEntry,
    MuteRuleEntry,
    ObjectEntry,
    QueueEntry,
    SubscriptionEntry,
)
from .live import find_stack
from .removal import GONE
from .run import RUN_PREFIX, run_id_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .clients import Clients
    from .project import Deployment

NO_SUCH_OPERATION = frozenset(
    {"UnknownOperationException", "UnknownOperation", "InvalidAction", "NotImplemented"}
)
TABLE_TYPES = frozenset({"AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"})

Physical = tuple[str, str]
"""Resource type and physical ID."""


def find_leftovers(
    clients: Clients, deployment: Deployment, document_prefixes: Sequence[str]
) -> Iterator[tuple[str, Entry]]:
    """Yield run ID and thing for all that carries a run ID, in both regions.

    Looks at queues and mute rules of the account, and into the tables, buckets, topics and alarms of the
    deployment's stacks. A drill counts once its deadline is over.
    """
    tables: set[str] = set()
    for region in deployment.region_names:
        found = [
            each
            for place in deployment.places_in(region)
            for each in stack_resources(clients, region, place.stack_name)
        ]
        tables |= {
            name for kind, name in found if kind in {"AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"}
        }
        with translate_errors(f"looking for leftovers in {region}"):
            yield from _documents(clients, region, _of(found, "AWS::S3::Bucket"), document_prefixes)
            for topic_arn in _of(found, "AWS::SNS::Topic"):
                yield from _unless_gone(_subscriptions(clients, region, topic_arn))
            yield from _drills(clients, region, _of(found, "AWS::CloudWatch::Alarm"))
            yield from _queues(clients, region)
            yield from _mute_rules(clients, region)
    for table_name in sorted(tables):
        for region in deployment.region_names:
            with translate_errors(f"looking for leftovers in table {table_name!r} in {region}"):
                yield from _unless_gone(_items(clients, region, table_name))


def stack_resources(clients: Clients, region: str, stack_name: str) -> tuple[Physical, ...]:
    """Return what a stack holds; nothing when there is no such stack."""
    if find_stack(clients, region, stack_name) is None:
        return ()
    with translate_errors(f"resources of stack {stack_name!r} in {region}"):
        pages = clients.cloudformation(region).get_paginator("list_stack_resources")
        return tuple(
            (each["ResourceType"], each.get("PhysicalResourceId", ""))
            for page in pages.paginate(StackName=stack_name)
            for each in page["StackResourceSummaries"]
            if each.get("PhysicalResourceId") and each["ResourceStatus"] != "DELETE_COMPLETE"
        )


def _unless_gone(found: Iterator[tuple[str, Entry]]) -> Iterator[tuple[str, Entry]]:
    """Yield what is found in a resource; nothing in one that somebody removed behind its stack's back."""
    try:
        yield from found
    except ClientError as error:
        if code_of(error) not in GONE:
            raise


def _of(found: Sequence[Physical], resource_type: str) -> list[str]:
    return [name for kind, name in found if kind == resource_type]


def _starting_run(name: str) -> str | None:
    run_id = run_id_in(name)
    return run_id if run_id is not None and name.startswith(run_id) else None


def _documents(
    clients: Clients, region: str, buckets: Sequence[str], prefixes: Sequence[str]
) -> Iterator[tuple[str, Entry]]:
    for bucket in buckets:
        keys = {
            each.key for prefix in prefixes for each in object_versions(clients.s3(region), bucket, prefix)
        }
        for key in sorted(keys):
            if run_id := run_id_in(key):
                yield run_id, ObjectEntry(region=region, bucket=bucket, key=key)


def _subscriptions(clients: Clients, region: str, topic_arn: str) -> Iterator[tuple[str, Entry]]:
    pages = clients.sns(region).get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    for page in pages:
        for each in page["Subscriptions"]:
            endpoint = each.get("Endpoint", "")
            run_id = _starting_run(endpoint.rpartition(":")[2])
            if run_id is not None and each.get("Protocol") == "sqs":
                yield run_id, SubscriptionEntry(region=region, topic_arn=topic_arn, endpoint=endpoint)


def _drills(clients: Clients, region: str, alarms: Sequence[str]) -> Iterator[tuple[str, Entry]]:
    if not alarms:
        return  # without names DescribeAlarms would tell of every alarm of the account
    for page in clients.cloudwatch(region).get_paginator("describe_alarms").paginate(AlarmNames=alarms):
        for alarm in page["MetricAlarms"]:
            drill = drill_of(alarm.get("StateReason", ""))
            if drill is not None and drill.is_over(datetime.now(UTC)):
                yield (
                    drill.run_id,
                    AlarmStateEntry(
                        region=region, alarm_name=alarm.get("AlarmName", ""), state_before=drill.state_before
                    ),
                )


def _queues(clients: Clients, region: str) -> Iterator[tuple[str, Entry]]:
    for page in clients.sqs(region).get_paginator("list_queues").paginate(QueueNamePrefix=RUN_PREFIX):
        for url in page.get("QueueUrls", ()):
            name = url.rpartition("/")[2]
            if run_id := _starting_run(name):
                yield run_id, QueueEntry(region=region, queue_name=name)


def _mute_rules(clients: Clients, region: str) -> Iterator[tuple[str, Entry]]:
    try:
        pages = list(clients.cloudwatch(region).get_paginator("list_alarm_mute_rules").paginate())
    except ClientError as error:
        if code_of(error) in NO_SUCH_OPERATION:
            return  # an endpoint without mute rules: no run can have made one there
        raise
    for page in pages:
        for each in page["AlarmMuteRuleSummaries"]:
            name = each.get("AlarmMuteRuleArn", "").rpartition(":")[2]
            if run_id := _starting_run(name):
                yield run_id, MuteRuleEntry(region=region, rule_name=name)


def _items(clients: Clients, region: str, table_name: str) -> Iterator[tuple[str, Entry]]:
    dynamodb = clients.dynamodb(region)
    schema = dynamodb.describe_table(TableName=table_name)["Table"].get("KeySchema", ())
    names = {f"#k{number}": each["AttributeName"] for number, each in enumerate(schema)}
    hash_key = next(each["AttributeName"] for each in schema if each["KeyType"] == "HASH")
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table_name,
        ProjectionExpression=", ".join(names),
        FilterExpression="begins_with(#k0, :prefix)",
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={":prefix": {"S": RUN_PREFIX}},
    )
    for page in pages:
        for item in page["Items"]:
            key = {name: {kind: str(text) for kind, text in value.items()} for name, value in item.items()}
            if run_id := _starting_run(key[hash_key].get("S", "")):
                yield run_id, ItemEntry.of(region=region, table_name=table_name, key=key)
