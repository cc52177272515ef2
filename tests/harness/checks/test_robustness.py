"""Whatever stands in a template, the checks say something or nothing, and never break."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.checks import check
from qa.checks.drawing import drawn
from qa.checks.reporting import Report, Style, as_github, as_json, as_sarif, as_text, located
from qa.template import TemplateError, template_of
from tests.harness.checks.small import REGIONS

BODIES = [
    json.loads(Path(name).read_text(encoding="utf-8"))
    for name in ("lib/TapStack.json", "lib/failures/original.json")
]
TOPIC = {
    "Type": "AWS::SNS::Topic",
    "Condition": {"Fn::Sub": "Is${X}"},
    "DependsOn": [{"Fn::Sub": "Other${X}"}],
    "Properties": {
        "TopicName": {"Ref": {"Fn::Sub": "Other${X}"}},
        "Fn::ForEach::P": ["P", ["DisplayName"], {"${P}": {"Fn::FindInMap": ["M", "a", {"Ref": "X"}]}}],
    },
}
BODIES.append(
    {
        "Transform": ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"],
        "Globals": {"Function": {"Runtime": "nodejs22.x"}},
        "Parameters": {"Names": {"Type": "CommaDelimitedList", "Default": "A,B"}},
        "Mappings": {"M": {"a": {"A": "b"}}, "Fn::Transform": {"Name": "AWS::Include"}},
        "Conditions": {"Fn::ForEach::C": ["X", {"Ref": "Names"}, {"Is${X}": {"Fn::Equals": ["a", "b"]}}]},
        "Resources": {
            "Fn::ForEach::T": ["X", {"Ref": "Names"}, {"Topic${X}": TOPIC, "Other${X}": {"Type": "T"}}],
            "F": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "index.handler"}},
        },
    }
)
FUNCTIONS = ("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::Select", "Fn::FindInMap", "Fn::Join", "Fn::Nope")
NAMES = (
    "PrimaryKMSKey",
    "TransactionsTable.Arn",
    "AWS::Region",
    "AWS::NoValue",
    "IsPrimary",
    "${Gone}",
    "arn:aws:kms",
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    LEAVES | st.sampled_from(NAMES),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from((*FUNCTIONS, "Fn::ForEach::L", "Fn::Transform", "Statement", "Name")),
            inner,
            max_size=2,
        )
    ),
    max_leaves=6,
)


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        found.append((value, key))
        _places(value[key], found)
    return found


@settings(max_examples=40, deadline=5000)
@given(data=st.data())
def test_any_value_anywhere_in_a_resource_is_borne(data: st.DataObject) -> None:
    body = copy.deepcopy(data.draw(st.sampled_from(BODIES)))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(_places(body["Resources"], [])))
        holder[key] = data.draw(VALUES)

    try:
        template = template_of(body)
        findings = check(template, regions=REGIONS)
    except TemplateError:
        return

    report = Report(templates=("t",), regions=REGIONS, findings=located(findings, template), unread=())
    assert all((as_text(report, Style()), as_json(report), as_sarif(report, version="1")))
    assert as_github(report).count("\n") == len(findings)
    assert drawn(template, regions=REGIONS, form="svg")
