"""AWS::CloudWatch::Alarm, deployed through CloudFormation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.embedded.dynamodb.serving import client

from .conftest import EAST, alarm

if TYPE_CHECKING:
    from qa.embedded.world import World


@pytest.fixture
def cloudformation(world: World) -> Any:
    return client(world, "cloudformation", EAST)


def body(properties: dict[str, Any]) -> str:
    outputs = {"Name": {"Value": {"Ref": "Bell"}}, "Arn": {"Value": {"Fn::GetAtt": ["Bell", "Arn"]}}}
    resources = {"Bell": {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}}
    return json.dumps({"Resources": resources, "Outputs": outputs})


def outputs_of(cloudformation: Any, name: str) -> dict[str, str]:
    found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    return {output["OutputKey"]: output["OutputValue"] for output in found}


def test_an_alarm_gives_its_name_and_arn(cloudformation: Any, watching: Any, alarm_name: str) -> None:
    cloudformation.create_stack(StackName=alarm_name, TemplateBody=body(alarm(alarm_name)))

    assert outputs_of(cloudformation, alarm_name) == {
        "Name": alarm_name,
        "Arn": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{alarm_name}",
    }
    found = watching.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"][0]
    assert {key: found[key] for key in alarm(alarm_name)} == alarm(alarm_name)
    assert found["StateValue"] == "INSUFFICIENT_DATA"


def test_an_alarm_without_a_name_gets_one(cloudformation: Any, alarm_name: str) -> None:
    properties = alarm(alarm_name)
    del properties["AlarmName"]

    cloudformation.create_stack(StackName=alarm_name, TemplateBody=body(properties))

    assert outputs_of(cloudformation, alarm_name)["Name"].startswith(f"{alarm_name}-Bell-")


def test_an_update_keeps_the_state(cloudformation: Any, watching: Any, alarm_name: str) -> None:
    # an evaluation in between leaves the state alone
    bell = alarm(alarm_name, TreatMissingData="ignore")
    cloudformation.create_stack(StackName=alarm_name, TemplateBody=body(bell))
    watching.set_alarm_state(AlarmName=alarm_name, StateValue="ALARM", StateReason="qa-drill")

    cloudformation.update_stack(StackName=alarm_name, TemplateBody=body({**bell, "Threshold": 6}))

    found = watching.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"][0]
    assert (found["Threshold"], found["StateValue"]) == (6.0, "ALARM")


def test_a_deleted_stack_leaves_no_alarm(cloudformation: Any, watching: Any, alarm_name: str) -> None:
    cloudformation.create_stack(StackName=alarm_name, TemplateBody=body(alarm(alarm_name)))

    cloudformation.delete_stack(StackName=alarm_name)

    assert watching.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"] == []
