"""How old the things are that runs left, as far as AWS reports it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from .aws_errors import code_of, translate_errors
from .drill import drill_of
from .ledger import AlarmStateEntry, Entry, MuteRuleEntry, ObjectEntry, QueueEntry
from .removal import GONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .clients import Clients


def young_runs(clients: Clients, found: Iterable[tuple[str, Entry]], *, before: datetime) -> frozenset[str]:
    """Return the runs that made something at or after `before`, or whose age is unknown.

    Items and subscriptions carry no time: a run that left only those counts as young.
    """
    newest: dict[str, datetime | None] = {}
    for run_id, entry in found:
        with translate_errors(f"age of {entry}"):
            made = _made_at(clients, entry)
        known = newest.setdefault(run_id, None)
        if made is not None:
            newest[run_id] = made if known is None else max(made, known)
    return frozenset(run_id for run_id, made in newest.items() if made is None or made >= before)


def _made_at(clients: Clients, entry: Entry) -> datetime | None:
    try:
        return _time_of(clients, entry)
    except ClientError as error:
        if code_of(error) in GONE:
            return None
        raise


def _time_of(clients: Clients, entry: Entry) -> datetime | None:
    match entry:
        case ObjectEntry():
            head = clients.s3(entry.region).list_object_versions(Bucket=entry.bucket, Prefix=entry.key)
            times = [each["LastModified"] for each in head.get("Versions", ())]
            return max(times, default=None)
        case QueueEntry():
            sqs = clients.sqs(entry.region)
            url = sqs.get_queue_url(QueueName=entry.queue_name)["QueueUrl"]
            attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["CreatedTimestamp"])
            return datetime.fromtimestamp(float(attributes["Attributes"]["CreatedTimestamp"]), UTC)
        case MuteRuleEntry():
            rule = clients.cloudwatch(entry.region).get_alarm_mute_rule(AlarmMuteRuleName=entry.rule_name)
            return rule.get("LastUpdatedTimestamp")
        case AlarmStateEntry():
            alarms = clients.cloudwatch(entry.region).describe_alarms(AlarmNames=[entry.alarm_name])
            drill = (
                drill_of(alarms["MetricAlarms"][0].get("StateReason", "")) if alarms["MetricAlarms"] else None
            )
            return None if drill is None else drill.deadline
    return None
