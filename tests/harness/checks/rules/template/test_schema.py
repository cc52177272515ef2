"""What does not fit the schema of its type."""

from __future__ import annotations

from typing import Any

import pytest

from qa.checks import Severity
from tests.harness.checks.findings import finding
from tests.harness.checks.small import EAST, IN_EAST, TOPIC, WEST, body, found, resource

OPEN = {"Open": {"Fn::Equals": [{"Ref": "Name"}, "x"]}}
SOURCE = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-template-resource-type-ref.html"
)


def test_misspelt_type_is_unknown_in_every_region() -> None:
    assert found("unknown-type", body({"Topic": {"Type": "AWS::SNS::Topics"}})) == (
        finding(
            "unknown-type",
            "Resources/Topic/Type",
            region=None,
            message="Unrecognized resource types: [AWS::SNS::Topics]",
            actual="AWS::SNS::Topics",
            expected="a resource type that the region has",
            fix="did you mean AWS::SNS::Topic?",
        ),
    )


def test_type_that_one_region_lacks_is_found_there() -> None:
    template = body({"Fleet": {"Type": "AWS::AppStream::AppBlock"}})

    findings = found("unknown-type", template, regions=(EAST, "ap-southeast-7"))

    assert [(finding.region, finding.logical_id) for finding in findings] == [("ap-southeast-7", "Fleet")]


def test_type_is_not_missed_where_the_condition_keeps_it_out() -> None:
    block = {"Type": "AWS::AppStream::AppBlock", "Condition": "InEast"}
    template = body({"Block": block}, Conditions=IN_EAST)

    assert found("unknown-type", template, regions=(EAST, "ap-southeast-7")) == ()


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::SNS::Topic",
        "Custom::Thing",
        "AWS::CloudFormation::CustomResource",
        "Acme::Db::Table",
        "My::A::B::MODULE",
    ],
)
def test_types_that_are_or_may_be_there_pass(kind: str) -> None:
    assert found("unknown-type", body({"It": {"Type": kind}})) == ()


def test_serverless_type_needs_its_transform() -> None:
    serverless = {"Api": {"Type": "AWS::Serverless::Api"}}

    without = found("unknown-type", body(serverless))
    with_it = found("unknown-type", body(serverless, Transform="AWS::Serverless-2016-10-31"))

    assert ([finding.logical_id for finding in without], with_it) == (["Api"], ())


@pytest.mark.parametrize("kind", ["Custom:Thing", "Topic", "AWS:SNS:Topic"])
def test_what_has_not_the_form_of_a_type_is_unknown(kind: str) -> None:
    messages = [each.message for each in found("unknown-type", body({"A": {"Type": kind}}))]

    assert messages == [f"Unrecognized resource types: [{kind}]"]


def test_property_that_the_type_does_not_have() -> None:
    alias = resource("AWS::KMS::Alias", AliasName="alias/a", TargetKeyID="k", TargetKeyId="k")

    assert found("unknown-property", body({"Alias": alias})) == (
        finding(
            "unknown-property",
            "Resources/Alias/Properties/TargetKeyID",
            region=None,
            message="AWS::KMS::Alias has no property 'TargetKeyID'",
            actual="TargetKeyID",
            expected="one of AliasName, TargetKeyId",
            fix="did you mean TargetKeyId?",
        ),
    )


def test_property_that_the_type_has() -> None:
    assert found("unknown-property", body({"Topic": resource("AWS::SNS::Topic", TopicName="alerts")})) == ()


def test_property_deep_in_a_branch_of_an_if_is_named_by_its_place() -> None:
    tags = {"Fn::If": ["InEast", [{"Key": "a", "Value": "b", "Colour": "red"}], {"Ref": "AWS::NoValue"}]}
    template = body({"Topic": resource("AWS::SNS::Topic", Tags=tags)}, Conditions=IN_EAST)

    findings = found("unknown-property", template)

    assert [(finding.path[3:], finding.message) for finding in findings] == [
        (("Tags", "Fn::If", 1, 0, "Colour"), "Tags[0] has no property 'Colour'")
    ]


def test_required_property_that_is_not_there() -> None:
    assert found("missing-property", body({"Alias": resource("AWS::KMS::Alias", AliasName="alias/a")})) == (
        finding(
            "missing-property",
            "Resources/Alias/Properties/TargetKeyId",
            region=None,
            message="AWS::KMS::Alias lacks 'TargetKeyId'",
            actual=None,
            expected="the property TargetKeyId, which is required",
            fix="add TargetKeyId",
        ),
    )


