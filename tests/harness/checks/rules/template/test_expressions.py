"""Functions that cannot be resolved."""

from __future__ import annotations

from typing import Any

import pytest

from qa.checks import Severity
from tests.harness.checks.findings import finding
from tests.harness.checks.small import IN_EAST, WEST, body, found, resource

SOURCE = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html"
)
MAPPINGS = {"Names": {"us-east-1": {"Topic": "alerts"}}}


def _template(name: Any, **sections: Any) -> dict[str, Any]:
    return body({"A": resource("AWS::SNS::Topic", TopicName=name)}, **sections)


def test_mapping_that_lacks_a_region() -> None:
    name = {"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "Topic"]}

    assert found("unresolvable-function", _template(name, Mappings=MAPPINGS)) == (
        finding(
            "unresolvable-function",
            "Resources/A/Properties/TopicName/Fn::FindInMap",
            region=WEST,
            message="Template error: Unable to get mapping for Names::us-west-2::Topic",
            actual=["Names", {"Ref": "AWS::Region"}, "Topic"],
            expected="arguments that the function can resolve",
            fix="fix the arguments, or give the parameters other values with --parameter",
        ),
    )


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ({"Fn::Join": ["", ["a", {"Fn::Select": [1, ["b"]]}]]}, ("Fn::Join", 1, 1, "Fn::Select")),
        ({"Fn::Sub": ["${X}", {"X": {"Fn::Select": [1, ["b"]]}}]}, ("Fn::Sub", 1, "X", "Fn::Select")),
        ({"Fn::Select": [{"Fn::Select": [1, ["b"]]}, ["c"]]}, ("Fn::Select", 0, "Fn::Select")),
        (
            {"Fn::FindInMap": ["Names", "x", "y", {"DefaultValue": {"Fn::Select": [1, ["b"]]}}]},
            ("Fn::FindInMap", 3, "DefaultValue", "Fn::Select"),
        ),
    ],
    ids=["in Join", "in the map of Sub", "in Select", "default of FindInMap"],
)
def test_function_within_a_function_is_found_at_its_place(name: Any, below: tuple[str | int, ...]) -> None:
    findings = found("unresolvable-function", _template(name, Mappings=MAPPINGS))

    assert [(finding.path[4:], finding.actual) for finding in findings] == [(below, [1, ["b"]])]


def test_unknown_function_in_the_second_argument_of_another() -> None:
    name = {"Fn::Join": ["", ["a", {"Fn::Nope": "b"}]]}

    paths = [finding.path[4:] for finding in found("unknown-function", _template(name))]

    assert paths == [("Fn::Join", 1, 1, "Fn::Nope")]


def test_default_of_a_parameter_may_be_at_fault() -> None:
    parameters = {"Names": {"Type": "CommaDelimitedList", "Default": "a"}}
    name = {"Fn::Select": [1, {"Ref": "Names"}]}

    assert [
        each.severity for each in found("unresolvable-function", _template(name, Parameters=parameters))
    ] == [Severity.WARNING]


@pytest.mark.parametrize(
    "name",
    [
        {"Fn::Select": [0, ["a"]]},
        {"Fn::Select": [1, {"Ref": "Names"}]},
        {"Fn::If": ["InEast", {"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "Topic"]}, "other"]},
        {"Fn::FindInMap": ["Names", "eu-west-1", "Topic", {"DefaultValue": "x"}]},
        {"Ref": "Gone"},
        {"Fn::FindInMap": ["Gone", "us-east-1", "Topic"]},
    ],
    ids=["resolved", "not known", "branch not taken", "default", "of another rule", "no such mapping"],
)
def test_function_that_can_be_resolved_or_may_be(name: Any) -> None:
    parameters = {"Names": {"Type": "CommaDelimitedList"}}
    template = _template(name, Parameters=parameters, Mappings=MAPPINGS, Conditions=IN_EAST)

    assert found("unresolvable-function", template) == ()


def test_function_that_there_is_not() -> None:
    assert found("unknown-function", _template({"Fn::Joined": ["", []]})) == (
        finding(
            "unknown-function",
            "Resources/A/Properties/TopicName/Fn::Joined",
            region=None,
            message="Template error: Encountered unsupported function: Fn::Joined",
            actual="Fn::Joined",
            expected="one of Fn::Base64, Fn::Cidr, Fn::FindInMap, Fn::GetAZs, Fn::GetAtt, Fn::If, "
            "Fn::ImportValue, Fn::Join, Fn::Length, Fn::Select, Fn::Split, Fn::Sub, Fn::ToJsonString, "
            "Fn::Transform, Ref",
            fix="did you mean Fn::Join?",
        ),
    )


@pytest.mark.parametrize(
    "name",
    [{"Fn::Join": ["", ["a"]]}, {"Fn::Transform": {"Name": "AWS::Include"}}, {"Fn::GetStackOutput": {}}],
)
def test_function_that_there_is(name: Any) -> None:
    assert found("unknown-function", _template(name)) == ()


def test_template_without_resources() -> None:
    assert [
        [each.message for each in found("no-resources", template)]
        for template in ({}, {"Transform": "Acme"}, _template("x"))
    ] == [["Template format error: At least one Resources member must be defined."], [], []]


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ({"Fn::Join": ["", ["a", {"Fn::Select": [5, ["a"]]}]]}, ("Fn::Join", 1, 1, "Fn::Select")),
        ({"Fn::Sub": ["${B}", {"B": {"Fn::Select": [5, ["a"]]}}]}, ("Fn::Sub", 1, "B", "Fn::Select")),
        (
            {"Fn::FindInMap": ["a", "b", "c", {"DefaultValue": {"Fn::Select": [5, ["a"]]}}]},
            ("Fn::FindInMap", 3, "DefaultValue", "Fn::Select"),
        ),
        ({"Fn::If": ["InEast", {"Fn::Select": [5, ["a"]]}, "x"]}, ("Fn::If", 1, "Fn::Select")),
    ],
    ids=["Join", "Sub", "FindInMap", "If"],
)
def test_place_is_that_of_the_innermost_function(name: Any, below: tuple[str | int, ...]) -> None:
    template = _template(name, Conditions=IN_EAST)

    (finding,) = found("unresolvable-function", template, regions=["us-east-1"])

    assert (finding.path, finding.actual) == (
        ("Resources", "A", "Properties", "TopicName", *below),
        [5, ["a"]],
    )


def test_unknown_function_within_the_list_of_another_is_told() -> None:
    name = {"Fn::Join": ["", ["a", "b", {"Fn::Sub": ["${B}", {"B": ["a", "b", {"Fn::Nope": 1}]}]}]]}

    assert [each.path[4:] for each in found("unknown-function", _template(name))] == [
        ("Fn::Join", 1, 2, "Fn::Sub", 1, "B", 2, "Fn::Nope")
    ]
