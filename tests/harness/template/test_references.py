"""What refers to what, with its place."""

from __future__ import annotations

from typing import Any

import pytest

from qa.template import Reference, references, template_of


def found(body: dict[str, Any]) -> list[tuple[str, str, str, str, str | None]]:
    return [
        (each.section, each.source, each.target, each.kind, each.attribute)
        for each in references(template_of(body))
    ]


def test_references_of_every_section_are_told_in_order() -> None:
    body = {
        "Rules": {"R": {"Assertions": [{"Assert": {"Fn::Contains": [["a"], {"Ref": "P"}]}}]}},
        "Conditions": {"C": {"Fn::Not": [{"Condition": "D"}]}, "D": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
        "Resources": {
            "A": {
                "Type": "T",
                "Condition": "C",
                "DependsOn": ["B"],
                "Metadata": {"x": {"Ref": "B"}},
                "Properties": {
                    "If": {"Fn::If": ["C", {"Ref": "B"}, {"Ref": "AWS::NoValue"}]},
                    "Sub": {"Fn::Sub": "${B.Arn}-${P}-${!P}"},
                    "Map": {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "k"]},
                    "Policy": {"Condition": "no reference"},
                },
            },
            "B": {"Type": "T"},
        },
        "Outputs": {"O": {"Condition": "C", "Value": {"Fn::GetAtt": ["A", "Arn"]}}},
    }

    assert found(body) == [
        ("Rules", "R", "P", "Ref", None),
        ("Conditions", "C", "D", "Condition", None),
        ("Conditions", "D", "P", "Ref", None),
        ("Resources", "A", "C", "Condition", None),
        ("Resources", "A", "B", "DependsOn", None),
        ("Resources", "A", "C", "If", None),
        ("Resources", "A", "B", "Ref", None),
        ("Resources", "A", "AWS::NoValue", "Ref", None),
        ("Resources", "A", "B", "Sub", "Arn"),
        ("Resources", "A", "P", "Sub", None),
        ("Resources", "A", "M", "FindInMap", None),
        ("Resources", "A", "AWS::Region", "Ref", None),
        ("Outputs", "O", "C", "Condition", None),
        ("Outputs", "O", "A", "GetAtt", "Arn"),
    ]


def test_a_reference_knows_its_path() -> None:
    body = {
        "Resources": {"A": {"Type": "T", "Properties": {"L": [{"Fn::Sub": ["${x}", {"x": {"Ref": "P"}}]}]}}}
    }

    assert references(template_of(body)) == (
        Reference(
            section="Resources",
            source="A",
            target="P",
            kind="Ref",
            attribute=None,
            path=("Resources", "A", "Properties", "L", 0, "Fn::Sub", 1, "x", "Ref"),
        ),
    )


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Sub": "${!Literal}"},
        {"Fn::Sub": ["${Own}", {"Own": "x"}]},
        {"Fn::Sub": ["${Own.Dotted}", {"Own.Dotted": "x"}]},
        {"Fn::Sub": 5},
        {"Ref": ["B"]},
        {"Fn::GetAtt": []},
        {"Fn::If": []},
        {"Ref": "B", "x": 1},
    ],
    ids=str,
)
def test_what_is_no_reference_is_not_told(value: object) -> None:
    assert found({"Resources": {"A": {"Type": "T", "Properties": {"V": value}}}}) == []


@pytest.mark.parametrize("wrong", [True, 7, ["A", 7], {"A": "B"}])
def test_a_depends_on_that_names_nothing_is_no_reference(wrong: object) -> None:
    template = template_of(
        {"Resources": {"A": {"Type": "T"}}, "Outputs": {"X": {"Value": "x", "DependsOn": wrong}}}
    )

    assert references(template) == ()
