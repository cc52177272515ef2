"""The journal of a check's calls, and what is fetched when it fails, on an embedded AWS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.embedded.process import EmbeddedProcess, start_embedded
from qa.embedded.settings import Settings
from qa.live.evidence.fetch import Fetcher
from qa.live.evidence.items import items_everywhere
from qa.live.evidence.journal import Journal, merged
from qa.live.evidence.services import exhibits
from qa.live.handover import EMBEDDED_CREDENTIALS
from qa.report.evidence import Call, Exhibit
from qa.stack.clients import Clients
from qa.stack.target import Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterator

EAST, WEST = REGIONS = ("us-east-1", "us-west-2")
KEY = {"id": {"S": "1"}}


@pytest.fixture(scope="module")
def process() -> Iterator[EmbeddedProcess]:
    process = start_embedded(Settings())
    yield process
    process.stop()


@pytest.fixture
def target(process: EmbeddedProcess) -> Target:
    return Target(kind=TargetKind.EMBEDDED).at(process.endpoint, EMBEDDED_CREDENTIALS)


@pytest.fixture
def journal(target: Target) -> Journal:
    return Journal(lambda table, key: items_everywhere(Clients(target), REGIONS, table, key))


@pytest.fixture
def clients(target: Target, journal: Journal) -> Clients:
    return Clients(target, watch=journal.watch)


@pytest.fixture
def table(target: Target) -> Iterator[str]:
    """A table in each region that nothing replicates."""
    makers = [Clients(target).dynamodb(region) for region in REGIONS]
    for maker in makers:
        maker.create_table(
            TableName="orders",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
    yield "orders"
    for maker in makers:
        maker.delete_table(TableName="orders")


def exhibits_of(target: Target, journal: Journal) -> dict[str, Exhibit]:
    """Return what is fetched for the journal's calls, by title."""
    fetcher = Fetcher(
        clients=Clients(target),
        regions=REGIONS,
        stacks=tuple(("Shop-dev", region) for region in REGIONS),
        calls=journal.calls(),
        items=journal.items(),
    )
    return {each.title: each for each in exhibits(fetcher)}


def call(outcome: str, *, operation: str = "GetItem") -> Call:
    return Call(
        at="t",
        service="dynamodb",
        operation=operation,
        region=EAST,
        about={},
        request_id="r",
        outcome=outcome,
    )


def test_a_call_is_written_down_by_what_it_names_and_never_by_what_it_carries(
    clients: Clients, journal: Journal, table: str
) -> None:
    clients.dynamodb(EAST).put_item(TableName=table, Item={**KEY, "note": {"S": "protected"}})

    (made,) = journal.calls()
    body = (made.service, made.operation, made.region, made.about, made.outcome, made.response, made.times)
    assert body == ("dynamodb", "PutItem", EAST, {"TableName": "orders"}, "200", {}, 1)
    assert made.request_id


def test_a_refusal_is_written_down_in_the_words_of_aws(clients: Clients, journal: Journal) -> None:
    client = clients.dynamodb(EAST)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_table(TableName="nowhere")

    assert [each.outcome for each in journal.calls()] == [
        "ResourceNotFoundException: Requested resource not found: Table: nowhere not found"
    ]


def test_a_poll_is_one_line_until_its_answer_changes() -> None:
    calls: list[Call] = []
    for outcome in ("absent", "absent", "there", "absent"):
        calls = merged(calls, call(outcome))

    assert [(each.outcome, each.times) for each in calls] == [("absent", 2), ("there", 1), ("absent", 1)]


def test_each_invocation_is_a_line_of_its_own() -> None:
    once = call("200", operation="Invoke")

    assert merged([once], once) == [once, once]


def test_a_check_begins_with_an_empty_journal(clients: Clients, journal: Journal) -> None:
    clients.sqs(EAST).list_queues()

    journal.begin()

    assert journal.calls() == ()


