"""A template in one region: conditions, rules, outputs, and references to what is not there."""

from __future__ import annotations

from typing import Any

import pytest

from qa.template import (
    AbsentReference,
    EvaluatedOutput,
    EvaluatedResource,
    EvaluationError,
    ResourceRef,
    RuleResult,
    TemplateError,
    UnsupportedError,
    evaluate,
    parse_template,
    template_of,
)

IS_PRIMARY = {"Fn::Equals": [{"Ref": "AWS::Region"}, {"Ref": "PrimaryRegion"}]}
TWO_REGIONS: dict[str, Any] = {
    "Parameters": {"PrimaryRegion": {"Type": "String", "Default": "us-east-1"}},
    "Conditions": {
        "IsSecondary": {"Fn::Not": [{"Condition": "IsPrimary"}]},
        "IsPrimary": IS_PRIMARY,
    },
    "Resources": {
        "Table": {"Type": "AWS::DynamoDB::GlobalTable", "Condition": "IsPrimary", "DeletionPolicy": "Delete"},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "DependsOn": ["Table", "Logs"],
            "Properties": {"Table": {"Ref": "Table"}},
        },
        "Logs": {"Type": "AWS::Logs::LogGroup"},
    },
    "Outputs": {
        "TableName": {"Condition": "IsPrimary", "Value": {"Ref": "Table"}, "Description": "orders"},
        "Region": {"Value": {"Ref": "AWS::Region"}, "Export": {"Name": {"Fn::Sub": "r-${AWS::Region}"}}},
    },
}


def decided(condition: object, **parameters: str) -> bool:
    declared = {
        "P": {"Type": "String", "Default": "p"},
        "L": {"Type": "CommaDelimitedList", "Default": "a,b"},
    }
    body = {"Parameters": declared, "Conditions": {"C": condition, "Yes": {"Fn::Equals": ["1", 1]}}}
    return evaluate(template_of(body), region="us-east-1", parameters=parameters).conditions["C"]


def ruled(rule: dict[str, Any]) -> RuleResult:
    declared = {
        "Small": {"Type": "String", "Default": "t3.small"},
        "Zones": {"Type": "CommaDelimitedList", "Default": "a,a"},
        "Vpc": {"Type": "AWS::EC2::VPC::Id", "Default": "vpc-1"},
        "Other": {"Type": "AWS::EC2::VPC::Id", "Default": "vpc-2"},
    }
    body = {"Parameters": declared, "Rules": {"R": rule}}
    (result,) = evaluate(template_of(body), region="us-west-2").rules
    return result


def asserted(assertion: object) -> bool:
    return not ruled({"Assertions": [{"Assert": assertion}]}).failed


def test_a_stack_holds_the_resources_whose_condition_is_true() -> None:
    found = evaluate(template_of(TWO_REGIONS), region="us-east-1")

    assert found.resources == {
        "Table": EvaluatedResource(
            logical_id="Table",
            type="AWS::DynamoDB::GlobalTable",
            properties={},
            depends_on=(),
            deletion_policy="Delete",
            update_replace_policy=None,
        ),
        "Function": EvaluatedResource(
            logical_id="Function",
            type="AWS::Lambda::Function",
            properties={"Table": ResourceRef("Table")},
            depends_on=("Table", "Logs"),
            deletion_policy=None,
            update_replace_policy=None,
        ),
        "Logs": EvaluatedResource(
            logical_id="Logs",
            type="AWS::Logs::LogGroup",
            properties={},
            depends_on=(),
            deletion_policy=None,
            update_replace_policy=None,
        ),
    }


def test_a_reference_to_a_resource_of_the_other_region_is_typed_and_told() -> None:
    found = evaluate(template_of(TWO_REGIONS), region="us-west-2")

    assert list(found.resources) == ["Function", "Logs"]
    assert found.resources["Function"].properties == {"Table": ResourceRef("Table")}
    assert found.absent_references == (
        AbsentReference(section="Resources", source="Function", target="Table"),
    )


