"""Random expressions: our reader and moto's parser, as the embedded AWS uses it, find the same value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.embedded.cloudformation.errors import RefusedError, UnresolvedValueError
from qa.embedded.cloudformation.graph import waves
from qa.embedded.cloudformation.intrinsics import StackMap, resolve
from qa.embedded.cloudformation.template import parse
from qa.template import EvaluationError, evaluate, graph, template_of

from .functions import CONDITIONS, MAPPINGS, PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping

Expression = Any
ACCOUNT, STACK = "123456789012", "random"
VALUES = {"Stage": "dev", "Empty": "", "Count": "3", "Names": "ada,grace,mary", "Ports": "80,443"}
REFUSED = "refused"

# without $: moto substitutes $Name and $$ too where Fn::Sub has variables of its own, which AWS does not
plain = st.text("ab-,|/ 0Zü✓\"'{}", max_size=8)
condition = st.sampled_from(sorted(CONDITIONS))
text_name = st.sampled_from(["Stage", "Empty", "AWS::Region", "AWS::AccountId", "AWS::StackName"])
# a Number is a number to moto and text to AWS: the same inside a text, not where a text must be
variable = text_name.map(lambda name: f"${{{name}}}") | st.sampled_from(["${Count}", "${!Literal}"])
sub_text = st.lists(plain.filter(lambda text: "{" not in text) | variable, max_size=4).map("".join)
leaf = plain | text_name.map(lambda name: {"Ref": name})


def extended(texts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Return expressions of text that are made of other ones."""
    delimiter = st.sampled_from(["-", ",", "ab", " "])
    lists = (
        st.lists(texts, min_size=1, max_size=4)
        | st.just({"Ref": "Names"})
        | st.tuples(delimiter, texts).map(lambda pair: {"Fn::Split": list(pair)})
    )
    lists |= st.tuples(condition, lists, lists).map(lambda three: {"Fn::If": list(three)})
    # moto substitutes in what it has substituted: ${!Literal} in a variable's value is one too many to it
    values = texts.filter(lambda text: "${!" not in json.dumps(text))
    own = st.tuples(sub_text, values).map(lambda pair: {"Fn::Sub": [f"{pair[0]}/${{Own}}", {"Own": pair[1]}]})
    return st.one_of(
        st.tuples(delimiter, lists).map(lambda pair: {"Fn::Join": list(pair)}),
        st.tuples(st.integers(0, 4).map(str), lists).map(lambda pair: {"Fn::Select": list(pair)}),
        st.tuples(condition, texts, texts).map(lambda three: {"Fn::If": list(three)}),
        texts.map(lambda text: {"Fn::Base64": text}),
        texts.map(lambda key: {"Fn::FindInMap": ["Places", key, "side"]}),
        st.just({"Fn::FindInMap": ["Places", {"Ref": "AWS::Region"}, "side"]}),
        sub_text.map(lambda text: {"Fn::Sub": text}),
        own,
    )


expressions = st.recursive(leaf, extended, max_leaves=8)


def body(value: Expression) -> dict[str, Any]:
    return {
        "Parameters": PARAMETERS,
        "Mappings": MAPPINGS,
        "Conditions": CONDITIONS,
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": value}}},
    }


def ours(template: Mapping[str, Any], region: str) -> object:
    """Return what our reader finds, REFUSED when it finds an error.

    With the transform, which lets functions give the keys of Fn::FindInMap; moto asks for none.
    """
    try:
        found = evaluate(
            template_of({**template, "Transform": "AWS::LanguageExtensions"}, source="random"),
            region=region,
            parameters=VALUES,
            account_id=ACCOUNT,
            stack_name=STACK,
        )
    except EvaluationError:
        return REFUSED
    return found.resources["Topic"].properties["DisplayName"]


def motos(template: Mapping[str, Any], region: str) -> object:
    """Return what moto's parser finds, REFUSED when it finds an error."""
    parsed = parse(json.dumps(template))
    stack_map = StackMap(
        parsed, VALUES, stack_id="", stack_name=STACK, account_id=ACCOUNT, region=region, exports={}
    )
    try:
        return resolve(parsed.resources["Topic"]["Properties"]["DisplayName"], stack_map)
    except UnresolvedValueError:
        return REFUSED


@settings(max_examples=300, deadline=None)
@given(expressions, st.sampled_from(["us-east-1", "us-west-2"]))
def test_any_expression_of_known_values_means_the_same_to_both(value: Expression, region: str) -> None:
    template = body(value)

    assert str(ours(template, region)) == str(motos(template, region))


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 20))
def test_both_list_the_same_resources_in_the_same_order_when_there_is_a_circle(
    data: st.DataObject, size: int
) -> None:
    names = [f"Resource{number}" for number in range(size)]
    edges = {name: data.draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) for name in names}
    resources = {name: {"Type": "AWS::SNS::Topic", "DependsOn": needed} for name, needed in edges.items()}

    message = graph(template_of({"Resources": resources}, source="random")).circular_dependency_message()

    assert message == circle_of(edges)


def circle_of(edges: Mapping[str, list[str]]) -> str | None:
    """Return what the embedded AWS says of a circle, None when it finds an order."""
    try:
        waves(edges)
    except RefusedError as refused:
        return str(refused.message)
    return None
