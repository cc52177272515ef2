"""References to what is not there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.checks.findings import finding
from tests.harness.checks.small import EAST, IN_EAST, TOPIC, body, found, resource

GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"


def _named(value: Any) -> dict[str, Any]:
    return resource("AWS::SNS::Topic", TopicName=value)


def test_reference_to_a_resource_that_is_not_there() -> None:
    template = body({"Alerts": TOPIC, "Other": _named({"Ref": "Alert"})})

    assert found("missing-target", template) == (
        finding(
            "missing-target",
            "Resources/Other/Properties/TopicName/Ref",
            region=None,
            message="Other refers to Alert: there is no such resource or parameter",
            actual="Alert",
            expected="the name of a resource or parameter of this template",
            fix="did you mean Alerts?",
        ),
    )


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ({"A": _named({"Fn::GetAtt": "Gone.Arn"})}, "A refers to Gone: there is no such resource"),
        ({"A": _named({"Fn::Sub": "x-${Gone}"})}, "A refers to Gone: there is no such resource or parameter"),
        (
            {"A": _named({"Ref": "AWS::Zone"})},
            "A refers to AWS::Zone: there is no such resource or parameter",
        ),
        ({"A": {**TOPIC, "DependsOn": "Gone"}}, "A refers to Gone: there is no such resource"),
        ({"A": {**TOPIC, "Condition": "Gone"}}, "A refers to Gone: there is no such condition"),
        ({"A": _named({"Fn::If": ["Gone", 1, 2]})}, "A refers to Gone: there is no such condition"),
        ({"A": _named({"Fn::FindInMap": ["Gone", 1, 2]})}, "A refers to Gone: there is no such mapping"),
    ],
    ids=["GetAtt", "Sub", "pseudo parameter", "DependsOn", "Condition", "If", "FindInMap"],
)
def test_every_kind_of_reference_needs_its_target(resources: dict[str, Any], message: str) -> None:
    assert [finding.message for finding in found("missing-target", body(resources))] == [message]


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "AWS::StackName"},
        {"Ref": "Name"},
        {"Fn::Sub": "${Name}-${B.TopicArn}-${!Literal}-${AWS::Region}"},
        {"Fn::Sub": ["${Own}", {"Own": "x"}]},
        {"Fn::GetAtt": ["B", "TopicArn"]},
    ],
)
def test_references_that_have_their_target(value: Any) -> None:
    template = body({"A": _named(value), "B": TOPIC}, Parameters={"Name": {"Type": "String"}})

    assert found("missing-target", template) == ()


def test_macro_may_add_the_target() -> None:
    template = body({"A": _named({"Ref": "MadeByIt"})}, Transform="Acme")

    assert found("missing-target", template) == ()


def test_module_may_add_what_begins_with_its_name() -> None:
    module = {"Type": "Acme::Storage::Bucket::MODULE"}
    template = body({"Store": module, "A": _named({"Ref": "StoreBucket"}), "B": _named({"Ref": "Else"})})

    assert [finding.actual for finding in found("missing-target", template)] == ["Else"]


def test_include_at_the_top_may_add_the_target() -> None:
    include = {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}

    assert found("missing-target", body({"A": _named({"Ref": "Gone"})}, **{"Fn::Transform": include})) == ()


def test_attribute_that_the_type_does_not_give() -> None:
    role = {"Fn::GetAtt": ["Role", "ARN"]}
    template = body(
        {"Function": resource("AWS::Lambda::Function", Role=role), "Role": resource("AWS::IAM::Role")}
    )

    assert found("unknown-attribute", template) == (
        finding(
            "unknown-attribute",
            "Resources/Function/Properties/Role/Fn::GetAtt",
            region=None,
            message="Role (AWS::IAM::Role) has no attribute 'ARN'",
            actual="ARN",
            expected="one of Arn, RoleId",
            fix="did you mean Arn?",
        ),
    )


def test_name_of_a_bucket_is_its_ref_and_no_attribute() -> None:
    template = body({"Bucket": resource("AWS::S3::Bucket"), "A": _named({"Fn::Sub": "${Bucket.BucketName}"})})

    assert [finding.actual for finding in found("unknown-attribute", template)] == ["BucketName"]


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("AWS::Lambda::Function", "Arn"),
        ("AWS::Lambda::Function", "SnapStartResponse.ApplyOn"),
        ("AWS::S3::Bucket", "RegionalDomainName"),
        ("AWS::SNS::Topic", "TopicName"),
        ("AWS::CloudFormation::Stack", "Outputs.Name"),
        ("AWS::CloudFormation::CustomResource", "Anything"),
        ("Custom::Thing", "Anything.AtAll"),
        ("Acme::Db::Table", "Anything"),
    ],
)
def test_attributes_that_are_or_may_be_there(kind: str, attribute: str) -> None:
    template = body({"It": resource(kind), "A": _named({"Fn::GetAtt": ["It", attribute]})})

    assert found("unknown-attribute", template) == ()


def test_reference_to_a_resource_of_the_other_region() -> None:
    template = body({"A": _named({"Ref": "B"}), "B": {**TOPIC, "Condition": "InEast"}}, Conditions=IN_EAST)

    assert found("absent-in-region", template) == (
        finding(
            "absent-in-region",
            "Resources/A/Properties/TopicName/Ref",
            region="us-west-2",
            message="A refers to B, which the stack in us-west-2 does not have",
            actual="B exists on condition InEast only",
            expected="a resource that exists wherever it is referred to",
            fix="give A the condition InEast, or choose with Fn::If",
        ),
    )


def test_output_of_a_resource_of_the_other_region() -> None:
    outputs = {"Name": {"Value": {"Ref": "B"}}}
    template = body({"B": {**TOPIC, "Condition": "InEast"}}, Conditions=IN_EAST, Outputs=outputs)

    found_there = found("absent-in-region", template)

    assert [(each.region, each.path) for each in found_there] == [
        ("us-west-2", ("Outputs", "Name", "Value", "Ref"))
    ]


@pytest.mark.parametrize(
    "referring",
    [
        {**_named({"Ref": "B"}), "Condition": "InEast"},
        _named({"Fn::If": ["InEast", {"Ref": "B"}, "none"]}),
        {**TOPIC, "DependsOn": "B"},
        _named({"Fn::If": ["OnDemand", {"Ref": "B"}, "none"]}),
        {**_named({"Ref": "B"}), "Condition": "OnDemand"},
    ],
    ids=["same condition", "chosen", "DependsOn", "unknown branch", "unknown condition"],
)
def test_reference_that_is_not_made_there_or_may_not_be(referring: dict[str, Any]) -> None:
    conditions = {**IN_EAST, "OnDemand": {"Fn::Equals": [{"Ref": "Demand"}, "yes"]}}
    template = body(
        {"A": referring, "B": {**TOPIC, "Condition": "InEast"}},
        Conditions=conditions,
        Parameters={"Demand": {"Type": "String"}},
    )

    assert found("absent-in-region", template) == ()


def test_single_region_keeps_its_name() -> None:
    template = body(
        {"A": _named({"Ref": "B"}), "B": {**TOPIC, "Condition": "InWest"}},
        Conditions={"InWest": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::Region"}, EAST]}]}},
    )

    assert [each.region for each in found("absent-in-region", template, regions=(EAST,))] == [EAST]