def test_an_item_is_shown_in_both_regions_as_it_was_before_the_failed_check_took_it_away(
    clients: Clients, journal: Journal, target: Target, table: str
) -> None:
    east, west = clients.dynamodb(EAST), clients.dynamodb(WEST)
    with pytest.raises(AssertionError, match="late"):  # noqa: PT012 - a failure that a clean-up passes on
        east.put_item(TableName=table, Item=KEY)
        try:
            west.get_item(TableName=table, Key=KEY)
            raise AssertionError("late")
        finally:
            east.delete_item(TableName=table, Key=KEY)

    shown = exhibits_of(target, journal)[f"item {json.dumps(KEY)} of orders"]
    assert shown.columns == (
        "region",
        "as the check last read it",
        "when it failed, before its clean-up",
        "now",
    )
    assert shown.rows == ((EAST, "–", json.dumps(KEY), "absent"), (WEST, "absent", "absent", "absent"))


def test_a_green_check_pays_no_look_before_its_clean_up(
    clients: Clients, journal: Journal, table: str
) -> None:
    clients.dynamodb(EAST).delete_item(TableName=table, Key=KEY)

    assert journal.items() == {}


def test_the_history_of_a_ringing_alarm_is_shown_though_only_its_state_was_asked(
    clients: Clients, journal: Journal, target: Target
) -> None:
    maker = Clients(target).cloudwatch(WEST)
    maker.put_metric_alarm(
        AlarmName="errors",
        Namespace="N",
        MetricName="M",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    maker.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="5 is greater")

    clients.cloudwatch(WEST).describe_alarms(AlarmNames=["errors"])

    reported = exhibits_of(target, journal)
    assert reported["alarms"].rows[0][:2] == ("errors", "ALARM")
    newest = reported["history of alarm errors"].rows[0]
    assert newest[1:] == ("Alarm updated from INSUFFICIENT_DATA to ALARM", "5 is greater")


def test_a_document_is_shown_at_its_end_and_where_it_never_arrived(
    clients: Clients, journal: Journal, target: Target
) -> None:
    maker = Clients(target)
    maker.s3(EAST).create_bucket(Bucket="here")
    maker.s3(EAST).put_object(Bucket="here", Key="a.json", Body=b"{}")

    clients.s3(EAST).head_object(Bucket="here", Key="a.json")
    with pytest.raises(clients.s3(WEST).exceptions.ClientError):
        clients.s3(WEST).head_object(Bucket="there", Key="a.json")

    rows = exhibits_of(target, journal)["document a.json"].rows
    assert [row[:3] for row in rows] == [
        ("here", EAST, "none: no rule applies"),
        ("there", WEST, "absent"),
    ]


def test_what_cannot_be_fetched_is_told_in_its_place(journal: Journal, target: Target) -> None:
    reported = exhibits_of(target, journal)["last events of stack Shop-dev"]

    assert "Stack [Shop-dev] does not exist" in reported.problem


def test_a_target_that_is_gone_is_asked_once() -> None:
    nobody = Target(kind=TargetKind.EMBEDDED).at("http://127.0.0.1:1", EMBEDDED_CREDENTIALS)
    fetcher = Fetcher(
        clients=Clients(nobody),
        regions=REGIONS,
        stacks=tuple(("Shop-dev", each) for each in REGIONS),
        calls=(),
    )

    reported = list(exhibits(fetcher))

    assert [each.region for each in reported] == list(REGIONS)
    assert {each.problem.partition(":")[0] for each in reported} == {"the target does not answer any more"}


@pytest.mark.parametrize("name", ["/app/key:1", "arn:aws:ssm:us-east-1:123456789012:parameter/app/key"])
def test_a_parameter_is_shown_in_each_region_without_its_value(
    clients: Clients, journal: Journal, target: Target, name: str
) -> None:
    maker = Clients(target).ssm(EAST)
    maker.put_parameter(Name="/app/key", Value="protected", Type="SecureString")
    clients.ssm(EAST).get_parameter(Name=name, WithDecryption=True)

    fetcher = Fetcher(clients=Clients(target), regions=REGIONS, stacks=(), calls=journal.calls())
    shown = [each for each in exhibits(fetcher) if each.title == f"parameter {name}"]

    maker.delete_parameter(Name="/app/key")
    assert [each.region for each in shown] == [EAST, WEST]
    assert [list(each.rows[:3]) for each in shown] == [
        [("Type", "SecureString"), ("Version", "1"), ("Tier", "Standard")],
        [("Type", "–"), ("Version", "–"), ("Tier", "–")],
    ]
    assert "protected" not in str(shown)
