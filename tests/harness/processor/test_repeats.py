"""A transaction is stored once, however often and wherever it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from qa.probe import dynamodb
from qa.wait import until
from tests.harness.reds.changes import take_right
from tests.integration.test_lambda_processor import plain
from tests.integration.transactions import content_of, item_key

from .answers import accepted, answer_of, documents, items, thrown, versions

if TYPE_CHECKING:
    from qa.probe.dynamodb import Item
    from tests.harness.reds.world import World
    from tests.integration.transactions import Event, Transactions


def give_back_right(world: World) -> None:
    """Undo `take_right` in East."""
    world.clients.iam(world.east.region).delete_role_policy(
        RoleName=world.east["LambdaRoleArn"].rpartition("/")[2], PolicyName="taken"
    )


def stored_by_an_earlier_run(world: World, event: Event) -> Item:
    """Put the item of a run that broke off before its document, and return it."""
    earlier: Item = {
        **item_key(event),
        "amount": {"N": str(event["amount"])},
        "currency": {"S": event["currency"]},
        "accountNumberEncrypted": {"S": "c2VhbGVkIGJ5IGFuIGVhcmxpZXIgcnVu"},
        "processedIn": {"S": "eu-central-1"},
        "environment": {"S": "earlier"},
    }
    dynamodb.put_item(world.clients.dynamodb(world.east.region), world.table_name, earlier)
    return earlier


def test_a_repeat_answers_the_same_and_writes_nothing(world: World, transactions: Transactions) -> None:
    event = transactions.new()
    first = answer_of(transactions.send(world.east, event))
    item, version = transactions.item(world.east, event), versions(world, world.east, event)

    second = answer_of(transactions.send(world.east, event))

    assert first == second == accepted(event, processed_in=world.east.region)
    # each encryption gives another ciphertext: the same item was not written again
    assert transactions.item(world.east, event) == item
    assert versions(world, world.east, event) == version
    assert len(version) == 1


def test_of_simultaneous_repeats_one_writes_and_all_answer_the_same(
    world: World, transactions: Transactions
) -> None:
    event = transactions.new()

    with ThreadPoolExecutor(4) as threads:
        response = list(threads.map(lambda _: transactions.send(world.east, event), range(4)))

    assert [answer_of(each) for each in response] == [accepted(event, processed_in=world.east.region)] * 4
    assert len(items(world, world.east)) == 1
    assert len(versions(world, world.east, event)) == 1


def test_a_repeat_in_west_is_answered_from_the_record_that_east_made(
    world: World, transactions: Transactions
) -> None:
    event = transactions.new()
    answer_of(transactions.send(world.east, event))
    item = until(
        lambda: transactions.item(world.west, event),
        lambda seen: seen is not None,
        what="the record in West",
        within=10.0,
        every=0.05,
    )

    answer = answer_of(transactions.send(world.west, event))

    assert answer == accepted(event, processed_in=world.east.region)
    assert transactions.item(world.west, event) == item


@pytest.mark.parametrize("changed", [{"amount": 12.51}, {"currency": "USD"}], ids=["amount", "currency"])
def test_another_payload_under_the_same_pair_is_a_conflict_and_changes_nothing(
    world: World, transactions: Transactions, changed: dict[str, object]
) -> None:
    event = transactions.new()
    answer_of(transactions.send(world.east, event))
    item, version = transactions.item(world.east, event), versions(world, world.east, event)

    answer = answer_of(transactions.send(world.east, {**event, **changed}))

    assert answer == (
        409,
        {
            "message": "stored with another payload",
            "transactionId": event["transactionId"],
            "timestamp": event["timestamp"],
        },
    )
    assert items(world, world.east) == [item]
    assert versions(world, world.east, event) == version


def test_another_account_number_is_taken_for_a_repeat_for_it_cannot_be_compared(
    world: World, transactions: Transactions
) -> None:
    event = transactions.new()
    answer_of(transactions.send(world.east, event))
    item = transactions.item(world.east, event)

    answer = answer_of(transactions.send(world.east, {**event, "accountNumber": "QA00"}))

    assert answer == accepted(event, processed_in=world.east.region)
    assert items(world, world.east) == [item]


def test_the_same_id_with_another_timestamp_is_another_record(
    world: World, transactions: Transactions
) -> None:
    event = transactions.new()
    later = {**event, "timestamp": event["timestamp"] + 1, "amount": 99}

    answers = [answer_of(transactions.send(world.east, each)) for each in (event, later)]

    assert answers == [accepted(each, processed_in=world.east.region) for each in (event, later)]
    amounts = {each["timestamp"]["N"]: each["amount"]["N"] for each in items(world, world.east)}
    assert amounts == {str(event["timestamp"]): "12.5", str(later["timestamp"]): "99"}
    assert [len(versions(world, world.east, each)) for each in (event, later)] == [1, 1]


def test_a_run_that_broke_off_before_its_document_is_finished_by_a_repeat(
    world: World, transactions: Transactions
) -> None:
    event = transactions.new()
    take_right(world, world.east, "s3:PutObject")
    broken_off = thrown(transactions.send(world.east, event))
    item = transactions.item(world.east, event)
    left = documents(world, world.east)
    give_back_right(world)

    answer = answer_of(transactions.send(world.east, event))

    document = transactions.document(world.east, event)
    assert broken_off == ("Unhandled", "AccessDenied")
    assert left == []
    assert answer == accepted(event, processed_in=world.east.region)
    assert item is not None
    assert document is not None
    assert transactions.item(world.east, event) == item
    assert content_of(document) == plain(item)


def test_the_document_is_built_from_the_item_that_is_stored(world: World, transactions: Transactions) -> None:
    event = transactions.new()
    earlier = stored_by_an_earlier_run(world, event)

    answer = answer_of(transactions.send(world.east, event))

    document = transactions.document(world.east, event)
    assert document is not None
    assert answer == accepted(event, processed_in="eu-central-1")
    assert content_of(document) == plain(earlier)
    assert items(world, world.east) == [earlier]


def test_a_conflict_with_a_run_that_broke_off_files_no_document(
    world: World, transactions: Transactions
) -> None:
    event = transactions.new()
    stored_by_an_earlier_run(world, event)

    status, _ = answer_of(transactions.send(world.east, {**event, "amount": 1}))

    assert status == 409
    assert documents(world, world.east) == []
