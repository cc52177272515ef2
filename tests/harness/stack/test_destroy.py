"""Tearing two stacks down with everything in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.stack.bucket import object_versions
from qa.stack.deploy import DeployError

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
