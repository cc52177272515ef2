"""Removing one thing that a run made; a thing that is gone already is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from botocore.exceptions import ClientError

from .aws_errors import code_of, translate_errors
from .bucket import ObjectVersion, delete_versions, object_versions
from .drill import drill_of
from .ledger import (
    AlarmStateEntry,
    DocumentsEntry,
    Entry,
    ItemEntry,
    MuteRuleEntry,
    ObjectEntry,
    QueueEntry,
    StackTagEntry,
    SubscriptionEntry,
)
from .stack_tags import take_tag

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.literals import StateValueType

    from .clients import Clients

GONE = frozenset(
    {
        "ResourceNotFoundException",
        "ResourceNotFound",
        "NotFound",
        "NotFoundException",
        "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
    }
)
"""Codes that say that a thing, or what held it, does not exist."""


def remove(clients: Clients, entry: Entry, *, run_id: str) -> None:
    """Remove the thing. Raises ProbeError when AWS refuses."""
    with translate_errors(f"removing {entry}"):
        try:
            _remove(clients, entry, run_id)
        except ClientError as error:
            if code_of(error) not in GONE:
                raise


def _remove(clients: Clients, entry: Entry, run_id: str) -> None:
    match entry:
        case ItemEntry():
            key = {name: {kind: text} for name, kind, text in entry.key}
            clients.dynamodb(entry.region).delete_item(TableName=entry.table_name, Key=key)
        case ObjectEntry() | DocumentsEntry():
            delete_versions(clients.s3(entry.region), entry.bucket, versions_of(clients, entry))
        case QueueEntry():
            sqs = clients.sqs(entry.region)
            sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=entry.queue_name)["QueueUrl"])
        case SubscriptionEntry():
            _unsubscribe(clients, entry)
        case AlarmStateEntry():
            _restore(clients, entry, run_id)
        case StackTagEntry():
            take_tag(clients, entry)
        case MuteRuleEntry():
            clients.cloudwatch(entry.region).delete_alarm_mute_rule(AlarmMuteRuleName=entry.rule_name)


def versions_of(clients: Clients, entry: ObjectEntry | DocumentsEntry) -> tuple[ObjectVersion, ...]:
    """Return the versions and delete markers that an entry is about."""
    prefix = entry.key if isinstance(entry, ObjectEntry) else entry.prefix
    found = object_versions(clients.s3(entry.region), entry.bucket, prefix)
    return tuple(each for each in found if each.key == prefix) if isinstance(entry, ObjectEntry) else found


def _unsubscribe(clients: Clients, entry: SubscriptionEntry) -> None:
    sns = clients.sns(entry.region)
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=entry.topic_arn)
    found = [each for page in pages for each in page["Subscriptions"]]
    for subscription in found:
        arn = subscription.get("SubscriptionArn", "")
        if subscription.get("Endpoint") == entry.endpoint and arn.startswith("arn:"):
            sns.unsubscribe(SubscriptionArn=arn)


def _restore(clients: Clients, entry: AlarmStateEntry, run_id: str) -> None:
    """Set the state back, unless the alarm has returned by itself or another run's drill holds it."""
    cloudwatch = clients.cloudwatch(entry.region)
    found = cloudwatch.describe_alarms(AlarmNames=[entry.alarm_name])["MetricAlarms"]
    drill = drill_of(found[0].get("StateReason", "")) if found else None
    if drill is None or drill.run_id != run_id:
        return
    cloudwatch.set_alarm_state(
        AlarmName=entry.alarm_name,
        StateValue=cast("StateValueType", entry.state_before),
        StateReason=f"qa-restored {run_id}",
    )
