"""What an alarm publishes to an SNS topic, and whether it may."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moto.core.exceptions import JsonRESTError, ServiceException
from moto.kms.models import kms_backends
from moto.sns.models import sns_backends

from qa.embedded.regions import long_name
from qa.embedded.world import Caller, Question
from qa.errors import QaError

from .description import trigger
from .evaluation import iso

if TYPE_CHECKING:
    from moto.cloudwatch.models import Alarm

    from qa.embedded.world import World

CLOUDWATCH = Caller(service="cloudwatch.amazonaws.com")
MANAGED_KEY = "alias/aws/sns"
NO_KEY = "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."
NO_TOPIC = "Resource: {arn} does not exist."
NO_RIGHT = "CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: {arn}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One change of state as subscribers hear it; the alarm may have moved on when it is sent."""

    subject: str
    body: str


def announce(world: World, alarm: Alarm, old_state: str) -> Announcement:
    """Put the alarm's present state into words. Hold the alarms' lock."""
    subject = f'{alarm.state_value}: "{alarm.name}" in {long_name(alarm.region_name)}'
    return Announcement(subject=subject[:100], body=message(world, alarm, old_state))


def notify(world: World, alarm: Alarm, topic_arn: str, announcement: Announcement) -> str | None:
    """Publish a change of state to a topic; return the error when nothing was published."""
    try:
        return _publish(world, alarm, topic_arn, announcement)
    except (JsonRESTError, ServiceException) as refused:
        return str(refused.message)
    except QaError as not_modelled:  # a policy says something that the judge cannot judge
        return str(not_modelled)


def _publish(world: World, alarm: Alarm, topic_arn: str, announcement: Announcement) -> str | None:
    region = topic_arn.split(":")[3]
    backend = sns_backends[world.account_id][region]
    topic = backend.topics.get(topic_arn)
    if topic is None:
        return NO_TOPIC.format(arn=topic_arn)
    if not _is_allowed(world, alarm, "sns:Publish", topic_arn):
        return NO_RIGHT.format(arn=topic_arn)
    if topic.kms_master_key_id and not _may_encrypt(world, alarm, topic.kms_master_key_id, region):
        return NO_KEY
    with world.authorizer.acting_as(CLOUDWATCH):
        backend.publish(announcement.body, arn=topic_arn, subject=announcement.subject)
    return None


def message(world: World, alarm: Alarm, old_state: str) -> str:
    """Return the JSON text that the topic's subscribers get."""
    return json.dumps(
        {
            "AlarmName": alarm.name,
            "AlarmDescription": alarm.description,
            "AWSAccountId": world.account_id,
            "AlarmConfigurationUpdatedTimestamp": iso(alarm.configuration_updated_timestamp.timestamp()),
            "NewStateValue": alarm.state_value,
            "NewStateReason": alarm.state_reason,
            "StateChangeTime": iso(alarm.state_updated_timestamp.timestamp()),
            "Region": long_name(alarm.region_name),
            "AlarmArn": alarm.alarm_arn,
            "OldStateValue": old_state,
            "OKActions": list(alarm.ok_actions),
            "AlarmActions": list(alarm.alarm_actions),
            "InsufficientDataActions": list(alarm.insufficient_data_actions),
            "Trigger": trigger(alarm),
        }
    )


def _is_allowed(world: World, alarm: Alarm, action: str, resource: str) -> bool:
    question = Question(
        caller=CLOUDWATCH,
        action=action,
        resource=resource,
        region=resource.split(":")[3],
        context={
            "aws:SourceArn": alarm.alarm_arn,
            "aws:SourceAccount": world.account_id,
            "aws:SourceOwner": world.account_id,
        },
    )
    return world.authorizer.decide(question).allowed


def _may_encrypt(world: World, alarm: Alarm, key_id: str, region: str) -> bool:
    try:
        key = kms_backends[world.account_id][region].describe_key(key_id)
    except (JsonRESTError, KeyError):
        return False
    # the policy of a key that AWS manages lets no other service in, and nobody can change it
    if key_id == MANAGED_KEY or MANAGED_KEY in getattr(key, "aliases", ()) or key.key_manager == "AWS":
        return False
    return all(_is_allowed(world, alarm, f"kms:{verb}", key.arn) for verb in ("Decrypt", "GenerateDataKey"))
