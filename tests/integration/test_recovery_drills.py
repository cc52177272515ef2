"""The loss of a region, rehearsed: how much would be missing, and how soon work goes on."""

from __future__ import annotations

import base64
import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from qa.probe import kms
from qa.resilience.barred import clients_without
from qa.resilience.verdicts import refusals_of_the_stack
from qa.wait import until

from .bounds import rpo_bound, rto_bound
from .records import Records, records_of
from .transactions import Event, Transactions

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.probe.dynamodb import Item
    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.run import Run

    from .sides import Side, Sides

RECORDS = 10
LOOK_EVERY = 0.05


def seconds_until_there(records: Records, region: str, record: Item, *, within: float) -> float:
    """Return for how long at least an acknowledged record was not yet in the other region.

    A read that misses proves that for the moment when it was sent, however late its answer comes.
    """
    acknowledged = time.monotonic()
    sent: list[float] = []

    def read() -> Item | None:
        sent.append(time.monotonic())
        return records.read(region, record)

    until(
        read,
        lambda seen: seen == record,
        what=f"acknowledged record {record['transactionId']['S']!r} in {region}",
        within=within,
        every=LOOK_EVERY,
    )
    return sent[-2] - acknowledged if len(sent) > 1 else 0.0


@pytest.mark.qa_check("R1", "secondary")
def test_what_a_loss_of_east_would_cost_stays_within_the_recovery_point_objective(
    clients: Clients,
    outputs: Outputs,
    run: Run,
    east: str,
    west: str,
    deadline: Callable[[str], float],
    measure: Callable[..., None],
) -> None:
    records = records_of(clients, outputs, run)
    written: list[Item] = []
    try:
        with ThreadPoolExecutor(RECORDS) as watchers:
            ages = []
            for number in range(RECORDS):
                written.append(records.new(east, note=f"loss drill {number}"))
                ages.append(
                    watchers.submit(seconds_until_there, records, west, written[-1], within=deadline("R1"))
                )
            exposed = [age.result() for age in ages]
    finally:
        for record in written:
            records.delete(east, record)

    for age in exposed:
        measure("replication_lag", age)
    measure("rpo", max(exposed), bound=rpo_bound())
    assert max(exposed) <= rpo_bound(), "seconds of acknowledged records that a loss of East would have cost"


@pytest.mark.qa_check("R2", "secondary")
def test_west_alone_reads_old_records_and_processes_new_ones_within_the_recovery_time_objective(
    clients: Clients,
    sides: Sides,
    run: Run,
    east: str,
    west: str,
    deadline: Callable[[str], float],
    measure: Callable[..., None],
) -> None:
    everywhere = Transactions(clients=clients, sides=sides, run=run)
    old = processed_in(everywhere, sides.primary)
    await_in(everywhere, sides.secondary, old, within=deadline("R2"))
    new = everywhere.new()

    lost_at = time.monotonic()
    alone = dataclasses.replace(everywhere, clients=clients_without(clients, east, surviving=west))
    recovered = protected_field(alone, sides.secondary, old)
    send_valid(alone, sides.secondary, new)
    new_recovered = protected_field(alone, sides.secondary, new)
    rto = time.monotonic() - lost_at

    measure("rto", rto, bound=rto_bound())
    assert recovered == old["accountNumber"]
    assert new_recovered == new["accountNumber"]
    assert rto <= rto_bound(), "seconds until West alone had read the old record and processed a new one"


def processed_in(transactions: Transactions, side: Side) -> Event:
    event = transactions.new()
    send_valid(transactions, side, event)
    return event


def send_valid(transactions: Transactions, side: Side, event: Event) -> None:
    __tracebackhide__ = True
    answer = transactions.send(side, event)
    status = answer.payload.get("statusCode") if isinstance(answer.payload, dict) else None
    assert (answer.error, status) == (None, 200), f"{side['LambdaFunctionName']} answered {answer}"


def await_in(transactions: Transactions, side: Side, event: Event, *, within: float) -> None:
    until(
        lambda: transactions.item(side, event),
        lambda item: item is not None,
        what=f"transaction {event['transactionId']!r} in {side.region}",
        within=within,
        every=LOOK_EVERY,
    )


def protected_field(transactions: Transactions, side: Side, event: Event) -> str:
    """Return the account number of a stored transaction, opened by the side's own key."""
    item = transactions.item(side, event)
    assert item is not None, f"{side.region} has no transaction {event['transactionId']!r}"
    # a ciphertext that only the lost region could open is refused with a denial, too
    with refusals_of_the_stack(besides=["AccessDeniedException"]):
        opened = kms.decrypt(
            transactions.clients.kms(side.region),
            base64.b64decode(item["accountNumberEncrypted"]["S"]),
            context={"transactionId": str(event["transactionId"])},
            key=side["KMSKeyArn"],
        )
    return opened.plaintext.decode()
