"""Mute rules hold actions back, not states."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from .conftest import alarm, history, state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedded.world import World

    from .conftest import Listener

EVERY_MINUTE = {"Schedule": {"Expression": "cron(* * * * *)", "Duration": "PT10M"}}


@pytest.fixture
def rule(watching: Any) -> Iterator[str]:
    name = f"qa-{uuid4().hex[:8]}"
    yield name
    watching.delete_alarm_mute_rule(AlarmMuteRuleName=name)


def ring(watching: Any, name: str, value: str = "ALARM") -> None:
    watching.set_alarm_state(AlarmName=name, StateValue=value, StateReason="qa-drill")


def test_a_rule_of_every_minute_is_active_at_once(
    world: World, watching: Any, rule: str, alarm_name: str
) -> None:
    expires = (world.clock.now() + timedelta(minutes=15)).replace(microsecond=0)
    watching.put_alarm_mute_rule(
        Name=rule, Rule=EVERY_MINUTE, MuteTargets={"AlarmNames": [alarm_name]}, ExpireDate=expires
    )

    found = watching.get_alarm_mute_rule(AlarmMuteRuleName=rule)
    del found["ResponseMetadata"], found["LastUpdatedTimestamp"]
    assert found == {
        "Name": rule,
        "AlarmMuteRuleArn": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:{rule}",
        "Rule": EVERY_MINUTE,
        "MuteTargets": {"AlarmNames": [alarm_name]},
        "ExpireDate": expires,
        "Status": "ACTIVE",
        "MuteType": "RECURRING",
    }


def test_a_muted_alarm_changes_state_and_tells_nobody(
    watching: Any, listener: Listener, rule: str, alarm_name: str
) -> None:
    watching.put_metric_alarm(**alarm(alarm_name, AlarmActions=[listener.topic_arn]))
    watching.put_alarm_mute_rule(Name=rule, Rule=EVERY_MINUTE, MuteTargets={"AlarmNames": [alarm_name]})

    ring(watching, alarm_name)

    assert state(watching, alarm_name) == "ALARM"
    assert listener.messages() == []
    assert history(watching, alarm_name, "Action") == []


def test_deleting_the_rule_of_a_ringing_alarm_runs_its_actions(
    watching: Any, listener: Listener, rule: str, alarm_name: str
) -> None:
    watching.put_metric_alarm(**alarm(alarm_name, AlarmActions=[listener.topic_arn]))
    watching.put_alarm_mute_rule(Name=rule, Rule=EVERY_MINUTE, MuteTargets={"AlarmNames": [alarm_name]})
    ring(watching, alarm_name)

    watching.delete_alarm_mute_rule(AlarmMuteRuleName=rule)

    assert [message["NewStateValue"] for message in listener.messages()] == ["ALARM"]


def test_deleting_the_rule_of_a_restored_alarm_runs_nothing(
    watching: Any, listener: Listener, rule: str, alarm_name: str
) -> None:
    watching.put_metric_alarm(
        **alarm(alarm_name, AlarmActions=[listener.topic_arn], OKActions=[listener.topic_arn])
    )
    watching.put_alarm_mute_rule(Name=rule, Rule=EVERY_MINUTE, MuteTargets={"AlarmNames": [alarm_name]})
    ring(watching, alarm_name)
    ring(watching, alarm_name, "OK")

    watching.delete_alarm_mute_rule(AlarmMuteRuleName=rule)

    assert listener.messages() == []


def test_a_rule_expires(world: World, watching: Any, rule: str) -> None:
    watching.put_alarm_mute_rule(
        Name=rule, Rule=EVERY_MINUTE, ExpireDate=world.clock.now() + timedelta(minutes=15)
    )

    world.clock.advance(15 * 60)

    assert watching.get_alarm_mute_rule(AlarmMuteRuleName=rule)["Status"] == "EXPIRED"


def test_a_rule_that_is_still_to_come_is_scheduled(world: World, watching: Any, rule: str) -> None:
    at = (world.clock.now() + timedelta(hours=1)).strftime("at(%Y-%m-%dT%H:%M)")
    watching.put_alarm_mute_rule(Name=rule, Rule={"Schedule": {"Expression": at, "Duration": "PT1H"}})

    found = watching.get_alarm_mute_rule(AlarmMuteRuleName=rule)
    assert (found["Status"], found["MuteType"]) == ("SCHEDULED", "ONE_TIME")


def test_rules_are_listed_by_alarm_and_status(watching: Any, rule: str, alarm_name: str) -> None:
    watching.put_alarm_mute_rule(Name=rule, Rule=EVERY_MINUTE, MuteTargets={"AlarmNames": [alarm_name]})

    def listed(**filters: Any) -> list[str]:
        found = watching.list_alarm_mute_rules(**filters)["AlarmMuteRuleSummaries"]
        return [each["AlarmMuteRuleArn"].rpartition(":")[2] for each in found]

    assert listed(AlarmName=alarm_name, Statuses=["ACTIVE"]) == [rule]
    assert listed(AlarmName=alarm_name, Statuses=["EXPIRED"]) == []


def test_a_rule_that_is_not_there_is_not_found(watching: Any) -> None:
    with pytest.raises(watching.exceptions.ResourceNotFoundException) as missing:
        watching.get_alarm_mute_rule(AlarmMuteRuleName="nothing")

    assert missing.value.response["Error"]["Message"] == "Alarm mute rule nothing does not exist"


def test_a_schedule_that_cannot_be_read_is_refused(watching: Any, rule: str) -> None:
    with pytest.raises(ClientError) as refused:
        watching.put_alarm_mute_rule(
            Name=rule, Rule={"Schedule": {"Expression": "rate(5 minutes)", "Duration": "PT1H"}}
        )

    assert (
        refused.value.response["Error"]["Message"] == "Schedule expression 'rate(5 minutes)' cannot be read."
    )