@pytest.mark.parametrize(
    ("key", "count"),
    [
        ({"Ref": "Key"}, 0),
        ({"Ref": "AWS::NoValue"}, 1),
        ({"Fn::If": ["Open", "a", {"Ref": "AWS::NoValue"}]}, 0),
    ],
    ids=["there", "no value", "not known"],
)
def test_required_property_may_be_a_function_but_not_no_value(key: Any, count: int) -> None:
    alias = resource("AWS::KMS::Alias", AliasName="alias/a", TargetKeyId=key)
    template = body({"Alias": alias}, Conditions=OPEN, Parameters={"Name": {"Type": "String"}})

    assert [each.rule for each in found("missing-property", template)] == ["missing-property"] * count


def test_required_property_that_one_region_lacks_is_missing_there() -> None:
    key = {"Fn::If": ["InEast", "a", {"Ref": "AWS::NoValue"}]}
    aliases = {
        "Alias": resource("AWS::KMS::Alias", AliasName="alias/a", TargetKeyId=key),
        "OfEast": {
            **resource("AWS::KMS::Alias", AliasName="alias/b", TargetKeyId=key),
            "Condition": "InEast",
        },
    }

    findings = found("missing-property", body(aliases, Conditions=IN_EAST))

    assert [(each.region, each.path) for each in findings] == [
        (WEST, ("Resources", "Alias", "Properties", "TargetKeyId"))
    ]


def test_required_property_is_there_in_the_branch_of_its_own_condition() -> None:
    value = {"Fn::If": ["InEast", "x", {"Ref": "AWS::NoValue"}]}
    tag = {"Fn::If": ["InEast", {"Key": "k", "Value": value}, {"Ref": "AWS::NoValue"}]}
    template = body({"A": resource("AWS::SNS::Topic", Tags=[tag])}, Conditions=IN_EAST)

    assert found("missing-property", template) == ()


def test_required_property_in_a_branch_that_alone_takes_lists() -> None:
    table = resource("AWS::DynamoDB::Table", KeySchema=[{"AttributeName": "id"}])

    paths = [each.path[3:] for each in found("missing-property", body({"Table": table}))]

    assert paths == [("KeySchema", 0, "KeyType")]


@pytest.mark.parametrize("kind", ["Custom::Thing", "AWS::CloudFormation::CustomResource"])
def test_custom_resource_needs_its_service_token(kind: str) -> None:
    resources = {
        "Without": resource(kind, Anything=1),
        "With": resource(kind, ServiceToken={"Ref": "Topic"}, Anything=[True, {"a": "b"}]),
        "Topic": TOPIC,
    }

    findings = found("missing-property", body(resources))

    assert [each.path for each in findings] == [("Resources", "Without", "Properties", "ServiceToken")]
    assert found("wrong-type", body(resources)) == ()


@pytest.mark.parametrize(
    "properties",
    [
        {"Ref": "Topic"},
        {"Fn::If": ["InEast", {}]},
        {"Fn::If": ["InEast", {}, {}], "TopicName": "x"},
        {"Fn::If": ["InEast", {}, {}], "Bogus": "x"},
    ],
    ids=["Ref", "If without else", "If beside another", "If beside an unknown one"],
)
def test_function_that_cannot_stand_for_properties(properties: dict[str, Any]) -> None:
    template = body({"A": {"Type": "AWS::SNS::Topic", "Properties": properties}}, Conditions=IN_EAST)

    paths = [each.path for each in found("unknown-property", template)]

    assert paths == [("Resources", "A", "Properties", name) for name in properties if name != "TopicName"]


def test_branches_of_an_if_may_stand_for_properties() -> None:
    properties = {"Fn::If": ["InEast", {"TopicName": "x"}, {"DisplayName": "y"}]}
    template = body({"A": {"Type": "AWS::SNS::Topic", "Properties": properties}}, Conditions=IN_EAST)

    assert found("unknown-property", template) == ()


def test_required_property_may_come_out_of_a_transform() -> None:
    alias = resource("AWS::KMS::Alias", **{"Fn::Transform": {"Name": "AWS::Include"}, "AliasName": "alias/a"})

    assert found("missing-property", body({"Alias": alias})) == ()


