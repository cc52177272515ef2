"""Condition operators, as AWS documents them."""

from __future__ import annotations

import pytest

from qa.embedded.judge.conditions import Facts, holds
from qa.embedded.judge.errors import NotModelledError
from qa.embedded.judge.policy import Condition

CONTEXT = {
    "aws:username": ("ada",),
    "aws:PrincipalArn": ("arn:aws:iam::123456789012:role/worker",),
    "aws:SecureTransport": ("false",),
    "aws:SourceIp": ("127.0.0.1",),
    "aws:CurrentTime": ("2026-11-23T20:00:00Z",),
    "s3:max-keys": ("10",),
    "dynamodb:LeadingKeys": ("qa-1", "qa-2"),
}


def met(operator: str, key: str, *values: str) -> bool:
    return holds(Condition(operator=operator, key=key, values=values), Facts(CONTEXT))


@pytest.mark.parametrize(
    ("operator", "key", "values"),
    [
        ("StringEquals", "aws:username", ("eve", "ada")),
        ("StringEquals", "AWS:UserName", ("ada",)),
        ("StringNotEquals", "aws:username", ("eve",)),
        ("StringEqualsIgnoreCase", "aws:username", ("ADA",)),
        ("StringNotEqualsIgnoreCase", "aws:username", ("eve",)),
        ("StringLike", "aws:username", ("a?a",)),
        ("StringNotLike", "aws:username", ("e*",)),
        ("ArnEquals", "aws:PrincipalArn", ("arn:aws:iam::123456789012:role/*",)),
        ("ArnLike", "aws:PrincipalArn", ("arn:aws:iam::*:role/w*",)),
        ("ArnNotLike", "aws:PrincipalArn", ("arn:aws:iam::*:user/*",)),
        ("ArnNotEquals", "aws:PrincipalArn", ("arn:aws:iam::*:user/*",)),
        ("Bool", "aws:SecureTransport", ("False",)),
        ("Null", "aws:SourceArn", ("true",)),
        ("Null", "aws:username", ("false",)),
        ("NumericEquals", "s3:max-keys", ("10.0",)),
        ("NumericNotEquals", "s3:max-keys", ("11",)),
        ("NumericLessThan", "s3:max-keys", ("11",)),
        ("NumericLessThanEquals", "s3:max-keys", ("10",)),
        ("NumericGreaterThan", "s3:max-keys", ("9",)),
        ("NumericGreaterThanEquals", "s3:max-keys", ("10",)),
        ("DateLessThan", "aws:CurrentTime", ("2027-01-01T00:00:00Z",)),
        ("DateGreaterThan", "aws:CurrentTime", ("1700000000",)),
        ("DateEquals", "aws:CurrentTime", ("2026-11-23T20:00:00Z",)),
        ("IpAddress", "aws:SourceIp", ("10.0.0.0/8", "127.0.0.0/8")),
        ("NotIpAddress", "aws:SourceIp", ("10.0.0.0/8",)),
        ("ForAllValues:StringLike", "dynamodb:LeadingKeys", ("qa-*",)),
        ("ForAnyValue:StringEquals", "dynamodb:LeadingKeys", ("qa-2",)),
        ("ForAnyValue:StringNotEquals", "dynamodb:LeadingKeys", ("qa-2",)),
    ],
)
def test_a_condition_is_met(operator: str, key: str, values: tuple[str, ...]) -> None:
    assert met(operator, key, *values)


@pytest.mark.parametrize(
    ("operator", "key", "values"),
    [
        ("StringEquals", "aws:username", ("Ada",)),
        ("StringEquals", "aws:username", ("a*",)),
        ("StringNotEquals", "aws:username", ("eve", "ada")),
        ("StringNotLike", "aws:username", ("e*", "a*")),
        ("ArnLike", "aws:username", ("arn:aws:iam::*:role/*",)),
        ("ArnLike", "aws:PrincipalArn", ("arn:aws:*:role/worker",)),
        ("Bool", "aws:SecureTransport", ("true",)),
        ("Null", "aws:username", ("true",)),
        ("NumericEquals", "aws:username", ("10",)),
        ("DateLessThan", "aws:CurrentTime", ("2020-01-01T00:00:00Z",)),
        ("IpAddress", "aws:SourceIp", ("10.0.0.0/8",)),
        ("NotIpAddress", "aws:SourceIp", ("10.0.0.0/8", "127.0.0.1")),
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", ("qa-1",)),
        ("ForAnyValue:StringEquals", "dynamodb:LeadingKeys", ("qa-3",)),
        ("StringNotEquals", "dynamodb:LeadingKeys", ("qa-1",)),
    ],
)
def test_a_condition_is_not_met(operator: str, key: str, values: tuple[str, ...]) -> None:
    assert not met(operator, key, *values)


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringEqualsIfExists", True),
        ("StringNotEquals", True),
        ("NotIpAddress", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringEqualsIfExists", True),
        ("BoolIfExists", True),
    ],
)
def test_a_key_that_the_request_has_not(operator: str, expected: bool) -> None:  # noqa: FBT001
    assert met(operator, "aws:SourceArn", "x") is expected


def test_a_policy_variable_stands_for_the_value_of_its_key() -> None:
    assert [met("StringEquals", "aws:username", value) for value in ("${aws:username}", "${aws:userid}")] == [
        True,
        False,
    ]


def test_before_2012_a_policy_has_no_variables() -> None:
    condition = Condition(operator="StringEquals", key="aws:username", values=("${aws:username}",))

    assert not holds(condition, Facts(CONTEXT), has_variables=False)


@pytest.mark.parametrize("operator", ["StringMatches", "ForEachValue:StringEquals", "NullIfExists", "bool"])
def test_an_unknown_operator_is_refused_by_name(operator: str) -> None:
    with pytest.raises(NotModelledError) as refused:
        met(operator, "aws:username", "ada")

    assert str(refused.value) == f"the embedded AWS does not model the condition operator {operator!r}"


def test_keys_that_were_asked_in_vain_are_remembered() -> None:
    facts = Facts(CONTEXT)

    holds(Condition(operator="StringLike", key="aws:SourceArn", values=("*",)), facts)

    assert facts.missing == {"aws:SourceArn"}
