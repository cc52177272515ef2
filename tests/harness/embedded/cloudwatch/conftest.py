"""CloudWatch of an embedded AWS whose alarms are evaluated when a test moves the clock."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from qa.embedded.clock import Clock
from qa.embedded.cloudwatch.declaration import SERVICE as CLOUDWATCH
from qa.embedded.kms.declaration import SERVICE as KMS
from qa.embedded.settings import Settings
from qa.embedded.sns.declaration import SERVICE as SNS
from qa.embedded.world import World
from tests.harness.embedded.dynamodb.serving import AllowAll, client, serving, with_stacks

if TYPE_CHECKING:
    from collections.abc import Iterator

EAST = "us-east-1"
TOPIC_PREFIX = f"arn:aws:sns:{EAST}:123456789012:"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    # a clock that only a test moves: no minute passes by itself between two lines of a test
    clock = Clock(real=lambda: 1_800_000_000.0)
    world = World(settings=Settings(), scratch=tmp_path_factory.mktemp("scratch"), clock=clock)
    world.authorizer = AllowAll()
    CLOUDWATCH.install(world)
    SNS.install(world)
    KMS.install(world)
    with_stacks(world)
    with serving(world):
        yield world


@pytest.fixture
def judge(world: World) -> Iterator[AllowAll]:
    judge = world.authorizer
    assert isinstance(judge, AllowAll)
    yield judge
    judge.denied.clear()


@pytest.fixture(scope="module")
def watching(world: World) -> Any:
    """A CloudWatch client in East."""
    return client(world, "cloudwatch", EAST)


@dataclass(frozen=True)
class Listener:
    """A topic and the queue that hears it."""

    topic_arn: str
    queue_url: str
    sqs: Any

    def messages(self) -> list[dict[str, Any]]:
        """Return the notifications that have arrived, and forget them."""
        found = []
        while batch := self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in batch:
                found.append(json.loads(json.loads(message["Body"])["Message"]))
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return found


@pytest.fixture
def listener(world: World) -> Listener:
    name = f"drill-{uuid4().hex[:8]}"
    sqs, topics = client(world, "sqs", EAST), client(world, "sns", EAST)
    topic_arn = topics.create_topic(Name=name)["TopicArn"]
    queue_arn = f"arn:aws:sqs:{EAST}:123456789012:{name}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    queue_url = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
    topics.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_arn)
    return Listener(topic_arn, queue_url, sqs)


@pytest.fixture
def alarm_name() -> str:
    return f"alarm-{uuid4().hex[:8]}"


def alarm(name: str, **changes: Any) -> dict[str, Any]:
    """The arguments of an alarm on errors of a function of the same name: 2 of 3 minutes with 5 or more."""
    return {
        "AlarmName": name,
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": name}],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        **changes,
    }


def put(
    world: World, name: str, value: float, *, namespace: str = "AWS/Lambda", metric: str = "Errors"
) -> None:
    """Emit a datum of the function or table of this name."""
    dimension = "FunctionName" if namespace == "AWS/Lambda" else "TableName"
    world.metrics.put(
        region=EAST,
        namespace=namespace,
        name=metric,
        dimensions={dimension: name},
        value=value,
        unit="Count",
    )


def next_minute(world: World) -> None:
    """Move the clock to just after the next full minute."""
    world.clock.advance(60.0 - world.clock.time() % 60.0 + 0.001)


def state(watching: Any, name: str) -> str:
    """Return the state of an alarm."""
    return str(watching.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"])


def history(watching: Any, name: str, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Return summary and data of an alarm's items of one kind, oldest first."""
    items = watching.describe_alarm_history(
        AlarmName=name, HistoryItemType=kind, ScanBy="TimestampAscending"
    )["AlarmHistoryItems"]
    return [(item["HistorySummary"], json.loads(item["HistoryData"])) for item in items]