def test_depends_on_keeps_only_what_the_stack_holds() -> None:
    assert evaluate(template_of(TWO_REGIONS), region="us-west-2").resources["Function"].depends_on == (
        "Logs",
    )


def test_outputs_are_those_whose_condition_is_true() -> None:
    found = evaluate(template_of(TWO_REGIONS), region="us-west-2")

    assert found.outputs == {
        "Region": EvaluatedOutput(
            logical_id="Region", value="us-west-2", export_name="r-us-west-2", description=None
        )
    }


def test_an_output_without_its_resources_condition_refers_to_an_absent_resource() -> None:
    body = {**TWO_REGIONS, "Outputs": {"TableName": {"Value": {"Fn::Sub": "${Table.Arn}"}}}}

    found = evaluate(template_of(body), region="us-west-2")

    assert AbsentReference(section="Outputs", source="TableName", target="Table") in found.absent_references


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Fn::Equals": [True, "true"]}, True),
        ({"Fn::Equals": [1, "1"]}, True),
        ({"Fn::Equals": ["a", "A"]}, False),
        ({"Fn::Equals": [{"Ref": "P"}, "p"]}, True),
        ({"Fn::Equals": [{"Fn::Join": ["", {"Ref": "L"}]}, "ab"]}, True),
        ({"Fn::And": [{"Condition": "Yes"}, {"Fn::Equals": ["a", "b"]}]}, False),
        ({"Fn::Or": [{"Condition": "Yes"}, {"Fn::Equals": ["a", "b"]}]}, True),
        ({"Fn::Not": [{"Fn::Not": [{"Condition": "Yes"}]}]}, True),
        ({"Condition": "Yes"}, True),
    ],
    ids=["bool", "number", "case", "parameter", "list", "And", "Or", "Not", "Condition"],
)
def test_conditions(condition: object, *, expected: bool) -> None:
    assert decided(condition) is expected


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (
            {"Fn::Equals": [{"Ref": "Bucket"}, "x"]},
            (
                "Template format error: Unresolved dependencies [Bucket]. Cannot reference resources "
                "in the Conditions block of the template (at Conditions/C/Fn::Equals/0/Ref)"
            ),
        ),
        (
            {"Condition": "Nowhere"},
            (
                "Template format error: Unresolved condition dependency Nowhere in the Conditions block "
                "of the template (at Conditions/C/Condition)"
            ),
        ),
        (
            {"Fn::And": [{"Condition": "Yes"}]},
            (
                "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean "
                "parameters. (at Conditions/C/Fn::And)"
            ),
        ),
        ("yes", "Template error: a condition takes conditions, not 'yes' (at Conditions/C)"),
        ({"Condition": "C"}, "Template format error: Circular dependency between conditions: [C]"),
    ],
    ids=["resource", "unknown", "And", "no condition", "circular"],
)
def test_a_condition_that_cannot_be_decided_is_refused(condition: object, message: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        decided(condition)

    assert message in str(raised.value)


def test_five_thousand_conditions_that_build_on_one_another_are_decided() -> None:
    chain: dict[str, Any] = {f"C{n}": {"Fn::Not": [{"Condition": f"C{n + 1}"}]} for n in range(5000)}
    chain["C5000"] = {"Fn::Equals": ["a", "a"]}

    assert evaluate(template_of({"Conditions": chain}), region="us-east-1").conditions["C0"] is True


def test_a_condition_on_what_only_aws_knows_is_refused_by_name() -> None:
    with pytest.raises(UnsupportedError) as raised:
        decided({"Fn::Equals": [{"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "us-east-1a"]})

    assert raised.value.message == (
        "no support for Fn::Equals of ${GetAZs:us-east-1}: its value is known to AWS only "
        "(at Conditions/C/Fn::Equals)"
    )


def test_a_rule_tells_the_assertions_that_fail() -> None:
    rule = {
        "Assertions": [
            {"Assert": {"Fn::Equals": ["a", "a"]}, "AssertDescription": "holds"},
            {"Assert": {"Fn::Equals": ["a", "b"]}, "AssertDescription": "the regions differ"},
            {"Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::Region"}, "us-west-2"]}]}},
        ]
    }

    assert ruled(rule) == RuleResult(rule="R", applies=True, failed=("the regions differ", "assertion 3"))


