"""Functions where CloudFormation takes none, or not these."""

from __future__ import annotations

from typing import Any

import pytest

from qa.template import parse_template
from tests.harness.checks.small import TOPIC, WEST, body, found, resource

VPC = {"Vpc": {"Type": "String", "Default": "yes"}}
IS_VPC = {"Fn::Equals": [{"Ref": "Vpc"}, "yes"]}
EXTENDED = "AWS::LanguageExtensions"


def _messages(**sections: Any) -> list[str]:
    resources = sections.pop("Resources", {"Topic": TOPIC})
    template = body(resources, **{"Parameters": VPC, **sections})
    return [one.message.removeprefix("Template error: ") for one in found("function-placement", template)]


def _queue(name: object) -> dict[str, Any]:
    return {"Topic": TOPIC, "Queue": resource("AWS::SQS::Queue", KmsMasterKeyId={"Fn::ImportValue": name})}


NOT_IN_RULES = "Following functions are not supported in the Rules block of the template: "
IN_CONDITIONS = "Unresolved dependencies [Topic]. Cannot reference resources in the Conditions block"
DEPENDENT = "must not depend on any resources, imported values, or Fn::GetAZs"


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"Conditions": {"A": {"Fn::Equals": [{"Ref": "Topic"}, "a"]}}}, IN_CONDITIONS),
        ({"Conditions": {"A": {"Fn::Equals": [{"Fn::GetAtt": "Topic.TopicName"}, "a"]}}}, IN_CONDITIONS),
        ({"Conditions": {"A": {"Fn::Equals": [{"Fn::Sub": "${Topic}"}, "a"]}}}, IN_CONDITIONS),
        (
            {"Conditions": {"A": {"Fn::Equals": [{"Fn::ImportValue": "a"}, "a"]}}},
            "Cannot use Fn::ImportValue in Conditions.",
        ),
        (
            {
                "Conditions": {"A": IS_VPC},
                "Rules": {"R": {"RuleCondition": {"Condition": "A"}, "Assertions": [{"Assert": IS_VPC}]}},
            },
            f"{NOT_IN_RULES}[Condition]",
        ),
        (
            {"Rules": {"R": {"Assertions": [{"Assert": {"Fn::Equals": [{"Fn::ImportValue": "a"}, "b"]}}]}}},
            f"{NOT_IN_RULES}[Fn::ImportValue]",
        ),
        (
            {"Mappings": {"M": {"a": {"b": {"Ref": "AWS::Region"}}}}},
            "Mappings hold plain values, no function: Ref",
        ),
        (
            {"Parameters": {"P": {"Type": "String", "Default": {"Fn::Sub": "${AWS::Region}"}}}},
            "Parameters hold plain values, no function: Fn::Sub",
        ),
        (
            {"Outputs": {"O": {"Value": "a", "Export": {"Name": {"Fn::Sub": "x-${Topic.TopicName}"}}}}},
            f"the Name of an Export {DEPENDENT}",
        ),
        ({"Resources": _queue({"Ref": "Topic"})}, f"the attribute in Fn::ImportValue {DEPENDENT}"),
        (
            {"Resources": _queue({"Fn::Join": ["-", ["key", {"Fn::GetAtt": ["Topic", "TopicName"]}]]})},
            f"the attribute in Fn::ImportValue {DEPENDENT}",
        ),
        ({"Resources": _queue({"Fn::ImportValue": "name"})}, f"the attribute in Fn::ImportValue {DEPENDENT}"),
        (
            {"Resources": _queue({"Fn::Select": [0, {"Fn::GetAZs": ""}]})},
            f"the attribute in Fn::ImportValue {DEPENDENT}",
        ),
    ],
)
def test_function_where_it_is_not_taken_is_found(sections: dict[str, Any], message: str) -> None:
    assert _messages(**sections) == [message]


@pytest.mark.parametrize(
    "sections",
    [
        {"Conditions": {"A": IS_VPC, "B": {"Fn::Not": [{"Condition": "A"}]}}},
        {"Conditions": {"A": {"Fn::Equals": [{"Fn::Sub": ["${Topic}", {"Topic": "a"}]}, "a"]}}},
        {"Rules": {"R": {"RuleCondition": IS_VPC, "Assertions": [{"Assert": IS_VPC}]}}},
        {"Mappings": {"M": {"a": {"Condition": "b"}, "Ref": {"c": "d"}}}},
        {
            "Outputs": {
                "O": {"Value": {"Ref": "Topic"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-t"}}}
            }
        },
        {"Resources": _queue({"Fn::Sub": "${Vpc}-key"})},
    ],
    ids=["conditions", "own variable", "rules", "mapping keys", "export", "import by parameter"],
)
def test_function_where_it_belongs_is_left_alone(sections: dict[str, Any]) -> None:
    assert _messages(**sections) == []


def test_policy_by_function_is_refused_where_the_resource_is_absent() -> None:
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Condition": "East",
        "DeletionPolicy": {"Ref": "Keep"},
        "UpdateReplacePolicy": "Retain",
    }
    sections = {
        "Parameters": {"Keep": {"Type": "String", "Default": "Retain"}},
        "Conditions": {"East": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}},
        "Transform": EXTENDED,
    }

    def places(template: dict[str, Any]) -> list[tuple[str | None, object]]:
        return [(one.region, one.path[-1]) for one in found("function-placement", template)]

    assert places(body({"Topic": TOPIC, "It": bucket}, **sections)) == [(WEST, "DeletionPolicy")]
    everywhere = {key: value for key, value in bucket.items() if key != "Condition"}
    assert places(body({"Topic": TOPIC, "It": everywhere}, **sections)) == []


def test_short_form_of_an_output_of_another_stack_is_read() -> None:
    text = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetStackOutput {OutputName: a}}}}"

    template = parse_template(text, source="t.yaml")

    assert template.resources["T"].properties == {"TopicName": {"Fn::GetStackOutput": {"OutputName": "a"}}}
