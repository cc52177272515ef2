"""Functions in functions that would unfold into gigabytes are told, and the rest goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa.checks import Severity, check
from qa.checks.regional import Unresolved, regional_stack
from qa.template import EvaluatedResource, UnsupportedError, evaluate, template_of

if TYPE_CHECKING:
    from collections.abc import Callable

TOPIC = "AWS::SNS::Topic"


def nested(wrap: Callable[[Any], Any], levels: int, inner: Any = "x") -> dict[str, Any]:
    """Return a template with a function around a function around …, and a plain topic beside it."""
    for _ in range(levels):
        inner = wrap(inner)
    named = {"Type": TOPIC, "Properties": {"TopicName": inner}}
    return {"Resources": {"A": named, "B": {"Type": TOPIC, "Properties": {"TopicName": {"Fn::Sub": "b"}}}}}


BOMBS = {
    "Sub of text": nested(lambda inner: {"Fn::Sub": ["${a}${a}", {"a": inner}]}, 31),
    "Sub of a resource": nested(lambda inner: {"Fn::Sub": ["${a}${a}", {"a": inner}]}, 31, {"Ref": "B"}),
    "Sub with many": nested(lambda inner: {"Fn::Sub": ["${a}" * 1000, {"a": inner}]}, 5),
    "Sub of what is not known": nested(
        lambda inner: {"Fn::Base64": {"Fn::Sub": ["${a}${a}", {"a": inner}]}}, 23, {"Ref": "B"}
    ),
    "Base64": nested(lambda inner: {"Fn::Base64": inner}, 90, "x"),
    "ToJsonString": {
        "Transform": "AWS::LanguageExtensions",
        **nested(lambda inner: {"Fn::ToJsonString": [inner]}, 45, '"'),
    },
    "Join of Split": nested(lambda inner: {"Fn::Join": [",,,,,", {"Fn::Split": [",", inner]}]}, 22, "a,b"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_unfolds_too_far_is_not_known_to_the_checks(bomb: str) -> None:
    stack = regional_stack(template_of(BOMBS[bomb]), region="us-east-1", parameters={})

    problem, name = stack.problems[0], stack.resources["A"].properties["TopicName"]
    assert (problem.path[:4], problem.is_unsupported, type(name)) == (
        ("Resources", "A", "Properties", "TopicName"),
        True,
        Unresolved,
    )
    assert problem.message.startswith("functions unfold into more than 1,")


def test_what_unfolds_too_far_is_refused_where_everything_must_be_known() -> None:
    template = template_of(nested(lambda inner: {"Fn::Base64": inner}, 48), source="t.json")

    with pytest.raises(UnsupportedError) as raised:
        evaluate(template, region="us-east-1")

    assert str(raised.value).partition(" (at")[0] == (
        "t.json:17:31: functions unfold into more than 1,065,080 characters"
    )


def test_a_long_template_may_make_much() -> None:
    resources = {
        f"R{number}": {"Type": TOPIC, "Properties": {"TopicName": {"Fn::Sub": "x-${AWS::Region}"}}}
        for number in range(5000)
    }

    evaluated = evaluate(template_of({"Resources": resources}), region="us-east-1")

    assert evaluated.resources["R4999"] == EvaluatedResource(
        logical_id="R4999",
        type=TOPIC,
        properties={"TopicName": "x-us-east-1"},
        depends_on=(),
        deletion_policy=None,
        update_replace_policy=None,
    )


def test_a_long_join_takes_time_in_proportion() -> None:
    join = {"Fn::Join": [",", ["x" * 10] * 100_000]}
    template = template_of({"Resources": {"A": {"Type": TOPIC, "Properties": {"TopicName": join}}}})

    name = evaluate(template, region="us-east-1").resources["A"].properties["TopicName"]

    assert name == ",".join(["x" * 10] * 100_000)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["::/0", 10**9, 1], "Template error: Fn::Cidr: ::/0 does not hold 1000000000 blocks of 1 bits"),
        (["10.0.0.0/8", -1, 8], "Template error: Fn::Cidr: 10.0.0.0/8 does not hold -1 blocks of 8 bits"),
        ([5, 1, 1], "Template error: Fn::Cidr: '5' does not appear to be an IPv4 or IPv6 network"),
        ([["x"], 1, 1], "Template error: Fn::Cidr: \"['x']\" does not appear to be an IPv4 or IPv6 network"),
    ],
    ids=["a billion", "negative", "a number", "a list"],
)
def test_blocks_that_cannot_be_are_refused_before_they_are_made(arguments: list[Any], message: str) -> None:
    cidr = {"Resources": {"A": {"Type": TOPIC, "Properties": {"TopicName": {"Fn::Cidr": arguments}}}}}

    stack = regional_stack(template_of(cidr), region="us-east-1", parameters={})

    assert [problem.message for problem in stack.problems] == [message]


def test_that_functions_are_not_followed_is_told_once_per_template() -> None:
    bomb = nested(lambda inner: {"Fn::Base64": inner}, 90)

    (note,) = check(template_of(bomb), regions=("us-east-1", "us-west-2"))

    assert (note.rule, note.severity, note.region, note.logical_id) == (
        "functions-not-followed",
        Severity.NOTE,
        None,
        "A",
    )