def test_a_rule_whose_condition_is_false_asserts_nothing() -> None:
    rule = {
        "RuleCondition": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
        "Assertions": [{"Assert": {"Fn::Equals": ["a", "b"]}}],
    }

    assert ruled(rule) == RuleResult(rule="R", applies=False, failed=())


@pytest.mark.parametrize(
    ("assertion", "expected"),
    [
        ({"Fn::Contains": [["t3.small", "t3.large"], {"Ref": "Small"}]}, True),
        ({"Fn::Contains": [["t3.large"], {"Ref": "Small"}]}, False),
        ({"Fn::EachMemberEquals": [{"Ref": "Zones"}, "a"]}, True),
        ({"Fn::EachMemberEquals": [["a", "b"], "a"]}, False),
        ({"Fn::EachMemberIn": [{"Ref": "Zones"}, ["a", "b"]]}, True),
        ({"Fn::EachMemberIn": [["a", "c"], ["a", "b"]]}, False),
        ({"Fn::EachMemberIn": [{"Fn::RefAll": "AWS::EC2::VPC::Id"}, ["vpc-1", "vpc-2"]]}, True),
        ({"Fn::Contains": [{"Fn::RefAll": "AWS::EC2::VPC::Id"}, "vpc-3"]}, False),
    ],
    ids=[
        "Contains",
        "not",
        "EachMemberEquals",
        "not all equal",
        "EachMemberIn",
        "not all in",
        "RefAll",
        "none",
    ],
)
def test_rule_functions(assertion: object, *, expected: bool) -> None:
    assert asserted(assertion) is expected


@pytest.mark.parametrize("assertions", [None, 5, ["x"], [{}]], ids=str)
def test_a_rule_without_proper_assertions_is_refused(assertions: object) -> None:
    with pytest.raises(EvaluationError, match="Template format error: "):
        ruled({"Assertions": assertions})


@pytest.mark.parametrize("function", ["Fn::ValueOf", "Fn::ValueOfAll"])
def test_a_rule_about_what_only_aws_knows_is_refused_by_name(function: str) -> None:
    with pytest.raises(UnsupportedError, match=f"no support for '{function}'"):
        asserted({"Fn::Equals": [{function: ["Vpc", "DefaultNetworkAcl"]}, "x"]})


def test_a_template_with_a_macro_is_refused_by_name_and_place() -> None:
    with pytest.raises(TemplateError) as raised:
        evaluate(parse_template('{\n"Transform": "AWS::Serverless-2016-10-31"}'), region="us-east-1")

    assert str(raised.value) == (
        "<template>:2:1: no support for transform 'AWS::Serverless-2016-10-31': it runs in AWS"
    )


def test_language_extensions_need_no_macro() -> None:
    body = {
        "Transform": "AWS::LanguageExtensions",
        "Resources": {"A": {"Type": "T", "DeletionPolicy": {"Fn::Join": ["", ["Re", "tain"]]}}},
    }

    assert evaluate(template_of(body), region="us-east-1").resources["A"].deletion_policy == "Retain"


def test_an_error_names_the_place_in_the_text() -> None:
    text = '{"Resources": {"A": {"Type": "T", "Properties": {\n  "P": [1, {"Ref": "Nowhere"}]}}}}'

    with pytest.raises(EvaluationError) as raised:
        evaluate(parse_template(text, source="t.json"), region="us-east-1")

    assert str(raised.value) == (
        "t.json:2:13: Template format error: Unresolved resource dependencies [Nowhere] "
        "in the Resources block of the template (at Resources/A/Properties/P/1/Ref)"
    )
