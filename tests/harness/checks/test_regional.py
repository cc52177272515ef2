"""A template as the stack of one region, open questions left open."""

from __future__ import annotations

from typing import Any

import pytest

from qa.checks.regional import OpenParameter, RegionalStack, Unresolved, regional_stack
from qa.template import ParameterError, Path, ResourceRef, concatenated, template_of
from tests.harness.checks.small import EAST, IN_EAST, TOPIC, WEST, body, resource


def _stack(template: dict[str, Any], region: str = EAST, **parameters: str) -> RegionalStack:
    return regional_stack(template_of(template), region=region, parameters=parameters)


def _named(value: Any) -> dict[str, Any]:
    return resource("AWS::SNS::Topic", TopicName=value)


def test_resource_is_where_its_condition_is_true() -> None:
    template = body({"A": {**TOPIC, "Condition": "InEast"}, "B": TOPIC}, Conditions=IN_EAST)

    assert [list(_stack(template, region).resources) for region in (EAST, WEST)] == [["A", "B"], ["B"]]


def test_parameter_without_a_value_stays_open() -> None:
    template = body({"A": _named({"Fn::Sub": "${Name}-x"})}, Parameters={"Name": {"Type": "String"}})

    assert _stack(template).resources["A"].properties == {
        "TopicName": concatenated([OpenParameter("Name"), "-x"])
    }


def test_condition_on_an_open_parameter_is_not_known() -> None:
    conditions = {
        "Open": {"Fn::Equals": [{"Ref": "Name"}, "x"]},
        "Never": {"Fn::And": [{"Condition": "Open"}, {"Fn::Equals": ["a", "b"]}]},
        "Always": {"Fn::Or": [{"Condition": "Open"}, {"Fn::Not": [{"Condition": "Never"}]}]},
        "Either": {"Fn::Not": [{"Condition": "Open"}]},
        "Itself": {"Fn::Not": [{"Condition": "Itself"}]},
    }
    template = body({}, Parameters={"Name": {"Type": "String"}}, Conditions=conditions)

    assert _stack(template).conditions == {
        "Open": None,
        "Never": False,
        "Always": True,
        "Either": None,
        "Itself": None,
    }


@pytest.mark.parametrize("name", ["AWS::AccountId", "AWS::StackName", "AWS::StackId"])
def test_condition_on_the_account_or_the_stack_is_not_known(name: str) -> None:
    template = body({}, Conditions={"Ours": {"Fn::Equals": [{"Ref": name}, "x"]}})

    assert _stack(template).conditions == {"Ours": None}


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::FindInMap": ["Accounts", {"Ref": "AWS::AccountId"}, "Name"]},
        {"Fn::FindInMap": ["Accounts", {"Fn::Sub": "a${AWS::AccountId}"}, "Name"]},
        {"Fn::Select": [0, {"Ref": "AWS::NotificationARNs"}]},
    ],
    ids=["map of accounts", "within Sub", "notifications"],
)
def test_what_hangs_on_the_deployment_is_no_problem(value: dict[str, Any]) -> None:
    mappings = {"Accounts": {"210987654321": {"Name": "x"}}}

    template = body({"A": _named(value)}, Transform="AWS::LanguageExtensions", Mappings=mappings)

    assert _stack(template).problems == ()


@pytest.mark.parametrize("step", [1, -1], ids=["later ones", "earlier ones"])
def test_thousands_of_conditions_may_hang_on_one_another(step: int) -> None:
    conditions: dict[str, Any] = {
        f"C{number}": {"Fn::Not": [{"Condition": f"C{number + step}"}]} for number in range(5000)
    }
    conditions |= {"C-1": {"Fn::Equals": ["a", "a"]}, "C5000": {"Fn::Equals": ["a", "a"]}}

    known = _stack(body({}, Conditions=conditions)).conditions

    assert (known["C0"], known["C4999"]) == ((True, False) if step == 1 else (False, True))


