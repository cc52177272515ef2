"""The checks of alarms: green on the stack as deployed, red by one fault each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience import alarm_notifies, alarms_armed

from . import faults
from .trial import HERE, THERE

if TYPE_CHECKING:
    from .trial import Trial


def test_an_alarm_that_is_heard_passes_and_leaves_nothing(trial: Trial) -> None:
    result = trial.run(alarm_notifies("DeadLetterAlarm", topic="AlarmTopic"))

    assert (result, trial.left()) == ("PASSED", ())


def test_a_topic_that_drops_the_message_is_red(trial: Trial) -> None:
    with faults.key_of_topic(trial, "alias/aws/sns"), pytest.raises(AssertionError) as red:
        trial.run(alarm_notifies("DeadLetterAlarm"), patience=4.0)

    assert str(red.value).startswith(
        f"DeadLetterAlarm (orders-errors-{THERE}) in {THERE}: found no message through "
    )
    assert "it is encrypted with alias/aws/sns" in str(red.value)
    assert trial.left() == ()


def test_where_a_person_would_be_paged_the_alarm_is_not_exercised(trial: Trial) -> None:
    client, topic = trial.clients.sns(THERE), trial.physical("AlarmTopic", THERE)
    arn = client.subscribe(
        TopicArn=topic, Protocol="email", Endpoint="ops@example.com", ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    try:
        result = trial.elsewhere(writes=True).run(alarm_notifies("DeadLetterAlarm"))
    finally:
        client.unsubscribe(SubscriptionArn=arn)

    assert result == (
        f"NOT-EXERCISED: {THERE}: 1 subscriber(s) of {topic} (email) would be paged; agree with "
        "QA_ALLOW_PAGE=1 or the tag qa:allow-page=true"
    )


def test_armed_alarms_pass(trial: Trial) -> None:
    with faults.subscribed(trial):
        assert trial.run(alarms_armed()) == "PASSED"


def test_an_alarm_that_nobody_would_hear_is_red(trial: Trial) -> None:
    with pytest.raises(AssertionError) as red:
        trial.run(alarms_armed(regions=(HERE,)))

    assert f"found 0 subscriber(s) of {trial.physical('AlarmTopic', HERE)}, none confirmed" in str(red.value)


def test_an_alarm_on_a_metric_that_nothing_feeds_is_red(trial: Trial) -> None:
    with faults.alarm_on(trial, "Errors", {"Function": "x"}), pytest.raises(AssertionError) as red:
        trial.run(alarms_armed(subscriber=False))

    assert "found AWS/Lambda Errors by Function, expected by " in str(red.value)


def test_an_alarm_on_a_function_that_is_not_there_is_red(trial: Trial) -> None:
    gone = {"FunctionName": "orders-api-old"}
    with faults.alarm_on(trial, "Errors", gone), pytest.raises(AssertionError) as red:
        trial.run(alarms_armed(subscriber=False))

    assert f"found FunctionName 'orders-api-old', which {THERE} does not have" in str(red.value)
