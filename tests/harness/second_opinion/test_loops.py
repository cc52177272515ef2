"""Random loops: cfn-lint writes them out for itself, and the stacks are the same."""

from __future__ import annotations

import copy
import json
from typing import Any

from cfnlint.decode import convert_dict
from cfnlint.template.template import Template as CfnLintTemplate
from cfnlint.template.transforms._language_extensions import language_extension
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.template import evaluate, template_of

REGION = "us-east-1"
PARAMETERS = {"Names": {"Type": "CommaDelimitedList", "Default": "Ada,Grace,Mary"}}
LITERALS = ("A", "Bb", "c3", "D.d", "e-4")
MAPPED = ("one", "two", "three")
# every key is there: where one is not, cfn-lint guesses at a list, and ours takes the default
MAPPINGS = {
    "Groups": {REGION: {"Few": ["one", "two"], "One": ["three"]}},
    "Words": {"Of": {value: f"word {value}" for value in (*LITERALS, *MAPPED, "Ada", "Grace", "Mary")}},
}
# values that make names of their own: a name made twice is another test's business
letters = st.lists(st.sampled_from(LITERALS), min_size=1, max_size=3, unique=True)
collections = (
    letters
    | st.just({"Ref": "Names"})
    | st.sampled_from(["Few", "One"]).map(
        lambda key: {"Fn::FindInMap": ["Groups", {"Ref": "AWS::Region"}, key]}
    )
)


def value_of(identifiers: tuple[str, ...]) -> st.SearchStrategy[Any]:
    identifier = st.sampled_from(identifiers)
    return st.one_of(
        identifier.map(lambda name: {"Ref": name}),
        identifier.map(lambda name: {"Fn::Sub": f"${{{name}}}-${{AWS::Region}}"}),
        identifier.map(lambda name: {"Fn::Sub": f"<${{{name}}}>"}),
        identifier.map(lambda name: {"Fn::Join": ["/", [{"Ref": name}, "end"]]}),
        identifier.map(lambda name: {"Ref": {"Fn::Sub": f"Named&{{{name}}}"}}),
        identifier.map(lambda name: {"Fn::GetAtt": [{"Fn::Sub": f"Named&{{{name}}}"}, "TopicName"]}),
        identifier.map(
            lambda name: {"Fn::FindInMap": ["Words", "Of", {"Ref": name}, {"DefaultValue": "none"}]}
        ),
    )


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a template: a loop of named topics for each collection, and one or two levels of others."""
    depth = draw(st.integers(1, 3))
    identifiers = tuple(f"X{level}" for level in range(depth))
    values = [draw(collections) for _ in identifiers]
    key = "Made" + "".join(f"&{{{name}}}" for name in identifiers)
    made: dict[str, Any] = {
        key: {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": draw(value_of(identifiers))}}
    }
    for name, collection in zip(identifiers, values, strict=True):
        made = {f"Fn::ForEach::{name}": [name, collection, made]}
    names = ("A", "Bb", "c3", "Dd", "e4", "Ada", "Grace", "Mary", *MAPPED)
    named = {f"Named{name}": {"Type": "AWS::SNS::Topic"} for name in names}
    return {
        "Transform": "AWS::LanguageExtensions",
        "Parameters": PARAMETERS,
        "Mappings": MAPPINGS,
        "Resources": {**named, **made},
    }


def written_out_by_cfn_lint(body: dict[str, Any]) -> dict[str, Any]:
    """Return the template as cfn-lint writes its loops out."""
    nodes = convert_dict(copy.deepcopy(body))  # type: ignore[no-untyped-call]  # cfn-lint's own
    template = CfnLintTemplate("random.json", nodes, regions=[REGION])
    problems, made = language_extension(template)
    assert problems == []
    plain: dict[str, Any] = json.loads(json.dumps(made))
    return plain


@settings(max_examples=100, deadline=None)
@given(bodies())
def test_both_write_the_same_stack_out(body: dict[str, Any]) -> None:
    ours = evaluate(template_of(body), region=REGION)
    theirs = evaluate(template_of(written_out_by_cfn_lint(body)), region=REGION)

    assert ours.resources == theirs.resources
