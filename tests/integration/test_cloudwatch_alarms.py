"""The alarms: each watches the right thing, none is ringing or disarmed, and one that rings is heard."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qa.probe import cloudwatch, sns, sqs
from qa.probe.cloudwatch import AlarmState, Watched
from qa.probe.errors import RefusedError
from qa.resilience.drills import Drilled
from qa.stack.ledger import MuteRuleEntry, QueueEntry, SubscriptionEntry
from qa.wait import until

from .promises import alarm_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.live.handover import Live
    from qa.stack.clients import Clients
    from qa.stack.drill import Drill
    from qa.stack.run import Run

    from .sides import Side, Sides

pytestmark = pytest.mark.xdist_group("alarms")

MUTE_MINUTES = 10
UNKNOWN_OPERATION = ("UnknownOperationException", "InvalidAction", "UnknownOperation", "NotImplemented")


def lambda_alarm(metric: str, function_name: str) -> tuple[dict[str, Watched], str | None]:
    watched = Watched(
        namespace="AWS/Lambda",
        metric=metric,
        dimensions={"FunctionName": function_name},
        statistic="Sum",
        period=60,
    )
    return {"": watched}, None


def wanted_watching(side: Side, other_region: str) -> dict[str, tuple[dict[str, Watched], str | None]]:
    """Return what each kind of alarm is to watch, and the expression that it computes, if any."""
    table_name = side.outputs["TransactionsTableName"]

    def throttles(metric: str) -> Watched:
        return Watched(
            namespace="AWS/DynamoDB",
            metric=metric,
            dimensions={"TableName": table_name},
            statistic="Sum",
            period=60,
        )

    latency = Watched(
        namespace="AWS/DynamoDB",
        metric="ReplicationLatency",
        dimensions={"TableName": table_name, "ReceivingRegion": other_region},
        statistic="Average",
        period=300,
    )
    return {
        "LambdaErrorAlarm": lambda_alarm("Errors", side["LambdaFunctionName"]),
        "LambdaThrottleAlarm": lambda_alarm("Throttles", side["LambdaFunctionName"]),
        "DynamoDBThrottleAlarm": (
            {"reads": throttles("ReadThrottleEvents"), "writes": throttles("WriteThrottleEvents")},
            "reads + writes",
        ),
        "ReplicationLatencyAlarm": ({"": latency}, None),
    }


# comparison, threshold, of how many periods, in how many data points
THRESHOLDS = {
    "LambdaErrorAlarm": ("GreaterThanOrEqualToThreshold", 5.0, 3, 2),
    "LambdaThrottleAlarm": ("GreaterThanOrEqualToThreshold", 5.0, 3, 2),
    "DynamoDBThrottleAlarm": ("GreaterThanOrEqualToThreshold", 5.0, 3, 2),
    "ReplicationLatencyAlarm": ("GreaterThanThreshold", 180_000.0, 1, 1),
}


def alarms_of(clients: Clients, side: Side) -> dict[str, AlarmState]:
    """Return the side's alarms by kind; AssertionError for one that is not there."""
    names = alarm_names(side)
    found = cloudwatch.alarms(clients.cloudwatch(side.region), list(names.values()))
    missing = sorted(set(names.values()) - set(found))
    assert missing == [], f"alarms that {side.region} does not have"
    return {kind: found[name] for kind, name in names.items()}


