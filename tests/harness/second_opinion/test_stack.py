"""The project's stack: what our reader makes of the template is what moto's parser had made of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.template import graph, template_of

from .properties import NOT_TOLD, READERS

if TYPE_CHECKING:
    from .deployed import Deployed


def test_the_stacks_were_made_of_the_template_as_it_lies_here(
    stacks: tuple[Deployed, ...], pytestconfig: pytest.Config
) -> None:
    written = json.loads((pytestconfig.rootpath / "lib" / "TapStack.json").read_text(encoding="utf-8"))

    assert [stack.template for stack in stacks] == [written, written]


def test_each_stack_holds_the_resources_whose_condition_we_find_true(stacks: tuple[Deployed, ...]) -> None:
    for stack in stacks:
        ours = {resource.logical_id: resource.type for resource in stack.evaluated().resources.values()}

        assert ours == stack.types, stack.region


def test_the_outputs_are_what_we_find(stacks: tuple[Deployed, ...]) -> None:
    for stack in stacks:
        ours = {name: stack.filled(output.value) for name, output in stack.evaluated().outputs.items()}

        assert ours == stack.outputs, stack.region


@pytest.mark.parametrize("resource_type", sorted(READERS))
def test_the_properties_that_we_find_are_those_that_the_service_tells(
    stacks: tuple[Deployed, ...], resource_type: str
) -> None:
    ours, reported = {}, {}
    for stack in stacks:
        for resource in stack.evaluated().resources.values():
            if resource.type == resource_type:
                place = (stack.region, resource.logical_id)
                properties = stack.filled(resource.properties)
                untold = NOT_TOLD.get(resource_type, frozenset())
                ours[place] = {key: value for key, value in properties.items() if key not in untold}
                physical_id = stack.physical_ids[resource.logical_id]
                reported[place] = READERS[resource_type](stack.clients, stack.region, physical_id)

    assert ours == reported
    assert ours != {}


def test_every_resource_type_of_the_stack_is_compared(stacks: tuple[Deployed, ...]) -> None:
    assert {kind for stack in stacks for kind in stack.types.values()} == READERS.keys()


def test_no_resource_was_begun_before_what_our_graph_says_it_needs(stacks: tuple[Deployed, ...]) -> None:
    # made in one step; the primary stack once had the other branch of a Fn::If, with other needs
    stack = stacks[1]
    events = stack.clients.cloudformation(stack.region).describe_stack_events(StackName=stack.stack_name)
    steps = [(each["LogicalResourceId"], each["ResourceStatus"]) for each in reversed(events["StackEvents"])]
    edges = graph(template_of(stack.template, source="the stack's template")).edges
    needs = [(name, need) for name in stack.types for need in edges[name] if need in stack.types]

    early = [
        f"{name} before {need}"
        for name, need in needs
        if steps.index((name, "CREATE_IN_PROGRESS")) < steps.index((need, "CREATE_COMPLETE"))
    ]

    assert early == []
    assert needs != []
