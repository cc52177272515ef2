"""Tearing two stacks down with everything in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from qa.stack.bucket import object_versions
from qa.stack.deploy import DeployError
from qa.stack.destroy import Obstacles, obstacles_in
from qa.stack.progress import StackEvent

from .orders import EAST, WEST, Orders, bucket, template

if TYPE_CHECKING:
    from qa.stack import Outputs


def put_documents(orders: Orders, outputs: Outputs) -> None:
    s3 = orders.clients.s3(EAST)
    s3.put_object(Bucket=outputs["PrimaryBucket"], Key="a", Body=b"1")
    s3.put_object(Bucket=outputs["PrimaryBucket"], Key="a", Body=b"2")
    s3.delete_object(Bucket=outputs["PrimaryBucket"], Key="a")


def test_both_stacks_go_with_their_documents(orders: Orders) -> None:
    outputs = orders.deploy()
    put_documents(orders, outputs)

    orders.destroy()

    assert [orders.status(EAST), orders.status(WEST)] == [None, None]
    assert object_versions(orders.clients.s3(EAST), outputs["PrimaryBucket"]) == ()


def test_parameters_are_set_on_both_stacks_before_the_secondary_goes_first(orders: Orders) -> None:
    orders.deploy()

    orders.destroy()

    assert orders.operations == [("update", EAST), ("update", WEST), ("delete", WEST), ("delete", EAST)]


def test_what_is_deleted_is_told_with_its_number(orders: Orders, unique: str) -> None:
    put_documents(orders, orders.deploy())

    orders.destroy()

    assert orders.notices == [f"us-east-1: emptying 'orders-us-east-1-{unique}', 3 versions"]


def test_what_is_gone_already_is_found_gone(orders: Orders, unique: str) -> None:
    orders.deploy()
    orders.destroy()

    orders.destroy()

    assert orders.notices == [f"no stack 'Orders-{unique}' in us-east-1 or us-west-2"]


def test_a_half_made_deployment_is_torn_down_too(orders: Orders, unique: str) -> None:
    orders.clients.s3(WEST).create_bucket(
        Bucket=f"taken-{unique}", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    orders.change(template(Taken={**bucket("taken"), "Condition": "IsWest"}))
    with pytest.raises(DeployError):
        orders.deploy()

    orders.destroy()

    assert [orders.status(EAST), orders.status(WEST)] == [None, None]


def test_a_bucket_that_nobody_said_to_empty_stays_with_its_stack(orders: Orders, unique: str) -> None:
    orders.change(template(Kept={**bucket("kept"), "Condition": "IsEast"}))
    orders.deploy()
    orders.clients.s3(EAST).put_object(Bucket=f"kept-{unique}", Key="a", Body=b"1")

    with pytest.raises(DeployError) as failed:
        orders.destroy()

    assert str(failed.value).splitlines()[0] == (
        f"delete of stack 'Orders-{unique}' in us-east-1 ended as DELETE_FAILED."
    )
    assert "Still there: Kept." in str(failed.value)


def failure(resource_type: str, reason: str) -> StackEvent:
    return StackEvent(
        event_id="1",
        time=datetime(2026, 1, 2, tzinfo=UTC),
        region=EAST,
        stack_name="Orders",
        logical_id="Resource",
        resource_type=resource_type,
        physical_id="orders",
        status="DELETE_FAILED",
        reason=reason,
    )


def test_a_bucket_that_was_refilled_is_a_known_obstacle() -> None:
    events = [failure("AWS::S3::Bucket", "The bucket you tried to delete is not empty")]

    assert obstacles_in(events) == Obstacles(buckets=("orders",))


def test_a_table_that_a_replica_was_made_from_today_is_a_known_obstacle() -> None:
    reason = (
        "Replica cannot be deleted because it has acted as a source region for new replica(s) being added "
        "to the table in the last 24 hours"
    )

    assert obstacles_in([failure("AWS::DynamoDB::GlobalTable", reason)]) == Obstacles(
        source_tables=("orders",)
    )


def test_any_other_refusal_is_no_known_obstacle() -> None:
    assert not obstacles_in([failure("AWS::KMS::Key", "access denied")])
