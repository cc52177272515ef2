"""What is read of stacks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from .templates import group, role, template, topic

if TYPE_CHECKING:
    from .conftest import Aws


def test_events_come_newest_first_in_pages(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    aws.create(template({f"T{index}": topic() for index in range(40)}))

    first = cloudformation.describe_stack_events(StackName="demo")
    second = cloudformation.describe_stack_events(StackName="demo", NextToken=first["NextToken"])

    events = first["StackEvents"] + second["StackEvents"]
    assert len(first["StackEvents"]) == 100
    assert len({one["EventId"] for one in events}) == 40 * 3 + 2
    assert [one["Timestamp"] for one in events] == sorted((one["Timestamp"] for one in events), reverse=True)
    assert events[0]["ResourceStatus"] == "CREATE_COMPLETE"
    assert "NextToken" not in second


def test_a_stack_is_found_by_the_physical_id_of_a_resource(aws: Aws) -> None:
    aws.create(template({"A": group(LogGroupName="mine"), "B": topic()}))

    found = aws.client("cloudformation").describe_stack_resources(
        PhysicalResourceId="mine", LogicalResourceId="A"
    )

    assert [(one["StackName"], one["LogicalResourceId"]) for one in found["StackResources"]] == [
        ("demo", "A")
    ]


def test_a_resource_that_the_stack_does_not_have_is_named(aws: Aws) -> None:
    aws.create(template({"A": topic()}))

    with pytest.raises(ClientError) as raised:
        aws.client("cloudformation").describe_stack_resource(StackName="demo", LogicalResourceId="B")

    assert raised.value.response["Error"]["Message"] == "Resource B does not exist for stack demo"


def test_a_template_is_of_a_stack_or_a_change_set(aws: Aws) -> None:
    with pytest.raises(ClientError) as raised:
        aws.client("cloudformation").get_template()

    assert raised.value.response["Error"]["Message"] == (
        "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: "
        "Member must not be null"
    )


def test_stacks_are_listed_by_status(aws: Aws) -> None:
    aws.create(template({"A": topic()}), name="good")
    aws.create(template({"A": topic(TopicName="no spaces")}), name="bad")

    found = aws.client("cloudformation").list_stacks(StackStatusFilter=["ROLLBACK_COMPLETE"])

    assert [one["StackName"] for one in found["StackSummaries"]] == ["bad"]


def test_events_of_a_stack_that_is_not_there_are_refused(aws: Aws) -> None:
    with pytest.raises(ClientError) as raised:
        aws.events("nobody")

    assert raised.value.response["Error"]["Message"] == "Stack [nobody] does not exist"


def test_a_template_that_can_be_is_summed_up(aws: Aws) -> None:
    body = template(
        {"R": role(), "T": topic()},
        Description="both",
        Parameters={"Stage": {"Type": "String", "Default": "dev", "AllowedValues": ["dev"]}},
    )

    found = aws.client("cloudformation").validate_template(TemplateBody=json.dumps(body))

    del found["ResponseMetadata"]
    assert found == {
        "Description": "both",
        "Parameters": [{"ParameterKey": "Stage", "DefaultValue": "dev", "NoEcho": False}],
        "Capabilities": ["CAPABILITY_IAM"],
        "CapabilitiesReason": "The following resource(s) require capabilities: [AWS::IAM::Role]",
    }


def test_stacks_of_two_regions_know_nothing_of_each_other(aws: Aws) -> None:
    aws.create(template({"A": topic()}))

    assert aws.client("cloudformation", "us-west-2").describe_stacks()["Stacks"] == []