@pytest.mark.qa_check("A1", "both")
def test_each_alarm_watches_the_right_metric_of_the_regions_own_resource(
    clients: Clients,
    sides: Sides,
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        side = sides.of(region)
        found = alarms_of(clients, side)
        watching = {kind: (dict(alarm.watched), alarm.expression) for kind, alarm in found.items()}
        assert watching == wanted_watching(side, sides.other(region).region)
        thresholds = {
            kind: (alarm.comparison, alarm.threshold, alarm.evaluation_periods, alarm.datapoints)
            for kind, alarm in found.items()
        }
        assert thresholds == THRESHOLDS
        assert {kind: alarm.actions for kind, alarm in found.items()} == dict.fromkeys(
            found, (side["SNSTopicArn"],)
        )

    in_each_region(check)


@pytest.mark.qa_check("A2", "both")
def test_no_alarm_is_ringing_or_disarmed(
    clients: Clients,
    sides: Sides,
    run: Run,
    every: float,
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        side = sides.of(region)
        disarmed = [alarm.name for alarm in alarms_of(clients, side).values() if not alarm.actions_enabled]
        assert disarmed == [], f"alarms in {region} whose actions are off"
        for name in alarm_names(side).values():
            drilled = Drilled(client=clients.cloudwatch(region), alarm_name=name, run=run, every=every)
            # INSUFFICIENT_DATA is the health of an alarm on a table that nobody throttles
            drilled.at_rest()

    in_each_region(check)


@pytest.fixture(scope="session")
def every(live: Live) -> float:
    """Seconds between two looks at an alarm: on AWS its history may be read 3 times a second by all."""
    return 0.2 if live.target.is_local else 2.0


@pytest.mark.qa_check("A3", "both")
def test_an_alarm_goes_to_alarm_and_comes_back_and_its_history_shows_both(
    clients: Clients,
    sides: Sides,
    run: Run,
    every: float,
    deadline: Callable[[str], float],
    in_each_region: Callable[[Callable[[str], None]], None],
    not_exercised: Callable[[str], None],
) -> None:
    def check(region: str) -> None:
        side = sides.of(region)
        name = alarm_names(side)["LambdaErrorAlarm"]
        drilled = Drilled(client=clients.cloudwatch(region), alarm_name=name, run=run, every=every)
        with muted(drilled, within=deadline("A3")) as is_muted:
            if not is_muted and (who := people_without_consent(clients, side)):
                not_exercised(f"{region} cannot mute alarms, and {who} would be paged")
                return
            drill = drilled.begin(within=deadline("A3"))
            try:
                assert_rings_and_returns(drilled, drill, deadline("A3 back"))
            finally:
                drilled.end(drill)

    in_each_region(check)


def assert_rings_and_returns(drilled: Drilled, drill: Drill, within: float) -> None:
    """Assert that the history shows our ALARM, and after it the return that nobody asked for."""
    __tracebackhide__ = True
    history = until(
        drilled.history,
        lambda seen: any(change.old == "ALARM" for change in since(seen, drill)),
        what=f"history since the drill of {drilled.alarm_name!r} in {drilled.region}",
        within=within,
        every=drilled.every,
    )
    ours = since(history, drill)
    assert (ours[-1].old, ours[-1].new) == (drill.state_before, "ALARM")


def since(history: tuple[cloudwatch.Transition, ...], drill: Drill) -> tuple[cloudwatch.Transition, ...]:
    """Return the changes from our own on, newest first; none if ours is not there."""
    for index, change in enumerate(history):
        if change.reason == drill.reason:
            return history[: index + 1]
    return ()


@contextmanager
def muted(drilled: Drilled, *, within: float) -> Iterator[bool]:
    """Keep the alarm's actions from running inside the block; False where AWS's API has no mute rules."""
    rule_name = f"{drilled.run.run_id}-{drilled.alarm_name}"
    entry = MuteRuleEntry(region=drilled.region, rule_name=rule_name)
    drilled.run.ledger.will_make(entry)
    try:
        cloudwatch.put_mute_rule(
            drilled.client,
            rule_name,
            drilled.alarm_name,
            minutes=MUTE_MINUTES,
            until=datetime.now(UTC) + timedelta(minutes=MUTE_MINUTES + 5),
        )
    except RefusedError as refused:
        if refused.code not in UNKNOWN_OPERATION:
            raise
        drilled.run.ledger.removed(entry)
        yield False
        return
    try:
        until(
            lambda: cloudwatch.mute_rule_status(drilled.client, rule_name),
            lambda status: status == "ACTIVE",
            what=f"mute rule {rule_name!r} in {drilled.region}",
            within=within,
            every=drilled.every,
        )
        yield True
    finally:
        cloudwatch.delete_mute_rule(drilled.client, rule_name)
        drilled.run.ledger.removed(entry)


def people_without_consent(clients: Clients, side: Side) -> str | None:
    """Return who would be paged by the side's topic and has not agreed to it; None if nobody."""
    client, topic_arn = clients.sns(side.region), side["SNSTopicArn"]
    people = [each for each in sns.subscriptions(client, topic_arn) if each.reaches_a_person]
    if not people or os.environ.get("QA_ALLOW_PAGE") == "1":
        return None
    if sns.tags(client, topic_arn).get("qa:allow-page") == "true":
        return None
    return f"{len(people)} subscriber(s) of {topic_arn} ({', '.join(sorted({p.protocol for p in people}))})"


@pytest.mark.qa_check("A4", "both")
def test_the_message_of_an_alarm_reaches_a_listener_of_the_topic(
    clients: Clients,
    sides: Sides,
    run: Run,
    every: float,
    deadline: Callable[[str], float],
    in_each_region: Callable[[Callable[[str], None]], None],
    not_exercised: Callable[[str], None],
) -> None:
    def check(region: str) -> None:
        side = sides.of(region)
        alarm = alarms_of(clients, side)["LambdaThrottleAlarm"]
        assert alarm.actions == (side["SNSTopicArn"],)
        who = people_without_consent(clients, side)
        if who is not None:
            not_exercised(f"{who} would be paged; agree with QA_ALLOW_PAGE=1 or the tag qa:allow-page=true")
            return
        drilled = Drilled(client=clients.cloudwatch(region), alarm_name=alarm.name, run=run, every=every)
        with listening(clients, side, run) as queue_url:
            drill = drilled.begin(within=deadline("A4"))
            try:
                await_message(clients, side, queue_url, drill, alarm.name, within=deadline("A4"))
            finally:
                drilled.end(drill)

    in_each_region(check)


@contextmanager
def listening(clients: Clients, side: Side, run: Run) -> Iterator[str]:
    """Subscribe a queue of our own to the side's topic inside the block, and yield its URL."""
    queue_name, topic_arn, ledger = (
        f"{run.run_id}-alarms-{side.name.lower()}",
        side["SNSTopicArn"],
        run.ledger,
    )
    queue_entry = QueueEntry(region=side.region, queue_name=queue_name)
    ledger.will_make(queue_entry)
    queue = sqs.create_listening_queue(clients.sqs(side.region), queue_name, topic_arn=topic_arn)
    try:
        entry = SubscriptionEntry(region=side.region, topic_arn=topic_arn, endpoint=queue.arn)
        ledger.will_make(entry)
        subscription_arn = sns.subscribe_queue(clients.sns(side.region), topic_arn, queue.arn)
        try:
            yield queue.url
        finally:
            # before its queue: a topic must never deliver to a queue that is gone
            sns.unsubscribe(clients.sns(side.region), subscription_arn)
            ledger.removed(entry)
    finally:
        sqs.delete_queue(clients.sqs(side.region), queue.url)
        ledger.removed(queue_entry)


def await_message(
    clients: Clients, side: Side, queue_url: str, drill: Drill, alarm_name: str, *, within: float
) -> None:
    """Wait for the drill's own message; other runs' drills are heard on the same topic."""
    client, heard = clients.sqs(side.region), list[tuple[object, object, object]]()
    expected = (alarm_name, "ALARM", drill.reason)
    end = time.monotonic() + within
    while expected not in heard and time.monotonic() < end:
        for body in sqs.receive(client, queue_url, wait=min(10, max(1, int(end - time.monotonic())))):
            message = json.loads(json.loads(body)["Message"])
            heard.append(
                (message.get("AlarmName"), message.get("NewStateValue"), message.get("NewStateReason"))
            )
    assert expected in heard, (
        f"{alarm_name} went to ALARM in {side.region}, and within {within:.0f} s its message did not come "
        f"through {side['SNSTopicArn']}; heard instead: {heard}. Look at the topic's policy and encryption."
    )
