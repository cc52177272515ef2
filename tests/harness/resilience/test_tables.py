"""The checks of global tables: green on the stack as deployed, red by one fault each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience import restorable, table_converges, table_replicates

from . import faults
from .trial import HERE, PATIENCE, THERE

if TYPE_CHECKING:
    from .trial import Trial


def test_a_global_table_passes_and_leaves_nothing(trial: Trial) -> None:
    result = trial.run(table_replicates("OrdersTable", rpo=5))

    assert (result, trial.left()) == ("PASSED", ())
    assert float(str(trial.reported["qa.measure.rpo"])) < 5


@pytest.mark.parametrize(
    "name", ["TableName", "orders", f"arn:aws:dynamodb:{HERE}:123456789012:table/orders"]
)
def test_a_table_is_found_by_output_physical_name_and_arn(trial: Trial, name: str) -> None:
    assert trial.run(table_replicates(name)) == "PASSED"


def test_stopped_replication_in_one_direction_is_red_by_both_regions(trial: Trial) -> None:
    with faults.stopped_replication(trial, THERE, HERE), pytest.raises(AssertionError) as red:
        trial.run(table_replicates("OrdersTable", rpo=PATIENCE))

    assert str(red.value).startswith(f"OrdersTable (orders) in {HERE}: found no item ")
    assert f"expected the item as written in {THERE} within 1.5 s." in str(red.value)
    assert f"Look at the replication from {THERE} to {HERE}" in str(red.value)
    assert trial.left() == ()


def test_simultaneous_writes_end_equal_and_the_lost_ones_are_counted(trial: Trial) -> None:
    result = trial.run(table_converges("OrdersTable", writes=2))

    assert (result, trial.left()) == ("PASSED", ())
    assert trial.reported["qa.lost_writes"] == "2 of 4"


def test_regions_that_stay_different_are_red(trial: Trial) -> None:
    with (
        faults.stopped_replication(trial, THERE, HERE),
        faults.stopped_replication(trial, HERE, THERE),
        pytest.raises(AssertionError) as red,
    ):
        trial.run(table_converges("OrdersTable", writes=1), patience=PATIENCE)

    assert str(red.value).startswith(
        f"OrdersTable (orders) in {HERE}: found {{'{HERE}': 'the item by {HERE}', "
        f"'{THERE}': 'the item by {THERE}'}} "
    )
    assert trial.left() == ()


def test_a_table_and_a_bucket_that_can_be_restored_pass(trial: Trial) -> None:
    assert trial.run(restorable("OrdersTable")) == "PASSED"
    assert trial.run(restorable("Documents")) == "PASSED"


def test_recovery_that_is_off_in_one_region_is_red(trial: Trial) -> None:
    with faults.no_recovery(trial), pytest.raises(AssertionError) as red:
        trial.run(restorable("OrdersTable"))

    assert str(red.value) == (
        f"OrdersTable (orders) in {THERE}: found point-in-time recovery DISABLED, expected ENABLED. Enable "
        "it for this replica: it is set per replica."
    )
