"""The checks of alarms: green on the stack as deployed, red by one fault each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience import alarm_notifies

from . import faults
from .trial import THERE

if TYPE_CHECKING:
    from .trial import Trial


def test_an_alarm_that_is_heard_passes_and_leaves_nothing(trial: Trial) -> None:
    told = trial.run(alarm_notifies("DeadLetterAlarm", topic="AlarmTopic"))

    assert (told, trial.left()) == ("PASSED", ())


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
        told = trial.run(alarm_notifies("DeadLetterAlarm"))
    finally:
        client.unsubscribe(SubscriptionArn=arn)

    assert told == (
        f"NOT-EXERCISED: {THERE}: 1 subscriber(s) of {topic} (email) would be paged; agree with "
        "QA_ALLOW_PAGE=1 or the tag qa:allow-page=true"
    )
