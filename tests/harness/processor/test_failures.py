"""A failure of AWS is thrown, so that it counts as an error and is retried; it never looks like an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qa.wait import until
from tests.harness.reds.changes import take_right

from .answers import documents, items, thrown

if TYPE_CHECKING:
    from tests.harness.reds.world import World
    from tests.integration.sides import Side
    from tests.integration.transactions import Transactions


def errors_counted(world: World, side: Side) -> float:
    """Return the sum of AWS/Lambda Errors of a side's processor."""
    response = world.clients.cloudwatch(side.region).get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": side["LambdaFunctionName"]}],
        StartTime=datetime.now(UTC) - timedelta(hours=1),
        EndTime=datetime.now(UTC) + timedelta(hours=1),
        Period=60,
        Statistics=["Sum"],
    )
    return sum(point["Sum"] for point in response["Datapoints"])


@pytest.mark.parametrize(
    ("action", "error", "stored"),
    [
        ("kms:Encrypt", "AccessDeniedException", 0),
        ("dynamodb:PutItem", "AccessDeniedException", 0),
        ("s3:PutObject", "AccessDenied", 1),
    ],
    ids=["encryption", "item", "document"],
)
def test_a_denied_call_is_thrown_with_awss_own_words(
    world: World, transactions: Transactions, action: str, error: str, stored: int
) -> None:
    take_right(world, world.east, action)

    response = transactions.send(world.east, transactions.new())

    assert thrown(response) == ("Unhandled", error)
    assert isinstance(response.payload, dict)
    assert action in response.payload["errorMessage"]
    assert len(items(world, world.east)) == stored
    assert documents(world, world.east) == []


def test_a_failure_counts_in_the_errors_of_the_function(world: World, transactions: Transactions) -> None:
    world.clients.kms(world.west.region).disable_key(KeyId=world.west["KMSKeyId"])

    response = transactions.send(world.west, transactions.new())

    assert thrown(response) == ("Unhandled", "DisabledException")
    until(
        lambda: errors_counted(world, world.west),
        lambda sum_: sum_ == 1,
        what="errors of West's processor",
        within=5.0,
    )
    assert errors_counted(world, world.east) == 0


def test_the_protected_value_is_in_no_log_of_a_failure(world: World, transactions: Transactions) -> None:
    event = transactions.new()
    take_right(world, world.east, "dynamodb:PutItem")

    response = transactions.send(world.east, event)

    assert thrown(response) == ("Unhandled", "AccessDeniedException")
    assert "AccessDeniedException" in response.log_tail
    assert event["accountNumber"] not in response.log_tail
    assert event["accountNumber"] not in str(response.payload)


def test_a_table_that_throttles_for_good_is_thrown_once_the_sdk_has_given_up(
    world: World, transactions: Transactions
) -> None:
    world.control.start_fault("throttle", region=world.east.region, service="dynamodb", operation="PutItem")

    response = transactions.send(world.east, transactions.new())

    assert thrown(response) == ("Unhandled", "ThrottlingException")
    assert (items(world, world.east), documents(world, world.east)) == ([], [])
