"""Alarms follow their data, act, and remember."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.harness.embedded.dynamodb.serving import client

from .conftest import alarm, history, next_minute, put, state

if TYPE_CHECKING:
    from qa.embedded.world import World
    from tests.harness.embedded.dynamodb.serving import AllowAll

    from .conftest import Listener


def test_a_new_alarm_has_insufficient_data(watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name))

    found = watching.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"][0]
    assert (found["StateValue"], found["StateReason"]) == (
        "INSUFFICIENT_DATA",
        "Unchecked: Initial alarm creation",
    )


def test_missing_data_that_do_not_breach_make_it_ok(world: World, watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name))

    next_minute(world)

    found = watching.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"][0]
    assert (found["StateValue"], found["StateReason"]) == (
        "OK",
        (
            "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were "
            "treated as [NonBreaching]."
        ),
    )


def test_five_errors_in_each_of_two_minutes_ring_and_are_heard(
    world: World, watching: Any, listener: Listener, alarm_name: str
) -> None:
    watching.put_metric_alarm(**alarm(alarm_name, AlarmActions=[listener.topic_arn]))
    next_minute(world)
    for _ in range(2):
        for _ in range(5):
            put(world, alarm_name, 1.0)
        next_minute(world)

    assert state(watching, alarm_name) == "ALARM"
    message = listener.messages()[0]
    assert (message["AlarmName"], message["OldStateValue"], message["NewStateValue"]) == (
        alarm_name,
        "OK",
        "ALARM",
    )
    assert message["Region"] == "US East (N. Virginia)"
    assert message["Trigger"]["Dimensions"] == [{"value": alarm_name, "name": "FunctionName"}]


def test_one_bad_minute_does_not_ring(world: World, watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name))
    next_minute(world)
    put(world, alarm_name, 50.0)
    next_minute(world)

    assert state(watching, alarm_name) == "OK"


def test_a_jump_of_the_clock_is_judged_minute_by_minute(world: World, watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name))
    next_minute(world)
    put(world, alarm_name, 5.0)
    next_minute(world)
    put(world, alarm_name, 5.0)

    world.clock.advance(3600)

    summaries = [summary for summary, _ in history(watching, alarm_name, "StateUpdate")]
    assert summaries == [
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from ALARM to OK",
    ]


def test_data_of_other_dimensions_do_not_count(world: World, watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name, EvaluationPeriods=1, DatapointsToAlarm=1))
    next_minute(world)
    world.metrics.put(
        region="us-east-1",
        namespace="AWS/Lambda",
        name="Errors",
        dimensions={"FunctionName": alarm_name, "Resource": "live"},
        value=50.0,
        unit="Count",
    )
    next_minute(world)

    assert state(watching, alarm_name) == "OK"


def test_putting_an_alarm_again_keeps_its_state(world: World, watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name))
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="qa-drill")

    watching.put_metric_alarm(**alarm(alarm_name, Threshold=6.0))

    found = watching.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"][0]
    assert (found["StateValue"], found["StateReason"], found["Threshold"]) == ("ALARM", "qa-drill", 6.0)


def test_setting_the_state_acts_and_the_next_evaluation_restores(
    world: World, watching: Any, listener: Listener, alarm_name: str
) -> None:
    watching.put_metric_alarm(
        **alarm(alarm_name, AlarmActions=[listener.topic_arn], OKActions=[listener.topic_arn])
    )
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="qa-drill")
    rung = [message["NewStateValue"] for message in listener.messages()]

    next_minute(world)

    assert rung == ["ALARM"]
    assert state(watching, alarm_name) == "OK"
    assert [message["NewStateValue"] for message in listener.messages()] == ["OK"]


def test_setting_the_state_that_it_has_does_nothing(
    watching: Any, listener: Listener, alarm_name: str
) -> None:
    watching.put_metric_alarm(**alarm(alarm_name, AlarmActions=[listener.topic_arn]))
    for _ in range(2):
        watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="qa-drill")

    assert len(history(watching, alarm_name, "StateUpdate")) == 1
    assert len(listener.messages()) == 1


def test_an_alarm_on_dynamodb_never_comes_back_by_itself(
    world: World, watching: Any, alarm_name: str
) -> None:
    dimensions = [{"Name": "TableName", "Value": alarm_name}]
    watching.put_metric_alarm(
        **alarm(alarm_name, Namespace="AWS/DynamoDB", MetricName="ReadThrottleEvents", Dimensions=dimensions)
    )
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="qa-drill")

    world.clock.advance(600)

    assert state(watching, alarm_name) == "ALARM"


def math_alarm(name: str, expression: str = "reads + writes") -> dict[str, Any]:
    def throttles(query_id: str, metric: str) -> dict[str, Any]:
        dimensions = [{"Name": "TableName", "Value": name}]
        return {
            "Id": query_id,
            "ReturnData": False,
            "MetricStat": {
                "Metric": {"Namespace": "AWS/DynamoDB", "MetricName": metric, "Dimensions": dimensions},
                "Period": 60,
                "Stat": "Sum",
            },
        }

    return {
        "AlarmName": name,
        "Metrics": [
            throttles("reads", "ReadThrottleEvents"),
            throttles("writes", "WriteThrottleEvents"),
            {"Id": "throttles", "Expression": expression, "ReturnData": True},
        ],
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    }


def test_metric_math_adds_two_metrics(world: World, watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**math_alarm(alarm_name))
    next_minute(world)
    for _ in range(2):
        put(world, alarm_name, 2.0, namespace="AWS/DynamoDB", metric="ReadThrottleEvents")
        put(world, alarm_name, 3.0, namespace="AWS/DynamoDB", metric="WriteThrottleEvents")
        next_minute(world)

    assert state(watching, alarm_name) == "ALARM"


def test_a_metric_math_alarm_is_described_by_its_metrics_alone(watching: Any, alarm_name: str) -> None:
    expected = math_alarm(alarm_name)
    watching.put_metric_alarm(**expected)

    found = watching.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"][0]
    assert found["Metrics"] == expected["Metrics"]
    assert {"MetricName", "Namespace", "Period", "Statistic"} & set(found) == set()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "percentile": (
        {"Statistic": None, "ExtendedStatistic": "p99"},
        "The embedded AWS does not model ExtendedStatistic of alarms",
    ),
    "another action": (
        {"AlarmActions": ["arn:aws:automate:us-east-1:ec2:stop"]},
        "The embedded AWS models SNS topics as alarm actions, not arn:aws:automate:us-east-1:ec2:stop",
    ),
    "missing data": (
        {"TreatMissingData": "sometimes"},
        (
            "Option sometimes is not supported. Supported options for parameter TreatMissingData are "
            "missing, notBreaching, breaching, ignore."
        ),
    ),
    "too many datapoints": (
        {"DatapointsToAlarm": 4},
        "DatapointsToAlarm must be less than or equal to EvaluationPeriods",
    ),
    "period": ({"Period": 61}, "Period must be 10, 20, 30 or a multiple of 60"),
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_evaluated_is_refused(
    watching: Any, alarm_name: str, changes: dict[str, Any], message: str
) -> None:
    requested = {key: value for key, value in alarm(alarm_name, **changes).items() if value is not None}

    with pytest.raises(ClientError) as refused:
        watching.put_metric_alarm(**requested)

    assert refused.value.response["Error"]["Message"] == message
    assert watching.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"] == []


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (
            "FILL(reads, 0) + writes",
            (
                "The embedded AWS does not model the function FILL in the metric expression "
                "'FILL(reads, 0) + writes'; it models + - * / over metric IDs."
            ),
        ),
        (
            "reads + other",
            "The expression of 'throttles' refers to 'other', which is not in the metrics list.",
        ),
    ],
    ids=["function", "unknown ID"],
)
def test_an_expression_that_is_not_modelled_is_refused_by_name(
    watching: Any, alarm_name: str, expression: str, message: str
) -> None:
    with pytest.raises(ClientError) as refused:
        watching.put_metric_alarm(**math_alarm(alarm_name, expression))

    assert refused.value.response["Error"]["Message"] == message


def test_history_tells_both_states_and_the_reason(watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name))
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="qa-drill 1")

    assert history(watching, alarm_name, "StateUpdate") == [
        (
            "Alarm updated from INSUFFICIENT_DATA to ALARM",
            {
                "version": "1.0",
                "oldState": {
                    "stateValue": "INSUFFICIENT_DATA",
                    "stateReason": "Unchecked: Initial alarm creation",
                },
                "newState": {"stateValue": "ALARM", "stateReason": "qa-drill 1"},
            },
        )
    ]


def test_history_has_pages_in_either_order(watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name))
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="one")
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="OK", StateReason="two")

    pages = watching.get_paginator("describe_alarm_history").paginate(
        AlarmName=alarm_name, PaginationConfig={"PageSize": 1}
    )

    summaries = [item["HistorySummary"] for page in pages for item in page["AlarmHistoryItems"]]
    assert summaries == [
        "Alarm updated from ALARM to OK",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        f'Alarm "{alarm_name}" created',
    ]


def test_an_action_is_in_the_history(watching: Any, listener: Listener, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name, AlarmActions=[listener.topic_arn]))
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="qa-drill")

    summary, data = history(watching, alarm_name, "Action")[0]
    assert summary == f"Successfully executed action {listener.topic_arn}"
    assert (data["actionState"], data["notificationResource"]) == ("Succeeded", listener.topic_arn)


def failed_action(watching: Any, alarm_name: str, topic_arn: str) -> str:
    watching.put_metric_alarm(**alarm(alarm_name, AlarmActions=[topic_arn]))
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="qa-drill")
    _, data = history(watching, alarm_name, "Action")[0]
    assert data["actionState"] == "Failed"
    return str(data["error"])


def test_a_topic_that_refuses_cloudwatch_hears_nothing(
    watching: Any, listener: Listener, alarm_name: str, judge: AllowAll
) -> None:
    judge.denied.add("sns:Publish")

    error = failed_action(watching, alarm_name, listener.topic_arn)

    assert (
        error
        == f"CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: {listener.topic_arn}"
    )
    assert listener.messages() == []


def test_a_topic_encrypted_by_the_managed_key_hears_nothing(
    world: World, watching: Any, listener: Listener, alarm_name: str
) -> None:
    client(world, "sns", "us-east-1").set_topic_attributes(
        TopicArn=listener.topic_arn, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns"
    )

    error = failed_action(watching, alarm_name, listener.topic_arn)

    assert error == "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."
    assert listener.messages() == []


def test_a_topic_that_is_not_there_is_a_failed_action(watching: Any, alarm_name: str) -> None:
    arn = "arn:aws:sns:us-east-1:123456789012:nowhere"

    assert failed_action(watching, alarm_name, arn) == f"Resource: {arn} does not exist."


def test_an_alarm_whose_actions_are_disabled_only_changes_state(
    watching: Any, listener: Listener, alarm_name: str
) -> None:
    watching.put_metric_alarm(**alarm(alarm_name, AlarmActions=[listener.topic_arn], ActionsEnabled=False))
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="qa-drill")

    assert state(watching, alarm_name) == "ALARM"
    assert listener.messages() == []


def test_the_reason_names_the_datapoints(world: World, watching: Any, alarm_name: str) -> None:
    watching.put_metric_alarm(**alarm(alarm_name))
    next_minute(world)
    for _ in range(2):
        put(world, alarm_name, 5.0)
        next_minute(world)

    found = watching.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"][0]
    assert found["StateReason"].startswith("Threshold Crossed: 2 out of the last 3 datapoints [5.0 (")
    assert found["StateReason"].endswith(
        "were greater than or equal to the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition)."
    )
    assert json.loads(found["StateReasonData"])["recentDatapoints"] == [5.0, 5.0]
