"""Parameter values against what the template declares."""

from __future__ import annotations

from typing import Any

import pytest

from qa.template import ParameterError, SsmParameter, UnsupportedError, evaluate, template_of


def values(given: dict[str, Any] | None = None, **declared: dict[str, Any]) -> dict[str, Any]:
    return dict(
        evaluate(template_of({"Parameters": declared}), region="us-east-1", parameters=given).parameters
    )


def refusal(given: dict[str, Any], **declared: dict[str, Any]) -> str:
    with pytest.raises(ParameterError) as raised:
        values(given, **declared)
    return raised.value.message


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("String", "text", "text"),
        ("String", 5, "5"),
        ("String", True, "true"),
        ("String", "", ""),
        ("Number", 5, "5"),
        ("Number", "5.50", "5.50"),
        ("CommaDelimitedList", "a, b ,c", ["a", "b", "c"]),
        ("CommaDelimitedList", ["a", "b"], ["a", "b"]),
        ("CommaDelimitedList", "", []),
        ("List<Number>", "1,2", ["1", "2"]),
        ("List<AWS::EC2::Subnet::Id>", ("subnet-1",), ["subnet-1"]),
        ("AWS::EC2::KeyPair::KeyName", "key", "key"),
        ("AWS::SSM::Parameter::Name", "/name", "/name"),
        ("AWS::SSM::Parameter::Value<List<String>>", "/names", SsmParameter("/names")),
    ],
    ids=str,
)
def test_a_value_is_what_ref_gives(kind: str, given: object, expected: object) -> None:
    assert values({"P": given}, P={"Type": kind}) == {"P": expected}


def test_a_given_value_goes_before_the_default() -> None:
    assert values({"A": "given"}, A={"Default": "a"}, B={"Default": "b"}) == {"A": "given", "B": "b"}


@pytest.mark.parametrize(
    ("given", "declared", "message"),
    [
        ("UP", {"AllowedPattern": "[a-z]+"}, "Parameter 'P' must match pattern [a-z]+"),
        ("upX", {"AllowedPattern": "[a-z]+"}, "Parameter 'P' must match pattern [a-z]+"),
        (
            "UP",
            {"AllowedPattern": "[a-z]+", "ConstraintDescription": "lower case"},
            "Parameter P failed to satisfy constraint: lower case",
        ),
        ("c", {"AllowedValues": ["a", "b"]}, "Parameter 'P' must be one of AllowedValues [a, b]"),
        ("ab", {"MinLength": 3}, "Parameter 'P' must contain at least 3 characters"),
        ("abcd", {"MaxLength": "3"}, "Parameter 'P' must contain at most 3 characters"),
        ("x", {"Type": "Number"}, "Parameter 'P' must be a number"),
        ("NaN", {"Type": "Number"}, "Parameter 'P' must be a number"),
        ("1", {"Type": "Number", "MinValue": 2}, "Parameter 'P' must be a number not less than 2"),
        ("9", {"Type": "Number", "MaxValue": 8}, "Parameter 'P' must be a number not greater than 8"),
        ("1,x", {"Type": "List<Number>"}, "Parameter 'P' must be a number"),
        (
            "a,c",
            {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]},
            "Parameter 'P' must be one of AllowedValues [a, b]",
        ),
    ],
    ids=[
        "pattern", "whole pattern", "description", "values", "too short", "too long", "no number", "NaN",
        "too small", "too great", "list of numbers", "list of values",
    ],
)  # fmt: skip
def test_a_value_outside_its_constraints_is_refused(
    given: str, declared: dict[str, Any], message: str
) -> None:
    assert refusal({"P": given}, P=declared) == message


def test_a_default_outside_the_constraints_is_refused_too() -> None:
    assert refusal({}, P={"Default": "x", "AllowedValues": ["a"]}) == (
        "Parameter 'P' must be one of AllowedValues [a]"
    )


def test_parameters_without_values_are_named_together() -> None:
    assert refusal({}, A={"Type": "String"}, B={"Default": ""}, C={}) == "Parameters: [A, C] must have values"


def test_values_for_no_parameter_are_refused() -> None:
    assert refusal({"X": "1", "Y": "2"}, A={"Default": ""}) == (
        "Parameters: [X, Y] do not exist in the template"
    )


def test_all_problems_are_told_at_once() -> None:
    found = refusal({"X": "1", "A": "ab"}, A={"MinLength": 3}, B={})

    assert found.split("\n") == [
        "Parameters: [X] do not exist in the template",
        "Parameters: [B] must have values",
        "Parameter 'A' must contain at least 3 characters",
    ]


@pytest.mark.parametrize(
    "pattern", [r"\p{Alpha}", "[[a-z]&&[^b]]", "("], ids=["class", "set in a set", "broken"]
)
def test_a_pattern_that_python_reads_otherwise_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(UnsupportedError, match="is not modelled"):
        values({"P": "a"}, P={"AllowedPattern": pattern})