def test_value_of_another_type() -> None:
    alarm = resource("AWS::CloudWatch::Alarm", AlarmActions="arn:aws:sns:us-east-1:1:t")

    assert found("wrong-type", body({"Alarm": alarm})) == (
        finding(
            "wrong-type",
            "Resources/Alarm/Properties/AlarmActions",
            region=None,
            message="AlarmActions is 'arn:aws:sns:us-east-1:1:t', not array",
            actual="arn:aws:sns:us-east-1:1:t",
            expected="array",
            fix="write a list",
        ),
    )


def test_path_that_the_package_command_replaces_is_a_warning() -> None:
    template = body({"A": resource("AWS::Lambda::Function", Code="./src", Role="r")})

    assert [(each.severity, each.fix) for each in found("wrong-type", template)] == [
        (Severity.WARNING, "run `aws cloudformation package` before the deploy")
    ]


@pytest.mark.parametrize("period", [60, "60", 60.0, {"Ref": "Period"}, "{{resolve:ssm:/period}}"])
def test_scalars_turn_into_one_another(period: Any) -> None:
    alarm = resource("AWS::CloudWatch::Alarm", Period=period, ActionsEnabled="true", AlarmName=7)

    assert found("wrong-type", body({"Alarm": alarm}, Parameters={"Period": {"Type": "Number"}})) == ()


@pytest.mark.parametrize("period", ["soon", True, None, [60], {"a": 60}, 60.5])
def test_what_is_no_integer(period: Any) -> None:
    alarm = resource("AWS::CloudWatch::Alarm", Period=period)

    assert [each.path[3:] for each in found("wrong-type", body({"Alarm": alarm}))] == [("Period",)]


@pytest.mark.parametrize(
    ("threshold", "fits"),
    [
        ("1.5", True),
        ("1.", True),
        (".5e-3", True),
        ("1" * 200_000 + "x", False),
        ("1.5.5", False),
        (".", False),
    ],
    ids=[
        "fraction",
        "point at the end",
        "exponent",
        "hundreds of thousands of digits",
        "two points",
        "point",
    ],
)
def test_what_is_a_number(threshold: str, *, fits: bool) -> None:
    alarm = resource("AWS::CloudWatch::Alarm", Threshold=threshold)

    assert (found("wrong-type", body({"Alarm": alarm})) == ()) is fits


def test_value_that_the_property_does_not_allow() -> None:
    key = resource("AWS::KMS::Key", KeyUsage="ENCRYPT")

    assert found("wrong-value", body({"Key": key})) == (
        finding(
            "wrong-value",
            "Resources/Key/Properties/KeyUsage",
            region=None,
            message="KeyUsage cannot be 'ENCRYPT'",
            actual="ENCRYPT",
            expected="one of ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC, KEY_AGREEMENT",
            fix="take one of these",
        ),
    )


@pytest.mark.parametrize("usage", ["SIGN_VERIFY", {"Ref": "Usage"}])
def test_value_that_the_property_allows(usage: Any) -> None:
    template = body(
        {"Key": resource("AWS::KMS::Key", KeyUsage=usage)}, Parameters={"Usage": {"Type": "String"}}
    )

    assert found("wrong-value", template) == ()


def test_macro_that_may_change_anything_leaves_the_schemas_unjudged() -> None:
    template = body({"Topic": resource("AWS::SNS::Topic", Bogus=1)}, Transform=["Acme"])

    assert found("unknown-property", template) == ()


def test_resource_without_properties_passes_where_none_are_required() -> None:
    assert found("missing-property", body({"Topic": TOPIC})) == ()


def test_resource_whose_condition_can_never_hold_is_not_judged() -> None:
    queue = {**resource("AWS::SQS::Queue", NoSuch=1), "Condition": "Chosen"}
    parameters = {"Stage": {"Type": "String", "Default": "dev"}}

    def number(**conditions: object) -> int:
        template = body({"Topic": TOPIC, "Queue": queue}, Conditions=conditions, Parameters=parameters)
        return len(found("unknown-property", template))

    never = {"Fn::Equals": ["a", "b"]}
    of_stage = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
    elsewhere = {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}
    assert number(Chosen=never) == 0
    assert number(Chosen=elsewhere) == 0
    assert number(Chosen=of_stage) == 1
    assert number(Chosen={"Fn::And": [{"Condition": "Stage"}, {"Condition": "Stage"}]}, Stage=of_stage) == 1
    assert number(Chosen={"Fn::Not": [never]}) == 1
