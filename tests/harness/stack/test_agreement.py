"""Two stacks whose templates differ in text: which template they agree on, and when they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa.stack import Expected, OutputsError, read_outputs, read_template
from qa.stack.changeset import StackRequest, create_or_update
from qa.stack.deploy import refresh_outputs
from qa.stack.progress import to_nobody

from .orders import EAST, WEST, Orders, bucket, template

if TYPE_CHECKING:
    from qa.stack import Outputs


def table(time_to_live: str) -> dict[str, Any]:
    """Return the table that the primary region alone holds."""
    return {
        "Type": "AWS::DynamoDB::Table",
        "Condition": "IsEast",
        "Properties": {
            "TableName": {"Fn::Sub": "orders-${Suffix}"},
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "TimeToLiveSpecification": {"AttributeName": time_to_live, "Enabled": True},
        },
    }


def in_one(region: str, *, tag: str) -> dict[str, Any]:
    """Return a bucket that one region alone holds."""
    only = bucket(f"only-{region}")
    only["Condition"] = "IsEast" if region == EAST else "IsWest"
    only["Properties"]["Tags"] = [{"Key": "use", "Value": tag}]
    return only


def admitted(orders: Orders, outputs: Outputs) -> Outputs:
    """Return the outputs as a run on the project's template takes them."""
    return read_outputs(
        outputs.source,
        Expected(
            target=orders.clients.target,
            account="123456789012",
            regions=(EAST, WEST),
            suffix=orders.deployment.suffix,
            template_digest=read_template(orders.project.template).digest,
            stacks=tuple((place.name, place.region) for place in orders.deployment.places),
        ),
    )


def somebody_else_updates(orders: Orders, region: str, changed: dict[str, Any]) -> None:
    orders.change(changed)
    request = StackRequest(
        region=region,
        stack_name=orders.deployment.stack_name,
        body=read_template(orders.project.template).body,
        parameters={},
        keeps=("Suffix", "Both", "Other"),
    )
    create_or_update(orders.clients, request, to_nobody)


def read_again(orders: Orders) -> Outputs:
    path = orders.project.root / "out" / "flat-outputs.json"
    return refresh_outputs(orders.project, orders.deployment, orders.clients, outputs_to=path)


def change_sets(orders: Orders) -> list[object]:
    """Return the change sets that wait for a decision."""
    return [
        summary["ChangeSetName"]
        for region in (EAST, WEST)
        for summary in orders.clients.cloudformation(region).list_change_sets(
            StackName=orders.deployment.stack_name
        )["Summaries"]
        if summary["ExecutionStatus"] == "AVAILABLE"
    ]


def test_a_change_of_the_table_that_one_region_holds_is_deployed_once_and_a_run_is_admitted(
    orders: Orders,
) -> None:
    orders.change(template(Table=table("expires")))
    orders.deploy()
    orders.change(template(Table=table("ends")))

    first = orders.deploy()
    outcomes = orders.outcomes
    second = orders.deploy()

    assert outcomes == [(EAST, "UPDATE_COMPLETE"), (WEST, "no changes")]
    assert orders.outcomes == [(EAST, "no changes"), (WEST, "no changes")]
    assert admitted(orders, first).values == admitted(orders, second).values
    assert change_sets(orders) == []


def test_one_change_of_each_region_alone_is_one_template(orders: Orders) -> None:
    orders.change(template(East=in_one(EAST, tag="a"), West=in_one(WEST, tag="a")))
    orders.deploy()
    orders.change(template(East=in_one(EAST, tag="b"), West=in_one(WEST, tag="a")))
    orders.deploy()
    orders.change(template(East=in_one(EAST, tag="b"), West=in_one(WEST, tag="b")))

    outputs = orders.deploy()

    assert orders.outcomes == [(EAST, "no changes"), (WEST, "UPDATE_COMPLETE")]
    assert admitted(orders, outputs) == outputs


def test_a_change_that_is_none_in_either_region_is_agreed_on(orders: Orders) -> None:
    orders.deploy()
    orders.change({**template(), "Description": "Orders of two regions"})

    outputs = orders.deploy()

    assert orders.outcomes == [(EAST, "no changes"), (WEST, "no changes")]
    assert admitted(orders, outputs) == outputs


def test_outputs_that_are_only_read_are_of_the_template_that_both_agree_on(orders: Orders) -> None:
    orders.change(template(Table=table("expires")))
    orders.deploy()
    orders.change(template(Table=table("ends")))
    deployed = orders.deploy()

    outputs = read_again(orders)

    assert admitted(orders, outputs).values == deployed.values
    assert change_sets(orders) == []


def test_outputs_are_read_where_no_template_lies(orders: Orders) -> None:
    orders.change(template(Table=table("expires")))
    orders.deploy()
    orders.change(template(Table=table("ends")))
    deployed = orders.deploy()
    orders.project.template.unlink()

    outputs = read_again(orders)

    assert outputs.record is not None
    assert deployed.record is not None
    assert outputs.record.template_digest == deployed.record.template_digest


def test_a_changed_default_that_a_deployment_would_take_is_a_difference(orders: Orders) -> None:
    named = bucket("named")
    named["Properties"]["Tags"] = [{"Key": "use", "Value": {"Ref": "Use"}}]
    before = template(Named={**named, "Condition": "IsEast"})
    before["Parameters"]["Use"] = {"Type": "String", "Default": "a"}
    orders.change(before)
    orders.deploy()
    after = template(Named={**named, "Condition": "IsEast"})
    after["Parameters"]["Use"] = {"Type": "String", "Default": "b"}
    orders.change(after)

    outputs = read_again(orders)

    with pytest.raises(OutputsError, match="is of another template"):
        admitted(orders, outputs)


def test_a_stack_that_somebody_else_changed_is_not_of_this_template(orders: Orders) -> None:
    orders.change(template(East=in_one(EAST, tag="ours")))
    orders.deploy()
    somebody_else_updates(orders, EAST, template(East=in_one(EAST, tag="theirs")))
    orders.change(template(East=in_one(EAST, tag="ours")))

    outputs = read_again(orders)

    with pytest.raises(OutputsError, match="is of another template"):
        admitted(orders, outputs)


def test_really_different_templates_are_refused_with_what_each_would_change(orders: Orders) -> None:
    orders.deploy()
    before = read_template(orders.project.template).digest
    somebody_else_updates(orders, WEST, template(More=bucket("more")))
    after = read_template(orders.project.template).digest

    with pytest.raises(OutputsError) as refused:
        read_again(orders)

    assert str(refused.value) == (
        f"the stacks {orders.deployment.stack_name!r} are of different templates (us-east-1 {before[:12]}…, "
        f"us-west-2 {after[:12]}…). Given the other's template, us-west-2 would change More; us-east-1 would "
        "change More. Run `make deploy`."
    )
    assert change_sets(orders) == []


def test_stacks_that_agree_without_the_same_text_are_destroyed(orders: Orders) -> None:
    orders.change(template(Table=table("expires")))
    orders.deploy()
    orders.change(template(Table=table("ends")))
    orders.deploy()

    orders.destroy()

    assert (orders.status(EAST), orders.status(WEST)) == (None, None)
