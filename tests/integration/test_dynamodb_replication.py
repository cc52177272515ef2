"""The global table: one table, two regions, and what is written in either arrives in the other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from qa.probe import dynamodb
from qa.resilience import table_converges
from qa.wait import hold, until

from .records import Records, records_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.probe.dynamodb import Item
    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.run import Run

PAUSE = 0.05
STAYS_GONE = 3.0


@pytest.fixture
def records(clients: Clients, outputs: Outputs, run: Run) -> Records:
    return records_of(clients, outputs, run)


def arrival(records: Records, region: str, record: Item, *, within: float) -> float:
    """Wait until a region has exactly this record and return the seconds that it took from now."""
    start = time.monotonic()
    until(
        lambda: records.read(region, record),
        lambda seen: seen == record,
        what=f"record {record['transactionId']['S']!r} of {records.table_name!r} in {region}",
        within=within,
        every=PAUSE,
    )
    return time.monotonic() - start


def departure(records: Records, region: str, record: Item, *, within: float) -> None:
    until(
        lambda: records.read(region, record),
        lambda seen: seen is None,
        what=f"deleted record {record['transactionId']['S']!r} of {records.table_name!r} in {region}",
        within=within,
        every=PAUSE,
    )


@pytest.mark.qa_check("T1", "both")
def test_the_table_is_one_healthy_global_table_with_a_recoverable_replica_in_each_region(
    clients: Clients,
    outputs: Outputs,
    east: str,
    west: str,
    deadline: Callable[[str], float],
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    table_name = outputs["TransactionsTableName"]

    def check(region: str) -> None:
        client = clients.dynamodb(region)
        state = until(
            lambda: dynamodb.table_state(client, table_name),
            lambda seen: seen is None or set(seen.other_replicas.values()) == {"ACTIVE"},
            what=f"replicas of {table_name!r} as {region} sees them",
            within=deadline("T1"),
        )
        assert state is not None, f"{region} has no table {table_name!r}: its replica was lost"
        # AWS lists the *other* replicas only
        assert {region} | set(state.other_replicas) == {east, west}
        assert state.status == "ACTIVE"
        assert state.billing_mode == "PAY_PER_REQUEST"
        assert state.stream_view_type == "NEW_AND_OLD_IMAGES"
        assert dynamodb.point_in_time_recovery(client, table_name) == "ENABLED", (
            f"point-in-time recovery of the replica in {region}; it is set per replica"
        )

    in_each_region(check)


@pytest.mark.qa_check("T2", "secondary")
def test_a_record_written_in_east_appears_equal_in_west(
    records: Records,
    east: str,
    west: str,
    deadline: Callable[[str], float],
    measure: Callable[[str, float], None],
) -> None:
    record = records.new(east, note="from East")

    with records.removing(east, record):
        measure("replication_lag", arrival(records, west, record, within=deadline("T2")))


@pytest.mark.qa_check("T3", "primary")
def test_a_record_written_in_west_appears_equal_in_east(
    records: Records,
    east: str,
    west: str,
    deadline: Callable[[str], float],
    measure: Callable[[str, float], None],
) -> None:
    record = records.new(west, note="from West")

    with records.removing(west, record):
        measure("replication_lag", arrival(records, east, record, within=deadline("T3")))


@pytest.mark.qa_check("T4", "both")
def test_a_change_made_in_west_to_a_record_of_east_reaches_east_whole(
    records: Records,
    east: str,
    west: str,
    deadline: Callable[[str], float],
    measure: Callable[[str, float], None],
) -> None:
    record = records.new(east, note="as written in East", kept="untouched")

    with records.removing(west, record):
        arrival(records, west, record, within=deadline("T4"))
        records.change(west, record, note="as changed in West")

        changed = {**record, "note": {"S": "as changed in West"}}
        measure("replication_lag", arrival(records, east, changed, within=deadline("T4")))


@pytest.mark.qa_check("T5", "both", watches=STAYS_GONE)
def test_a_deletion_reaches_the_other_region_and_stays(
    records: Records, east: str, west: str, deadline: Callable[[str], float]
) -> None:
    record = records.new(east, note="to be deleted")
    with records.removing(east, record):
        arrival(records, west, record, within=deadline("T5"))

    departure(records, west, record, within=deadline("T5"))
    watch_for_return(records, (east, west), record)


def watch_for_return(records: Records, regions: tuple[str, ...], record: Item) -> None:
    """Look for the time that a resurrection would take, in both regions."""
    hold(
        lambda: {region: records.read(region, record) for region in regions},
        lambda seen: not any(seen.values()),
        what=f"deleted record {record['transactionId']['S']!r}, which must not come back,",
        seconds=STAYS_GONE,
    )


test_two_simultaneous_writes_converge_to_one_of_the_two = table_converges(
    "TransactionsTable", writes=1, check="T6"
)
