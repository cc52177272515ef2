"""What each function gives, above all where resolvers go wrong."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.template import (
    AvailabilityZones,
    Computed,
    Concatenation,
    EvaluationError,
    ImportedValue,
    ResourceAttribute,
    ResourceRef,
    SsmParameter,
    UnsupportedError,
    evaluate,
    template_of,
)

ZONES = AvailabilityZones("us-east-1")
LIST = {"Type": "CommaDelimitedList", "Default": "a, b,c"}
PARAMETERS = {
    "Text": {"Type": "String", "Default": "text"},
    "Empty": {"Type": "String", "Default": ""},
    "Number": {"Type": "Number", "Default": 5},
    "Numbers": {"Type": "List<Number>", "Default": "1,2"},
    "List": LIST,
    "Index": {"Type": "Number", "Default": 2},
    "Image": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/images/latest"},
}
MAPPINGS = {"Regions": {"us-east-1": {"Zone": "use1", "Names": ["x", "y"]}, "eu-west-1": {"Zone": "euw1"}}}
CONDITIONS = {"Yes": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}}
NO_VALUE = {"Ref": "AWS::NoValue"}


def resolved(value: object, *, region: str = "us-east-1") -> Any:
    template = template_of(
        {
            "Transform": "AWS::LanguageExtensions",
            "Parameters": PARAMETERS,
            "Mappings": MAPPINGS,
            "Conditions": CONDITIONS,
            "Resources": {
                "Here": {"Type": "T", "Properties": {"Value": value}},
                "Bucket": {"Type": "AWS::S3::Bucket"},
            },
        }
    )
    return evaluate(template, region=region).resources["Here"].properties.get("Value", "absent")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Sub": "${!Literal}"}, "${Literal}"),
        ({"Fn::Sub": "a${!Text}${Text}"}, "a${Text}text"),
        ({"Fn::Sub": "$Text {Text} ${ $"}, "$Text {Text} ${ $"),
        ({"Fn::Sub": "${Number} ${AWS::Region}"}, "5 us-east-1"),
        ({"Fn::Sub": "${ Number } ${ ! Text}"}, "5 ${ Text}"),
        (
            {"Fn::Sub": ["${Own}-${Text}", {"Own": {"Fn::Sub": ["<${Inner}>", {"Inner": "deep"}]}}]},
            "<deep>-text",
        ),
        ({"Fn::Sub": ["${Text}", {"Text": "shadowed"}]}, "shadowed"),
        ({"Fn::Sub": ["${A}${B}", {"A": True, "B": 1.5}]}, "true1.5"),
        ({"Fn::Sub": "a${AWS::NoValue}b"}, "ab"),
    ],
    ids=[
        "literal",
        "both",
        "no variable",
        "number",
        "blanks",
        "nested map",
        "shadowed",
        "scalars",
        "no value",
    ],
)
def test_sub(value: object, expected: str) -> None:
    assert resolved(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Select": ["1", {"Ref": "List"}]}, "b"),
        ({"Fn::Select": [{"Ref": "Index"}, {"Ref": "List"}]}, "c"),
        ({"Fn::Select": [0, ["x", "y"]]}, "x"),
        ({"Fn::Join": ["|", {"Ref": "List"}]}, "a|b|c"),
        ({"Fn::Join": ["", ["a", 1, True, {"Ref": "Number"}]]}, "a1true5"),
        ({"Fn::Join": [",", ["a", {"Fn::If": ["No", "b", NO_VALUE]}, "c"]]}, "a,c"),
        ({"Fn::Join": [",", []]}, ""),
        ({"Fn::Select": [2, {"Fn::Split": ["/", "a/b/c"]}]}, "c"),
        ({"Fn::Split": [",", "a,,b"]}, ["a", "", "b"]),
        ({"Ref": "List"}, ["a", "b", "c"]),
        ({"Ref": "Number"}, "5"),
        ({"Ref": "Numbers"}, ["1", "2"]),
        ({"Fn::Length": {"Ref": "List"}}, 3),
        ({"Fn::FindInMap": ["Regions", {"Ref": "AWS::Region"}, "Zone"]}, "use1"),
        ({"Fn::FindInMap": ["Regions", "us-east-1", "Names"]}, ["x", "y"]),
        ({"Fn::FindInMap": ["Regions", "mars", "Zone", {"DefaultValue": {"Ref": "Text"}}]}, "text"),
        ({"Fn::FindInMap": ["None", "mars", "Zone", {"DefaultValue": ""}]}, ""),
        ({"Fn::FindInMap": ["Regions", "us-east-1", "Zone", {"DefaultValue": "unused"}]}, "use1"),
        ({"Fn::Base64": "ä"}, "w6Q="),
        ({"Fn::Base64": {"Fn::Sub": "#!${Text}"}}, "IyF0ZXh0"),
        ({"Fn::ToJsonString": {"a": [1, True, {"Ref": "Text"}], "b": NO_VALUE}}, '{"a":[1,true,"text"]}'),
        ({"Ref": "AWS::NotificationARNs"}, []),
    ],
    ids=str,
)
def test_functions_of_known_values(value: object, expected: object) -> None:
    assert resolved(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Cidr": ["10.0.0.0/16", 3, 8]}, ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
        ({"Fn::Cidr": ["10.0.0.0/24", "2", "7"]}, ["10.0.0.0/25", "10.0.0.128/25"]),
        ({"Fn::Cidr": ["2001:db8::/56", 2, 64]}, ["2001:db8::/64", "2001:db8:0:1::/64"]),
        ({"Fn::Select": [1, {"Fn::Cidr": ["192.168.0.0/24", 6, 5]}]}, "192.168.0.32/27"),
    ],
    ids=["IPv4", "text numbers", "IPv6", "selected"],
)
def test_cidr(value: object, expected: object) -> None:
    assert resolved(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": 1, "b": {"Fn::If": ["Yes", NO_VALUE, 2]}}, {"a": 1}),
        ([1, {"Fn::If": ["No", 2, NO_VALUE]}, 3], [1, 3]),
        ([[NO_VALUE], {"a": NO_VALUE}], [[], {}]),
        ({"a": {"Fn::If": ["Yes", {"b": NO_VALUE, "c": ""}, 2]}}, {"a": {"c": ""}}),
        ({"Fn::If": ["Yes", NO_VALUE, 2]}, "absent"),
        ({"a": {"Ref": "Empty"}, "b": ["", {"Ref": "Empty"}]}, {"a": "", "b": ["", ""]}),
        ({"a": None, "b": False, "c": 0, "d": []}, {"a": None, "b": False, "c": 0, "d": []}),
    ],
    ids=[
        "in a map",
        "in a list",
        "nested",
        "in a branch",
        "whole property",
        "empty text stays",
        "falsy stays",
    ],
)
def test_only_no_value_takes_a_member_out(value: object, expected: object) -> None:
    assert resolved(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Bucket"}, ResourceRef("Bucket")),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, ResourceAttribute("Bucket", "Arn")),
        ({"Fn::GetAtt": "Bucket.Website.Url"}, ResourceAttribute("Bucket", "Website.Url")),
        ({"Fn::GetAtt": ["Bucket", {"Ref": "Text"}]}, ResourceAttribute("Bucket", "text")),
        ({"Fn::Sub": "${Bucket.Arn}"}, ResourceAttribute("Bucket", "Arn")),
        ({"Fn::Sub": "${Bucket.Arn}/*"}, Concatenation((ResourceAttribute("Bucket", "Arn"), "/*"))),
        (
            {"Fn::Join": ["", ["arn:", "aws:", {"Ref": "Bucket"}, {"Fn::Sub": "/${Bucket}/x"}, "y"]]},
            Concatenation(("arn:aws:", ResourceRef("Bucket"), "/", ResourceRef("Bucket"), "/xy")),
        ),
        ({"Fn::ImportValue": {"Fn::Sub": "net-${Text}"}}, ImportedValue("net-text")),
        ({"Fn::GetAZs": ""}, ZONES),
        ({"Fn::GetAZs": {"Ref": "AWS::Region"}}, ZONES),
        ({"Fn::Select": ["0", {"Fn::GetAZs": ""}]}, Computed("Fn::Select", (0, ZONES))),
        ({"Fn::Join": [",", {"Fn::GetAZs": ""}]}, Computed("Fn::Join", (",", ZONES))),
        ({"Fn::Length": {"Fn::GetAZs": ""}}, Computed("Fn::Length", (ZONES,))),
        ({"Fn::Base64": {"Ref": "Bucket"}}, Computed("Fn::Base64", (ResourceRef("Bucket"),))),
        ({"Fn::Select": [1, [{"Ref": "Bucket"}, {"Ref": "Text"}]]}, "text"),
        ({"Ref": "Image"}, SsmParameter("/images/latest")),
        (
            {"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": ["Bucket", "Arn"]}]}]},
            Computed("Fn::Select", (5, Computed("Fn::Split", (":", ResourceAttribute("Bucket", "Arn"))))),
        ),
        (
            {"Fn::ToJsonString": {"name": {"Ref": "Bucket"}}},
            Concatenation(('{"name":"', ResourceRef("Bucket"), '"}')),
        ),
        (
            {"Fn::FindInMap": ["Regions", {"Ref": "Image"}, "Zone"]},
            Computed("Fn::FindInMap", ("Regions", SsmParameter("/images/latest"), "Zone")),
        ),
    ],
    ids=str,
)
def test_what_only_aws_knows_stays_a_typed_value(value: object, expected: object) -> None:
    assert resolved(value) == expected


def test_an_unknown_is_written_as_sub_would_write_it() -> None:
    assert str(resolved({"Fn::Sub": "${Bucket.Arn}/${Bucket}/*"})) == "${Bucket.Arn}/${Bucket}/*"


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("us-west-2", "aws amazonaws.com"),
        ("cn-north-1", "aws-cn amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov amazonaws.com"),
        ("us-iso-east-1", "aws-iso c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b sc2s.sgov.gov"),
    ],
)
def test_partition_and_url_suffix_follow_the_region(region: str, expected: str) -> None:
    assert resolved({"Fn::Sub": "${AWS::Partition} ${AWS::URLSuffix}"}, region=region) == expected


def test_the_stack_id_is_an_arn_of_the_stack() -> None:
    template = template_of({"Resources": {"A": {"Type": "T", "Properties": {"Id": {"Ref": "AWS::StackId"}}}}})

    found = evaluate(template, region="cn-north-1", account_id="111122223333", stack_name="orders")

    assert found.resources["A"].properties == {
        "Id": "arn:aws-cn:cloudformation:cn-north-1:111122223333:stack/orders/"
        "00000000-0000-0000-0000-000000000000"
    }


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"Ref": "Nowhere"},
            (
                "Template format error: Unresolved resource dependencies [Nowhere] in the Resources block "
                "of the template (at Resources/Here/Properties/Value/Ref)"
            ),
        ),
        (
            [{"Fn::GetAtt": ["Nowhere", "Arn"]}],
            (
                "Template error: instance of Fn::GetAtt references undefined resource Nowhere "
                "(at Resources/Here/Properties/Value/0/Fn::GetAtt)"
            ),
        ),
        (
            {"Fn::Select": [3, ["a"]]},
            (
                "Template error: Fn::Select cannot select nonexistent value at index 3 "
                "(at Resources/Here/Properties/Value/Fn::Select)"
            ),
        ),
        (
            {"Fn::FindInMap": ["Regions", "mars", "Zone"]},
            (
                "Template error: Unable to get mapping for Regions::mars::Zone "
                "(at Resources/Here/Properties/Value/Fn::FindInMap)"
            ),
        ),
        (
            {"Fn::If": ["Maybe", 1, 2]},
            (
                "Template format error: Unresolved condition dependency Maybe in the Resources block "
                "of the template (at Resources/Here/Properties/Value/Fn::If)"
            ),
        ),
        (
            {"Fn::Sub": "${Text:-x}"},
            (
                "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
                "underscores, periods, and colons; found 'Text:-x' "
                "(at Resources/Here/Properties/Value/Fn::Sub)"
            ),
        ),
        (
            {"Fn::Sub": "${List}"},
            (
                "Template error: variable List in Fn::Sub expression does not resolve to a string "
                "(at Resources/Here/Properties/Value/Fn::Sub)"
            ),
        ),
        (
            {"Fn::Cidr": ["10.0.0.0/24", 3, 7]},
            (
                "Template error: Fn::Cidr: 10.0.0.0/24 does not hold 3 blocks of 7 bits "
                "(at Resources/Here/Properties/Value/Fn::Cidr)"
            ),
        ),
        (
            {"a": 1, "Fn::Sub": "x"},
            (
                "Template format error: 'Fn::Sub' stands beside other keys; a function stands alone "
                "(at Resources/Here/Properties/Value)"
            ),
        ),
    ],
    ids=["Ref", "GetAtt", "Select", "FindInMap", "If", "Sub name", "Sub list", "Cidr", "not alone"],
)
def test_what_cloudformation_refuses_is_an_error_that_says_where(value: object, message: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        resolved(value)

    assert raised.value.message == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {}}},
            (
                "no support for 'Fn::Transform' (macro 'AWS::Include'): it runs in AWS "
                "(at Resources/Here/Properties/Value/Fn::Transform)"
            ),
        ),
        (
            {"Fn::Sub": {"Fn::Transform": {"Name": "Text"}}},
            (
                "no support for an argument that 'Fn::Transform' makes: it runs in AWS "
                "(at Resources/Here/Properties/Value/Fn::Sub)"
            ),
        ),
        ({"Fn::Nonesuch": 1}, "no support for function 'Fn::Nonesuch' (at Resources/Here/Properties/Value)"),
        (
            {"Fn::Cidr": ["10.0.0.0/24", 3]},
            "no support for 'Fn::Cidr' without cidrBits (at Resources/Here/Properties/Value/Fn::Cidr)",
        ),
    ],
    ids=["Transform", "argument of Transform", "unknown function", "Cidr"],
)
def test_what_is_not_modelled_is_refused_by_name(value: object, message: str) -> None:
    with pytest.raises(UnsupportedError) as raised:
        resolved(value)

    assert raised.value.message == message


def test_the_branch_not_taken_is_not_resolved() -> None:
    assert resolved({"Fn::If": ["Yes", "taken", {"Ref": "Nowhere"}]}) == "taken"


def test_condition_is_a_plain_key_in_a_policy() -> None:
    statement = {"Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}}

    assert resolved(statement) == {"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_sub_of_a_text_without_variables_is_the_text(text: str) -> None:
    plain = text.replace("${", "$")

    assert resolved({"Fn::Sub": plain}) == plain


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="ab,|"), st.sampled_from(["a", ",", "|", "ab"]))
def test_join_turns_split_back(text: str, delimiter: str) -> None:
    assert resolved({"Fn::Join": [delimiter, {"Fn::Split": [delimiter, text]}]}) == text


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_base64_can_be_read_back(text: str) -> None:
    assert base64.b64decode(resolved({"Fn::Base64": text})).decode() == text
