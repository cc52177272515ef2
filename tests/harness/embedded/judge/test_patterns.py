"""Wildcards and policy variables, in texts and in ARNs."""

from __future__ import annotations

import pytest

from qa.embedded.judge.patterns import arn_matches, expand, text_matches, variables

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"


def lookup(key: str) -> str | None:
    return {"aws:username": "ada", "aws:PrincipalTag/team": "a*"}.get(key)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("Put*", "PutItem", True),
        ("Put?tem", "PutItem", True),
        ("Put?Item", "PutItem", False),
        ("put*", "PutItem", False),
        ("a.c", "abc", False),
        ("home/${aws:username}/*", "home/ada/notes", True),
        ("home/${aws:username}/*", "home/eve/notes", False),
        ("${aws:PrincipalTag/team}", "abc", False),
        ("${aws:PrincipalTag/team}", "a*", True),
        ("${aws:unknown}", "", False),
        ("${aws:unknown, 'anybody'}", "anybody", True),
        ("a${*}b", "a*b", True),
        ("a${*}b", "axb", False),
    ],
)
def test_a_text_pattern_covers_the_whole_text(pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001
    assert text_matches(pattern, text, lookup) is expected


def test_actions_match_in_any_case() -> None:
    assert text_matches("dynamodb:putitem", "dynamodb:PutItem", lookup, ignore_case=True)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        (TABLE, True),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/*", True),
        ("arn:aws:dynamodb:*:*:table/orders", True),
        ("arn:aws:dynamodb", True),
        ("arn:aws:dynamodb:us-west-2:123456789012:table/orders", False),
        ("arn:aws:dynamodb:*:table/orders", False),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/Orders", False),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/${aws:username}", False),
    ],
)
def test_an_arn_pattern_covers_an_arn_part_by_part(pattern: str, expected: bool) -> None:  # noqa: FBT001
    assert arn_matches(pattern, TABLE, lookup) is expected


def test_no_resource_at_all_is_covered_by_the_asterisk_alone() -> None:
    assert [arn_matches(pattern, "*", lookup) for pattern in ("*", "arn:aws:s3:::*", TABLE)] == [
        True,
        False,
        False,
    ]


def test_a_variable_with_colons_stays_one_part_of_an_arn() -> None:
    assert arn_matches("arn:aws:s3:::docs/${aws:username}/*", "arn:aws:s3:::docs/ada/x", lookup)


def test_a_text_without_a_value_for_its_variable_has_no_expansion() -> None:
    assert (expand("${aws:username}/${$}", lookup), expand("${aws:unknown}", lookup)) == ("ada/$", None)


def test_the_variables_of_a_text_are_its_condition_keys() -> None:
    assert variables("a/${aws:username}/${*}/${aws:x, 'y'}") == frozenset({"aws:username", "aws:x"})
