"""The alarms: each watches the right thing, none is ringing or disarmed, and one that rings is heard."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qa.probe import cloudwatch
from qa.probe.cloudwatch import AlarmState, Watched
from qa.probe.errors import RefusedError
from qa.resilience import alarm_notifies, alarms_armed
from qa.resilience.alarms import GROUP, since
from qa.resilience.drills import Drilled
from qa.resilience.listening import people_without_consent
from qa.stack.ledger import MuteRuleEntry
from qa.wait import until

from .promises import alarm_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.live.handover import Live
    from qa.stack.clients import Clients
    from qa.stack.drill import Drill
    from qa.stack.run import Run

    from .sides import Side, Sides

pytestmark = pytest.mark.xdist_group(GROUP)

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


test_no_alarm_is_ringing_or_disarmed = alarms_armed(subscriber=False, check="A2")


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
            if not is_muted and (who := people_without_consent(clients, region, side["SNSTopicArn"])):
                not_exercised(f"{region} cannot mute alarms, and {who}")
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


test_the_message_of_an_alarm_reaches_a_listener_of_the_topic = alarm_notifies(
    "LambdaThrottleAlarmPrimary", topic="PrimarySNSTopic", check="A4"
)
