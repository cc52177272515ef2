"""Deploying two stacks: afresh, again, after a break, and when something fails."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from qa.stack import Expected, OutputsError, read_outputs, read_template
from qa.stack.changeset import StackRequest, create_or_update
from qa.stack.deploy import DeployError, is_taken, refresh_outputs
from qa.stack.live import find_stack
from qa.stack.progress import StackEvent, to_nobody
from qa.stack.project import DeployStep, OutputOf, Role, When

from .orders import EAST, WEST, Orders, bucket, template

if TYPE_CHECKING:
    from collections.abc import Mapping


def steps_of(*, both_exist: bool) -> list[When]:
    steps = [DeployStep(role=Role.PRIMARY, when=when) for when in When]
    return [step.when for step in steps if is_taken(step, both_exist=both_exist)]


def expected(orders: Orders) -> Expected:
    return Expected(
        target=orders.clients.target,
        account="123456789012",
        regions=(EAST, WEST),
        suffix=orders.deployment.suffix,
        template_digest=read_template(orders.project.template).digest,
        stacks=tuple((place.name, place.region) for place in orders.deployment.places),
    )


def break_off_after_the_first_step(orders: Orders) -> None:
    parameters: Mapping[str, str] = {"Suffix": orders.deployment.suffix, "Both": "false"}
    create_or_update(
        orders.clients,
        StackRequest(
            region=EAST,
            stack_name=orders.deployment.stack_name,
            body=read_template(orders.project.template).body,
            parameters=parameters,
        ),
        to_nobody,
    )


def test_a_fresh_deployment_takes_its_own_steps() -> None:
    assert steps_of(both_exist=False) == [When.ALWAYS, When.FRESH]


def test_a_deployment_over_both_stacks_takes_its_own_steps() -> None:
    assert steps_of(both_exist=True) == [When.ALWAYS, When.BOTH_EXIST]


def test_a_fresh_deployment_goes_through_its_steps_in_order(orders: Orders) -> None:
    orders.deploy()

    assert orders.operations == [("create", EAST), ("create", WEST), ("update", EAST)]


def test_the_outputs_of_both_stacks_are_in_one_file(orders: Orders, unique: str) -> None:
    outputs = orders.deploy()

    assert outputs.values == {
        "PrimaryBucket": f"orders-us-east-1-{unique}",
        "SecondaryBucket": f"orders-us-west-2-{unique}",
        "Suffix": unique,
    }


def test_the_outputs_file_is_taken_by_a_run_on_the_same_target(orders: Orders) -> None:
    outputs = orders.deploy()

    assert read_outputs(outputs.source, expected(orders)) == outputs


def test_a_parameter_takes_the_output_of_the_other_stack(orders: Orders, unique: str) -> None:
    orders.deploy()

    stack = find_stack(orders.clients, WEST, orders.deployment.stack_name)
    assert stack is not None
    assert stack.parameters == {"Suffix": unique, "Both": "true", "Other": f"orders-us-east-1-{unique}"}


def test_the_same_deployment_again_changes_nothing(orders: Orders) -> None:
    orders.deploy()

    orders.deploy()

    assert orders.outcomes == [(EAST, "no changes"), (WEST, "no changes")]


def test_a_changed_template_updates_both_stacks(orders: Orders) -> None:
    orders.deploy()
    changed = template()
    changed["Resources"]["Topic"]["Properties"]["DisplayName"] = "Orders"
    orders.change(changed)

    orders.deploy()

    assert orders.operations == [("update", EAST), ("update", WEST)]


def test_a_deployment_that_broke_off_is_continued(orders: Orders) -> None:
    break_off_after_the_first_step(orders)

    orders.deploy()

    assert (orders.outcomes, orders.operations) == (
        [(EAST, "no changes"), (WEST, "CREATE_COMPLETE"), (EAST, "UPDATE_COMPLETE")],
        [("create", WEST), ("update", EAST)],
    )


def test_every_event_of_both_regions_is_told_once(orders: Orders) -> None:
    orders.deploy()

    events = [event for event in orders.reported if isinstance(event, StackEvent)]
    made = {(each.region, each.logical_id) for each in events if each.status == "CREATE_COMPLETE"}
    assert made >= {(EAST, "Bucket"), (EAST, "Topic"), (WEST, "Bucket"), (WEST, "Topic")}
    assert len({each.event_id for each in events}) == len(events)


def test_a_failed_creation_names_the_resource_the_reason_and_the_rollback(
    orders: Orders, unique: str
) -> None:
    orders.clients.s3(EAST).create_bucket(Bucket=f"taken-{unique}")
    orders.change(template(Taken={**bucket("taken"), "DependsOn": "Bucket"}))

    with pytest.raises(DeployError) as failed:
        orders.deploy()

    first, second, third = str(failed.value).splitlines()
    assert first == f"create of stack 'Orders-{unique}' in us-east-1 ended as ROLLBACK_COMPLETE."
    assert second.startswith("First to fail: 'Taken' (AWS::S3::Bucket), CREATE_FAILED: ")
    assert third.startswith("Rolled back: Bucket removed; nothing of the stack is left.")


def test_a_stack_whose_creation_was_rolled_back_is_made_anew(orders: Orders, unique: str) -> None:
    orders.clients.s3(EAST).create_bucket(Bucket=f"taken-{unique}")
    orders.change(template(Taken={**bucket("taken"), "Condition": "IsEast"}))
    with pytest.raises(DeployError):
        orders.deploy()
    orders.clients.s3(EAST).delete_bucket(Bucket=f"taken-{unique}")

    orders.deploy()

    assert orders.operations == [("delete", EAST), ("create", EAST), ("create", WEST), ("update", EAST)]


def test_a_failed_update_leaves_the_stack_as_it_was(orders: Orders, unique: str) -> None:
    orders.deploy()
    orders.clients.s3(EAST).create_bucket(Bucket=f"taken-{unique}")
    orders.change(template(Taken=bucket("taken")))

    with pytest.raises(DeployError, match="First to fail: 'Taken'"):
        orders.deploy()

    assert orders.status(EAST) == "UPDATE_ROLLBACK_COMPLETE"


def test_a_stack_after_a_failed_update_is_updated_again(orders: Orders, unique: str) -> None:
    orders.deploy()
    orders.clients.s3(EAST).create_bucket(Bucket=f"taken-{unique}")
    orders.change(template(Taken=bucket("taken")))
    with pytest.raises(DeployError):
        orders.deploy()
    orders.change(template())

    orders.deploy()

    assert orders.outcomes == [(EAST, "no changes"), (WEST, "no changes")]


def test_a_value_that_the_template_does_not_allow_is_a_failure_of_the_stack(orders: Orders) -> None:
    steps = (DeployStep(role=Role.PRIMARY, parameters={"Both": "perhaps"}),)
    orders.project = dataclasses.replace(orders.project, steps=steps)

    with pytest.raises(DeployError, match=r"stack 'Orders-.*' in us-east-1 was refused: .*Both"):
        orders.deploy()


def test_a_refused_creation_leaves_no_empty_stack(orders: Orders) -> None:
    steps = (DeployStep(role=Role.PRIMARY, parameters={"Both": "perhaps"}),)
    orders.project = dataclasses.replace(orders.project, steps=steps)

    with pytest.raises(DeployError):
        orders.deploy()

    assert orders.status(EAST) is None


def test_a_step_that_needs_an_output_nobody_has_says_which(orders: Orders, unique: str) -> None:
    break_off_after_the_first_step(orders)
    steps = (DeployStep(role=Role.SECONDARY, parameters={"Other": OutputOf(output="Key", of=Role.PRIMARY)}),)
    orders.project = dataclasses.replace(orders.project, steps=steps)

    with pytest.raises(DeployError) as failed:
        orders.deploy()

    assert str(failed.value) == (
        f"a deploy step needs output 'Key' of stack 'Orders-{unique}' in us-east-1, which has: "
        "PrimaryBucket, Suffix. Fix [tool.qa.deploy] or the template."
    )


def test_outputs_can_be_read_again_without_a_deployment(orders: Orders) -> None:
    first = orders.deploy()
    first.source.unlink()

    again = refresh_outputs(orders.project, orders.deployment, orders.clients, outputs_to=first.source)

    assert again.values == first.values


def test_the_record_tells_the_template_that_the_stacks_have(orders: Orders) -> None:
    outputs = orders.deploy()
    deployed = read_template(orders.project.template).digest
    orders.change(template(More=bucket("more")))

    again = refresh_outputs(orders.project, orders.deployment, orders.clients, outputs_to=outputs.source)

    assert again.record is not None
    assert again.record.template_digest == deployed


def test_outputs_of_stacks_that_are_not_there_are_refused(orders: Orders, unique: str) -> None:
    with pytest.raises(OutputsError) as refused:
        refresh_outputs(
            orders.project, orders.deployment, orders.clients, outputs_to=orders.project.root / "o.json"
        )

    assert str(refused.value) == (
        f"stack 'Orders-{unique}' in us-east-1 is not there; stack 'Orders-{unique}' in us-west-2 is not "
        "there. Run `make deploy`."
    )
