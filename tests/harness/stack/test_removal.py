"""Each kind of thing that a run makes is removed, and nothing beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qa.errors import ProbeError
from qa.stack import (
    AlarmStateEntry,
    Clients,
    Credentials,
    DocumentsEntry,
    Drill,
    Entry,
    ItemEntry,
    ObjectEntry,
    QueueEntry,
    SubscriptionEntry,
    Target,
    TargetKind,
)
from qa.stack.bucket import object_versions
from qa.stack.removal import remove

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.literals import StateValueType

EAST = "us-east-1"


@pytest.fixture
def bucket(clients: Clients, unique: str) -> str:
    name = f"bucket-{unique}"
    clients.s3(EAST).create_bucket(Bucket=name)
    clients.s3(EAST).put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


@pytest.fixture
def alarm(clients: Clients, unique: str) -> str:
    clients.cloudwatch(EAST).put_metric_alarm(
        AlarmName=f"alarm-{unique}",
        Namespace="Test",
        MetricName=unique,
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    return f"alarm-{unique}"


def drill(clients: Clients, alarm: str, run_id: str, *, before: StateValueType) -> None:
    deadline = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    reason = Drill(run_id=run_id, deadline=deadline, state_before=before).reason
    clients.cloudwatch(EAST).set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason=reason)


def state(clients: Clients, alarm: str) -> str:
    alarms = clients.cloudwatch(EAST).describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    return alarms[0].get("StateValue", "")


def test_an_item_is_removed_and_its_neighbour_stays(clients: Clients, unique: str) -> None:
    dynamodb = clients.dynamodb(EAST)
    dynamodb.create_table(
        TableName=f"table-{unique}",
        KeySchema=[
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for at in ("1", "2"):
        dynamodb.put_item(TableName=f"table-{unique}", Item={"id": {"S": unique}, "at": {"N": at}})
    entry = ItemEntry.of(
        region=EAST, table_name=f"table-{unique}", key={"id": {"S": unique}, "at": {"N": "1"}}
    )

    remove(clients, entry, run_id=unique)

    assert dynamodb.scan(TableName=f"table-{unique}")["Items"] == [{"id": {"S": unique}, "at": {"N": "2"}}]


def test_an_object_is_removed_with_all_versions_and_its_neighbour_stays(
    clients: Clients, unique: str, bucket: str
) -> None:
    s3 = clients.s3(EAST)
    s3.put_object(Bucket=bucket, Key=unique, Body=b"1")
    s3.put_object(Bucket=bucket, Key=unique, Body=b"2")
    s3.delete_object(Bucket=bucket, Key=unique)
    s3.put_object(Bucket=bucket, Key=f"{unique}-neighbour", Body=b"3")

    remove(clients, ObjectEntry(region=EAST, bucket=bucket, key=unique), run_id=unique)

    assert [version.key for version in object_versions(s3, bucket)] == [f"{unique}-neighbour"]


def test_documents_are_removed_by_their_prefix(clients: Clients, unique: str, bucket: str) -> None:
    s3 = clients.s3(EAST)
    for key in (f"transactions/{unique}/1.json", f"transactions/{unique}/2.json", "transactions/x/1.json"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"{}")

    entry = DocumentsEntry(region=EAST, bucket=bucket, prefix=f"transactions/{unique}/")
    remove(clients, entry, run_id=unique)

    assert [version.key for version in object_versions(s3, bucket)] == ["transactions/x/1.json"]


def test_a_queue_is_removed(clients: Clients, unique: str) -> None:
    clients.sqs(EAST).create_queue(QueueName=unique)

    remove(clients, QueueEntry(region=EAST, queue_name=unique), run_id=unique)

    assert clients.sqs(EAST).list_queues(QueueNamePrefix=unique).get("QueueUrls", []) == []


def test_only_the_subscription_of_our_queue_is_removed(clients: Clients, unique: str) -> None:
    sns = clients.sns(EAST)
    topic = sns.create_topic(Name=f"topic-{unique}")["TopicArn"]
    ours, theirs = f"arn:aws:sqs:{EAST}:123456789012:{unique}", f"arn:aws:sqs:{EAST}:123456789012:theirs"
    for endpoint in (ours, theirs):
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint)

    remove(clients, SubscriptionEntry(region=EAST, topic_arn=topic, endpoint=ours), run_id=unique)

    left = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [each.get("Endpoint") for each in left] == [theirs]


def test_an_alarm_returns_to_the_state_before_the_drill(clients: Clients, unique: str, alarm: str) -> None:
    drill(clients, alarm, unique, before="OK")

    remove(clients, AlarmStateEntry(region=EAST, alarm_name=alarm, state_before="OK"), run_id=unique)

    assert state(clients, alarm) == "OK"


def test_an_alarm_in_another_runs_drill_is_left_alone(clients: Clients, unique: str, alarm: str) -> None:
    drill(clients, alarm, "qa-ffffffff", before="OK")

    remove(clients, AlarmStateEntry(region=EAST, alarm_name=alarm, state_before="OK"), run_id=unique)

    assert state(clients, alarm) == "ALARM"


@pytest.mark.parametrize(
    "entry",
    [
        ItemEntry.of(region=EAST, table_name="nowhere", key={"id": {"S": "qa-1"}}),
        ObjectEntry(region=EAST, bucket="nowhere-at-all", key="qa-1"),
        DocumentsEntry(region=EAST, bucket="nowhere-at-all", prefix="qa-1"),
        QueueEntry(region=EAST, queue_name="qa-nowhere"),
        SubscriptionEntry(region=EAST, topic_arn=f"arn:aws:sns:{EAST}:123456789012:nowhere", endpoint="x"),
        AlarmStateEntry(region=EAST, alarm_name="nowhere", state_before="OK"),
    ],
    ids=lambda entry: entry.kind,
)
def test_what_is_gone_already_counts_as_removed(clients: Clients, entry: Entry) -> None:
    remove(clients, entry, run_id="qa-1f2e3d4c")


def test_an_aws_that_does_not_answer_is_an_error_of_the_harness() -> None:
    credentials = Credentials(access_key_id="a", secret_access_key="b")
    nobody = Clients(Target(kind=TargetKind.ENDPOINT, endpoint="http://127.0.0.1:1", credentials=credentials))

    with pytest.raises(ProbeError, match=r"removing queue qa-1f2e3d4c in us-east-1: Could not connect"):
        remove(nobody, QueueEntry(region=EAST, queue_name="qa-1f2e3d4c"), run_id="qa-1f2e3d4c")
