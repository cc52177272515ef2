"""A malformed transaction is refused field by field, without an exception and without a trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qa.probe import lambda_

from .answers import Answer, accepted, answer_of, documents, items

if TYPE_CHECKING:
    from tests.harness.reds.world import World
    from tests.integration.transactions import Transactions

FIELDS = ("transactionId", "timestamp", "amount", "currency", "accountNumber")
WRONG_TEXTS: tuple[Any, ...] = (None, "", 5, True, [], ["QA12"], {"S": "QA12"})
WRONG_NUMBERS: tuple[Any, ...] = (None, 0, -1, True, "1", [1], {"N": "1"})
MALFORMED: dict[str, tuple[Any, ...]] = {
    "transactionId": (*WRONG_TEXTS, "a" * 65, "a b", "a/b", "../a", "a.b", "ä", "a\n"),
    "timestamp": (*WRONG_NUMBERS, 1.5, 2**53, "2026-11-23T22:00:00Z", "1795471200000"),
    "amount": (*WRONG_NUMBERS, "12.5", 1e-131, 1_000_000_000_001, 1e300),
    "currency": (*WRONG_TEXTS, "EU", "EURO", "eur", "E1R", "ÄÖÜ", "EUR "),
    "accountNumber": (*WRONG_TEXTS, "ABC", "A" * 35, "DE89 3704", "DE-8937", "DE8937\n", "DÉ8937"),
}
OUTERMOST: dict[str, tuple[Any, ...]] = {
    "transactionId": ("a", "-", "_", "aZ09_-" * 10 + "abcd"),
    "timestamp": (1, 2**53 - 1, 1795471200000.0),
    "amount": (0.01, 1, 1_000_000_000_000, 1e-130),
    "currency": ("AAA", "ZZZ"),
    "accountNumber": ("A1b2", "A" * 34),
}


def refused(*fields: str) -> Answer:
    """Return the answer that names the fields."""
    return 400, {"message": "malformed transaction", "fields": list(fields)}


@pytest.mark.parametrize("field", FIELDS)
def test_a_malformed_field_is_named_and_nothing_is_written(
    world: World, transactions: Transactions, field: str
) -> None:
    events = {repr(value): transactions.new(**{field: value}) for value in MALFORMED[field]}
    without = transactions.new()
    del without[field]
    events["absent"] = without

    answers = {
        reported: answer_of(transactions.send(world.east, event)) for reported, event in events.items()
    }

    assert answers == dict.fromkeys(events, refused(field))
    assert (items(world, world.east), documents(world, world.east)) == ([], [])


@pytest.mark.parametrize("field", FIELDS)
def test_the_outermost_values_of_a_field_are_accepted(
    world: World, transactions: Transactions, field: str
) -> None:
    events = [transactions.new(**{field: value}) for value in OUTERMOST[field]]

    answers = [answer_of(transactions.send(world.east, event)) for event in events]

    assert [status for status, _ in answers] == [200] * len(events)
    assert len(items(world, world.east)) == len(documents(world, world.east)) == len(events)


def test_an_event_that_is_no_transaction_is_refused_by_all_its_fields(world: World) -> None:
    client, name = world.clients.lambda_(world.west.region), world.west["LambdaFunctionName"]
    events: tuple[Any, ...] = (None, [], [{"amount": 1}], "transaction", "", 5, 0, True, False, {})

    answers = {json.dumps(event): answer_of(lambda_.invoke(client, name, event)) for event in events}

    assert answers == {json.dumps(event): refused(*FIELDS) for event in events}


def test_each_of_several_malformed_fields_is_named(world: World, transactions: Transactions) -> None:
    response = transactions.send(world.west, transactions.new(amount=0, currency="euro", timestamp="today"))

    assert answer_of(response) == refused("timestamp", "amount", "currency")


def test_a_refusal_repeats_no_value_in_its_answer_or_its_log(
    world: World, transactions: Transactions
) -> None:
    event = transactions.new(
        transactionId="id with/marks", currency="secret-currency", accountNumber="secret account"
    )

    response = transactions.send(world.east, event)

    seen = json.dumps(response.payload) + response.log_tail
    assert answer_of(response) == refused("transactionId", "currency", "accountNumber")
    assert [value for value in map(str, event.values()) if value in seen] == []


def test_what_is_no_field_of_a_transaction_is_not_stored(world: World, transactions: Transactions) -> None:
    event = transactions.new(note="for your eyes only", processedIn="elsewhere")

    answer = answer_of(transactions.send(world.east, event))

    item = transactions.item(world.east, event)
    assert answer == accepted(event, processed_in=world.east.region)
    assert item is not None
    assert item.keys() == {
        "transactionId",
        "timestamp",
        "amount",
        "currency",
        "accountNumberEncrypted",
        "processedIn",
        "environment",
    }
    assert item["processedIn"] == {"S": world.east.region}
