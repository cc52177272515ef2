"""The checks of functions and of loss: green on the stack as deployed, red by one fault each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience import (
    ItemLeft,
    ObjectsLeft,
    comes_back,
    function_answers,
    stays_in_region,
    survives_loss,
    update_survives_loss,
)

from . import faults
from .stack import ORDER
from .trial import HERE, THERE

if TYPE_CHECKING:
    from .trial import Trial

LEAVES = (ItemLeft("OrdersTable", {"id": "{qa}"}), ObjectsLeft("Documents", "orders/{qa}"))
ANSWER = {"statusCode": 200}


def test_functions_that_work_in_each_region_pass_and_leave_nothing(trial: Trial) -> None:
    result = trial.run(function_answers("ApiFunction", ORDER, ANSWER, leaves=LEAVES))

    assert (result, trial.left()) == ("PASSED", ())
    table = trial.clients.dynamodb(HERE).scan(TableName="orders")
    assert table["Items"] == []


def test_a_standby_that_lacks_a_right_is_red(trial: Trial) -> None:
    with faults.denied(trial, "ApiRole", "dynamodb:PutItem"), pytest.raises(AssertionError) as red:
        trial.run(function_answers("ApiFunction", ORDER, ANSWER, leaves=LEAVES))

    assert str(red.value).startswith(
        f"ApiFunction (orders-api-{THERE}) in {THERE}: found the error Unhandled: "
    )
    assert "AccessDenied" in str(red.value)
    assert trial.left() == ()


def test_a_variable_with_an_arn_of_another_region_is_red_without_any_event(trial: Trial) -> None:
    foreign = f"arn:aws:kms:{HERE}:123456789012:key/mrk-1"
    with faults.variable(trial, "KEY", foreign), pytest.raises(AssertionError) as red:
        trial.run(function_answers("ApiFunction"))

    assert f"found variables of another region: {{'KEY': '{foreign}'}}" in str(red.value)


def test_the_other_region_goes_on_without_the_lost_one_and_the_time_is_measured(trial: Trial) -> None:
    lost = survives_loss(HERE, calls="ApiFunction", event=ORDER, expect=ANSWER, leaves=LEAVES, rto=60)

    assert (trial.run(lost), trial.left()) == ("PASSED", ())
    assert float(str(trial.reported["qa.measure.rto"])) < 60


def test_a_bucket_of_the_lost_region_in_the_way_of_the_standby_is_red(trial: Trial) -> None:
    lost = survives_loss(HERE, calls="ApiFunction", event=ORDER, expect=ANSWER, leaves=LEAVES)
    with (
        faults.variable(trial, "BUCKET", trial.physical("Documents", HERE)),
        faults.allowed(trial, "ApiRole", "s3:PutObject"),
        pytest.raises(AssertionError) as red,
    ):
        trial.run(lost)

    assert str(red.value).startswith(f"ApiFunction (orders-api-{THERE}) in {THERE}: found ")
    assert f"This is without {HERE}: look for a client, key, table, bucket" in str(red.value)
    assert trial.left() == ()


def test_a_region_that_comes_back_has_what_was_written_meanwhile(trial: Trial) -> None:
    result = trial.run(comes_back(HERE, table="OrdersTable", calls="ApiFunction"))

    assert (result, trial.left()) == ("PASSED", ())


def test_replication_that_stays_stopped_after_the_return_is_red(trial: Trial) -> None:
    with faults.stuck_after_return(trial, THERE, HERE), pytest.raises(AssertionError) as red:
        trial.run(comes_back(HERE, table="OrdersTable"), patience=2.0)

    assert str(red.value).startswith(f"OrdersTable (orders) in {HERE}: found no item ")
    assert trial.left() == ()


def test_a_stack_that_takes_an_update_without_the_lost_region_passes_and_has_no_tag_left(
    trial: Trial,
) -> None:
    result = trial.run(update_survives_loss(HERE))

    stack = trial.clients.cloudformation(THERE).describe_stacks(StackName="Orders-dev")["Stacks"][0]
    assert (result, trial.left(), stack["Tags"]) == ("PASSED", (), [])


def test_a_stack_that_takes_no_update_is_red(trial: Trial) -> None:
    with faults.lost_topic(trial), pytest.raises(AssertionError) as red:
        trial.run(update_survives_loss(HERE))

    assert str(red.value) == (
        f"stack Orders-dev in {THERE}: found UPDATE_ROLLBACK_COMPLETE without {HERE}, expected "
        "UPDATE_COMPLETE. Look at its first failed event: what the stack is made of must lie in its own "
        "region."
    )
    assert trial.left() == ()


def test_functions_that_ask_their_own_region_alone_pass(trial: Trial) -> None:
    result = trial.run(stays_in_region("ApiFunction", ORDER, leaves=LEAVES))

    assert (result, trial.left()) == ("PASSED", ())


def test_a_client_of_another_region_is_red_until_it_is_allowed(trial: Trial) -> None:
    check = stays_in_region("ApiFunction", ORDER, leaves=LEAVES)
    allowing = stays_in_region("ApiFunction", ORDER, leaves=LEAVES, allow=["kms:Encrypt"])
    with faults.changed_code(trial, "new KMSClient(here)", f"new KMSClient({{ region: '{HERE}' }})"):
        with pytest.raises(AssertionError) as red:
            trial.run(check)
        allowed = trial.run(allowing)

    assert str(red.value).startswith(
        f"ApiFunction (orders-api-{THERE}) in {THERE}: found requests to other regions: kms:Encrypt in "
        f"{HERE}, expected requests to {THERE} alone."
    )
    assert (allowed, trial.left()) == ("PASSED", ())
