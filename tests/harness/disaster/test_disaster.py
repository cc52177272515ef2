"""What the embedded AWS does when things go wrong, seen through boto3 and the deployed stack."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from qa.embedded.settings import ADMIN_SECRET_ACCESS_KEY
from qa.probe import dynamodb, kms, lambda_, sqs
from qa.wait import until
from tests.integration import test_recovery_drills
from tests.integration.promises import alarm_names
from tests.integration.records import records_of
from tests.integration.transactions import Transactions

if TYPE_CHECKING:
    from tests.harness.reds.world import World

MINUTE = 60.0


@pytest.fixture
def transactions(world: World) -> Transactions:
    return Transactions(clients=world.clients, sides=world.sides, run=world.live.run)


def test_an_item_put_in_east_is_read_in_west_after_the_lag_and_not_before(world: World) -> None:
    world.control.change_settings(table_replication_lag=1.0)
    records = records_of(world.clients, world.live.outputs, world.live.run)

    before = time.monotonic()
    record = records.new(world.east.region, note="on its way")
    at_once = records.read(world.west.region, record)
    until(
        lambda: records.read(world.west.region, record),
        lambda seen: seen == record,
        what="the record in West",
        within=10.0,
        every=0.02,
    )

    assert at_once is None
    assert time.monotonic() - before >= 1.0


def test_failing_invocations_in_two_minutes_ring_the_error_alarm_and_a_listener_hears_it(
    world: World, transactions: Transactions
) -> None:
    side = world.east
    name = alarm_names(side)["LambdaErrorAlarm"]
    queue = sqs.create_listening_queue(
        world.clients.sqs(side.region), "listener", topic_arn=side["SNSTopicArn"]
    )
    world.clients.sns(side.region).subscribe(TopicArn=side["SNSTopicArn"], Protocol="sqs", Endpoint=queue.arn)
    world.clients.kms(side.region).disable_key(KeyId=side["KMSKeyId"])

    for _ in range(2):
        errors = [transactions.send(side, transactions.new()).error for _ in range(5)]
        assert errors == ["Unhandled"] * 5
        world.control.advance_clock(MINUTE)
    world.control.advance_clock(MINUTE)

    client = world.clients.cloudwatch(side.region)
    until(
        lambda: client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"],
        lambda state: state == "ALARM",
        what=f"state of {name!r}",
        within=10.0,
    )
    messages = [
        json.loads(json.loads(body)["Message"])
        for body in sqs.receive(world.clients.sqs(side.region), queue.url, wait=5)
    ]
    assert (name, "ALARM") in [(each["AlarmName"], each["NewStateValue"]) for each in messages]


def test_malformed_transactions_do_not_count_as_errors(world: World, transactions: Transactions) -> None:
    side = world.east

    for _ in range(5):
        assert transactions.send(side, transactions.new(amount=-1)).error is None

    counted = world.clients.cloudwatch(side.region).get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": side["LambdaFunctionName"]}],
        StartTime=datetime.now(UTC) - timedelta(hours=1),
        EndTime=datetime.now(UTC) + timedelta(hours=1),
        Period=60,
        Statistics=["Sum"],
    )
    assert sum(point["Sum"] for point in counted["Datapoints"]) == 0


def test_a_ciphertext_made_in_east_opens_in_west_through_the_alias(world: World) -> None:
    context = {"qa-run": world.live.run.run_id}
    sealed = kms.encrypt(
        world.clients.kms(world.east.region), world.east["KMSKeyAlias"], b"secret", context=context
    )

    opened = kms.decrypt(
        world.clients.kms(world.west.region),
        sealed.ciphertext,
        context=context,
        key=world.west["KMSKeyAlias"],
    )

    assert opened == kms.Opened(plaintext=b"secret", key_arn=world.west["KMSKeyArn"])


def test_a_role_without_put_item_makes_the_function_fail_with_access_denied(
    world: World, transactions: Transactions
) -> None:
    iam = world.clients.iam(world.east.region)
    role_name = world.east["LambdaRoleArn"].rpartition("/")[2]
    policy_name = iam.list_role_policies(RoleName=role_name)["PolicyNames"][0]
    document: Any = iam.get_role_policy(RoleName=role_name, PolicyName=policy_name)["PolicyDocument"]
    document["Statement"] = [
        statement for statement in document["Statement"] if "dynamodb:PutItem" not in statement["Action"]
    ]
    iam.put_role_policy(RoleName=role_name, PolicyName=policy_name, PolicyDocument=json.dumps(document))

    answer = transactions.send(world.east, transactions.new())

    assert answer.error == "Unhandled"
    assert isinstance(answer.payload, dict)
    assert answer.payload["errorType"] == "AccessDeniedException"
    assert "dynamodb:PutItem" in answer.payload["errorMessage"]


def test_a_disabled_key_refuses(world: World) -> None:
    client = world.clients.kms(world.west.region)
    client.disable_key(KeyId=world.west["KMSKeyId"])

    with pytest.raises(ClientError) as raised:
        client.encrypt(KeyId=world.west["KMSKeyAlias"], Plaintext=b"x")

    assert raised.value.response["Error"]["Code"] == "DisabledException"


def test_west_recovers_while_east_is_really_down(world: World, transactions: Transactions) -> None:
    """R2 again, with the region gone instead of a client that looks away."""
    old = test_recovery_drills.processed_in(transactions, world.east)
    test_recovery_drills.await_in(transactions, world.west, old, within=10.0)
    new = transactions.new()

    world.control.start_fault("region-lost", region=world.east.region)

    recovered = test_recovery_drills.protected_field(transactions, world.west, old)
    test_recovery_drills.send_valid(transactions, world.west, new)
    stored = transactions.item(world.west, new)
    with pytest.raises(ConnectionClosedError):
        boto3.client(
            "dynamodb",
            region_name=world.east.region,
            endpoint_url=world.live.target.endpoint,
            aws_access_key_id="any",
            aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
            config=Config(retries={"total_max_attempts": 1}),
        ).list_tables()
    assert recovered == old["accountNumber"]
    assert stored is not None


def test_what_was_written_while_a_region_was_down_arrives_when_it_is_back(world: World) -> None:
    records = records_of(world.clients, world.live.outputs, world.live.run)
    fault = world.control.start_fault("region-lost", region=world.east.region)
    record = records.planned(world.west.region, note="while East was down")
    dynamodb.put_item(world.clients.dynamodb(world.west.region), world.table_name, record)

    world.control.end_fault(fault)

    arrived = until(
        lambda: records.read(world.east.region, record),
        lambda seen: seen is not None,
        what="the record in East",
        within=10.0,
    )
    assert arrived == record


def test_a_request_that_came_without_tls_is_denied_by_the_bucket_policy(world: World) -> None:
    insecure = boto3.client(
        "s3",
        region_name=world.east.region,
        endpoint_url=str(world.control.state()["insecure_endpoint"]),
        aws_access_key_id=world.live.target.credentials.access_key_id,  # type: ignore[union-attr]  # the embedded one's
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1}),
    )

    with pytest.raises(ClientError) as raised:
        insecure.list_objects_v2(Bucket=world.east["DocumentsBucketName"])

    assert raised.value.response["Error"]["Code"] == "AccessDenied"


def test_an_event_that_is_no_object_is_refused_without_an_error(world: World) -> None:
    answer = lambda_.invoke(world.clients.lambda_(world.east.region), world.east["LambdaFunctionName"], None)

    assert answer.error is None
    assert isinstance(answer.payload, dict)
    assert answer.payload["statusCode"] == 400
