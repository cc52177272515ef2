"""The functions of the Rules section, each where it holds and where it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qa.embedded.cloudformation.errors import RefusedError
from qa.embedded.cloudformation.rules import Rules
from qa.embedded.cloudformation.template import parse

from .templates import template, topic

PARAMETERS = {
    "Stage": {"Type": "String"},
    "Zones": {"Type": "CommaDelimitedList"},
}
VALUES = {"Stage": "dev", "Zones": "a, b"}


def holds(assertion: Any, **others: Any) -> bool:
    condition = {"RuleCondition": others["condition"]} if others else {}
    rules = {"R": {**condition, "Assertions": [{"Assert": assertion}]}}
    body = json.dumps(template({"A": topic()}, Parameters=PARAMETERS, Rules=rules))
    try:
        Rules(parse(body), VALUES, {"AWS::Region": "us-east-1"}).check()
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        pytest.param(
            {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}, {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, id="equals"
        ),
        pytest.param(
            {"Fn::Contains": [["us-east-1"], {"Ref": "AWS::Region"}]},
            {"Fn::Contains": [["us-west-2"], {"Ref": "AWS::Region"}]},
            id="contains",
        ),
        pytest.param(
            {"Fn::EachMemberIn": [{"Ref": "Zones"}, ["a", "b", "c"]]},
            {"Fn::EachMemberIn": [{"Ref": "Zones"}, ["a"]]},
            id="each member in",
        ),
        pytest.param(
            {"Fn::EachMemberEquals": [["a", "a"], "a"]},
            {"Fn::EachMemberEquals": [{"Ref": "Zones"}, "a"]},
            id="each member equals",
        ),
        pytest.param(
            {"Fn::And": [{"Fn::Equals": ["a", "a"]}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]},
            {"Fn::And": [{"Fn::Equals": ["a", "a"]}, {"Fn::Equals": ["a", "b"]}]},
            id="and, not",
        ),
        pytest.param(
            {"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": ["a", "a"]}]},
            {"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": ["b", "a"]}]},
            id="or",
        ),
    ],
)
def test_a_rule_function_decides(good: Any, bad: Any) -> None:
    assert (holds(good), holds(bad)) == (True, False)


def test_a_rule_whose_condition_is_false_is_not_checked() -> None:
    condition = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}

    assert holds({"Fn::Equals": ["a", "b"]}, condition=condition)


def test_a_rule_function_that_is_not_modelled_is_refused_by_name() -> None:
    rules = {"R": {"Assertions": [{"Assert": {"Fn::If": ["C", True, False]}}]}}
    body = json.dumps(template({"A": topic()}, Parameters=PARAMETERS, Rules=rules))

    with pytest.raises(RefusedError) as raised:
        Rules(parse(body), VALUES, {}).check()

    assert raised.value.message == "no support for Fn::If in the section Rules in the embedded AWS"
