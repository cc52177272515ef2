"""Every intrinsic function: what our reader finds is what moto's parser gives a stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from qa.embedded.cloudformation.intrinsics import (
    CONDITION_FUNCTIONS,
    PSEUDO_PARAMETERS,
    SUPPORTED_FUNCTIONS,
)
from qa.template.intrinsics import VALUE_FUNCTIONS

from .deployed import Deployed, deployed
from .functions import ONE_SIDED, SHARED, TEMPLATE, functions_in

if TYPE_CHECKING:
    from qa.stack.clients import Clients

REGIONS = ("us-east-1", "us-west-2")


def made(clients: Clients, region: str, stack_name: str, template: dict[str, Any]) -> Deployed:
    """Create a stack of a template's defaults and return what it says of itself."""
    client = clients.cloudformation(region)
    client.create_stack(StackName=stack_name, TemplateBody=json.dumps(template))
    client.get_waiter("stack_create_complete").wait(
        StackName=stack_name, WaiterConfig={"Delay": 1, "MaxAttempts": 10}
    )
    return deployed(clients, region, stack_name)


@pytest.fixture(scope="session")
def every_function(clients: Clients) -> tuple[Deployed, ...]:
    """The stack with every function, in both regions."""
    stacks = []
    for region in REGIONS:
        made(clients, region, "shared", SHARED)
        stacks.append(made(clients, region, "every-function", TEMPLATE))
    return tuple(stacks)


def test_the_outputs_of_every_function_are_what_we_find(every_function: tuple[Deployed, ...]) -> None:
    for stack in every_function:
        ours = {name: stack.filled(output.value) for name, output in stack.evaluated().outputs.items()}

        assert ours == stack.outputs, stack.region


def test_the_resources_are_those_whose_condition_we_find_true(every_function: tuple[Deployed, ...]) -> None:
    for stack in every_function:
        ours = {resource.logical_id: resource.type for resource in stack.evaluated().resources.values()}

        assert ours == stack.types, stack.region


def test_properties_of_functions_are_what_the_services_tell(every_function: tuple[Deployed, ...]) -> None:
    for stack in every_function:
        found = stack.evaluated().resources
        topic = stack.clients.sns(stack.region).get_topic_attributes(TopicArn=stack.physical_ids["Topic"])
        group = stack.clients.logs(stack.region).describe_log_groups(logGroupNamePrefix="/of/")["logGroups"]

        assert (
            stack.filled(found["Topic"].properties.get("DisplayName", ""))
            == (topic["Attributes"]["DisplayName"])
        )
        assert [stack.filled(found["Group"].properties)] == [
            {"LogGroupName": each["logGroupName"], "RetentionInDays": each["retentionInDays"]}
            for each in group
        ]


def test_no_function_that_both_know_is_left_out() -> None:
    assert functions_in(TEMPLATE) == {"Ref", *SUPPORTED_FUNCTIONS, *CONDITION_FUNCTIONS}
    assert {*VALUE_FUNCTIONS, "Fn::If"} == {"Ref", *SUPPORTED_FUNCTIONS, *ONE_SIDED}


def test_no_pseudo_parameter_that_both_know_is_left_out_but_the_list_of_topics() -> None:
    text = json.dumps(TEMPLATE)

    assert {name for name in PSEUDO_PARAMETERS if name not in text} == {"AWS::NotificationARNs"}


@pytest.mark.parametrize("function", ONE_SIDED)
def test_a_function_that_the_embedded_aws_does_not_model_is_refused_by_name(
    clients: Clients, function: str
) -> None:
    template = {**SHARED, "Outputs": {"Told": {"Value": ONE_SIDED[function]}}}

    with pytest.raises(ClientError) as raised:
        clients.cloudformation(REGIONS[0]).create_stack(StackName="alone", TemplateBody=json.dumps(template))

    assert raised.value.response["Error"]["Code"] == "UnsupportedOperation"
    assert function in raised.value.response["Error"]["Message"]