def test_what_hangs_on_a_ring_of_conditions_is_not_known() -> None:
    conditions = {f"C{number}": {"Condition": f"C{(number + 1) % 5000}"} for number in range(5000)}

    assert set(_stack(body({}, Conditions=conditions)).conditions.values()) == {None}


def test_resource_on_an_unknown_condition_may_be_there() -> None:
    conditions = {"Open": {"Fn::Equals": [{"Ref": "Name"}, "x"]}}
    parameters = {"Name": {"Type": "String"}}
    template = body({"A": {**TOPIC, "Condition": "Open"}}, Conditions=conditions, Parameters=parameters)

    assert [
        _stack(template).holds("A"),
        _stack(template, Name="x").holds("A"),
        _stack(template, Name="y").holds("A"),
    ] == [
        None,
        True,
        False,
    ]


def test_default_that_breaks_a_rule_stays_open() -> None:
    rule = {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "KeyArn"}, ""]}]}}]}
    template = body(
        {"A": _named({"Ref": "KeyArn"})},
        Parameters={"KeyArn": {"Type": "String", "Default": ""}},
        Rules={"KnowsTheKey": rule},
    )

    assert _stack(template).resources["A"].properties == {"TopicName": OpenParameter("KeyArn")}


def test_default_that_the_parameter_refuses_stays_open() -> None:
    parameters = {"Name": {"Type": "String", "Default": "x", "AllowedValues": ["y"]}}

    assert _stack(body({}, Parameters=parameters)).parameters == {"Name": OpenParameter("Name")}


@pytest.mark.parametrize("given", [{"Name": "x"}, {"Other": "y"}], ids=["refused", "not declared"])
def test_given_value_that_cannot_be_is_refused(given: dict[str, str]) -> None:
    parameters = {"Name": {"Type": "String", "Default": "y", "AllowedValues": ["y"]}}

    with pytest.raises(ParameterError):
        _stack(body({}, Parameters=parameters), **given)


def test_function_that_cannot_be_resolved_is_equal_to_no_other() -> None:
    template = body({"A": _named({"Fn::Select": [9, ["a"]]}), "B": _named({"Fn::Select": [9, ["a"]]})})

    first, second = (each.properties["TopicName"] for each in _stack(template).resources.values())

    assert (isinstance(first, Unresolved), first == second) == (True, False)


def test_no_value_is_not_there() -> None:
    template = body(
        {"A": resource("AWS::SNS::Topic", TopicName={"Ref": "AWS::NoValue"}, Tags=[{"Ref": "B"}]), "B": TOPIC}
    )

    assert _stack(template).resources["A"].properties == {"Tags": [ResourceRef("B")]}


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("TopicName",), ("TopicName", "Fn::If", 1)),
        (("Tags", 0, "Key"), ("Tags", 1, "Key")),
        (("Tags", 1), ("Tags", 2, "Fn::If", 1)),
        (("Tags", 1, "Key"), ("Tags", 2, "Fn::If", 1, "Key")),
        (("Gone", "Deeper"), ("Gone", "Deeper")),
    ],
    ids=["branch", "after no value", "element is a branch", "in it", "not there"],
)
def test_resolved_property_is_found_where_it_is_written(parts: Path, path: Path) -> None:
    conditional = {"Fn::If": ["InEast", {"Key": "b"}, {"Ref": "AWS::NoValue"}]}
    tags = [{"Fn::If": ["InEast", {"Ref": "AWS::NoValue"}, {"Key": "a"}]}, {"Key": "c"}, conditional]
    name = {"Fn::If": ["InEast", "east", "west"]}

    topic = resource("AWS::SNS::Topic", TopicName=name, Tags=tags)
    stack = _stack(body({"A": topic}, Conditions=IN_EAST))

    assert stack.path_of("A", *parts) == ("Resources", "A", "Properties", *path)
