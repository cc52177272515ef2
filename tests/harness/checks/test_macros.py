"""Fn::Transform and AWS::Include: told where they stand, and nothing falsely judged around them."""

from __future__ import annotations

from typing import Any

import pytest

from qa.checks import check
from qa.template import Path, template_of
from tests.harness.checks.small import REGIONS, TOPIC, resource

INCLUDE = {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}


def _notes(template: dict[str, Any]) -> list[tuple[str, Path]]:
    return [(each.rule, each.path) for each in check(template_of(template), regions=REGIONS)]


@pytest.mark.parametrize("section", ["Mappings", "Conditions", "Resources", "Outputs"])
def test_include_in_a_section_may_add_what_is_missing(section: str) -> None:
    targets = {
        "Mappings": {"Fn::FindInMap": ["Included", "a", "b"]},
        "Conditions": {"Fn::If": ["Included", "a", "b"]},
        "Resources": {"Ref": "Included"},
        "Outputs": "name",
    }
    template = {"Resources": {"A": resource("AWS::SNS::Topic", TopicName=targets[section])}}
    template[section] = {**template.get(section, {}), "Fn::Transform": INCLUDE}

    assert _notes(template) == [("transform-not-analysed", (section, "Fn::Transform"))]


@pytest.mark.parametrize(
    ("topic", "place"),
    [
        ({**TOPIC, "Fn::Transform": INCLUDE}, ("Fn::Transform",)),
        (
            resource("AWS::SNS::Topic", **{"Bogus": 1, "Fn::Transform": INCLUDE}),
            ("Properties", "Fn::Transform"),
        ),
        (
            resource("AWS::SNS::Topic", Tags={"Fn::Transform": INCLUDE, "Bogus": 1}),
            ("Properties", "Tags", "Fn::Transform"),
        ),
    ],
    ids=["resource", "properties", "value"],
)
def test_macro_inside_a_resource_is_told_with_its_place(topic: dict[str, Any], place: Path) -> None:
    template = {"Resources": {"A": topic, "B": {**TOPIC, "DependsOn": "A"}}}

    assert _notes(template) == [("transform-not-analysed", ("Resources", "A", *place))]


def test_other_macro_among_resources_may_change_them_all() -> None:
    template = {
        "Resources": {
            "A": resource("AWS::No::Such", Bogus={"Ref": "Gone"}),
            "Fn::Transform": {"Name": "Acme"},
        }
    }

    assert _notes(template) == [("transform-not-analysed", ("Resources", "Fn::Transform"))]
