"""A template drawn by region, its cycle in red."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any, Literal

import pytest

from qa.checks.drawing import Arrow, Box, drawn, picture
from qa.template import Template, template_of
from tests.harness.checks.small import IN_EAST, REGIONS, TOPIC, body

SVG = "{http://www.w3.org/2000/svg}"


def _template() -> Template:
    resources: dict[str, Any] = {
        "A": {**TOPIC, "DependsOn": "B"},
        "B": {**TOPIC, "DependsOn": "A"},
        "C": {**TOPIC, "DependsOn": "A", "Condition": "InEast"},
        "D": {**TOPIC, "Condition": "Never"},
    }
    never = {"Never": {"Fn::Equals": ["a", "b"]}}
    return template_of(body(resources, Conditions={**IN_EAST, **never}), source='a "b".json')


def test_each_region_has_its_own_boxes_and_arrows() -> None:
    drawing = picture(_template(), regions=REGIONS, parameters={})

    def box(group: str, logical_id: str, *, is_on_cycle: bool) -> Box:
        return Box(group=group, logical_id=logical_id, type="AWS::SNS::Topic", is_on_cycle=is_on_cycle)

    assert (drawing.groups, drawing.boxes, drawing.arrows) == (
        ("us-east-1", "us-west-2", "in no region"),
        (
            box("us-east-1", "A", is_on_cycle=True),
            box("us-east-1", "B", is_on_cycle=True),
            box("us-east-1", "C", is_on_cycle=False),
            box("us-west-2", "A", is_on_cycle=True),
            box("us-west-2", "B", is_on_cycle=True),
            box("in no region", "D", is_on_cycle=False),
        ),
        (
            Arrow(source=0, target=1, is_on_cycle=True, is_to_cut=True),
            Arrow(source=1, target=0, is_on_cycle=True),
            Arrow(source=2, target=0, is_on_cycle=False),
            Arrow(source=3, target=4, is_on_cycle=True, is_to_cut=True),
            Arrow(source=4, target=3, is_on_cycle=True),
        ),
    )


def test_dot_has_a_cluster_per_region() -> None:
    assert drawn(_template(), regions=("us-east-1",), form="dot") == (
        'digraph "a \\"b\\".json" {\n'
        "  rankdir=LR;\n"
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica", fontsize=11];\n'
        "  subgraph cluster_0 {\n"
        '    label="us-east-1";\n'
        '    n0 [label="A\\nAWS::SNS::Topic", color=red, penwidth=2];\n'
        '    n1 [label="B\\nAWS::SNS::Topic", color=red, penwidth=2];\n'
        '    n2 [label="C\\nAWS::SNS::Topic"];\n'
        "  }\n"
        "  subgraph cluster_1 {\n"
        '    label="in no region";\n'
        '    n3 [label="D\\nAWS::SNS::Topic"];\n'
        "  }\n"
        '  n0 -> n1 [color=red, penwidth=2, style=dashed, label="cut here", constraint=false];\n'
        "  n1 -> n0 [color=red, penwidth=2];\n"
        "  n2 -> n0;\n"
        "}\n"
    )


def test_mermaid_has_a_subgraph_per_region() -> None:
    assert drawn(_template(), regions=("us-east-1",), form="mermaid") == (
        "flowchart LR\n"
        '  subgraph g0["us-east-1"]\n'
        '    n0["A<br/>AWS::SNS::Topic"]:::cycle\n'
        '    n1["B<br/>AWS::SNS::Topic"]:::cycle\n'
        '    n2["C<br/>AWS::SNS::Topic"]\n'
        "  end\n"
        '  subgraph g1["in no region"]\n'
        '    n3["D<br/>AWS::SNS::Topic"]\n'
        "  end\n"
        "  n0 -. cut here .-> n1\n"
        "  n1 --> n0\n"
        "  n2 --> n0\n"
        "  classDef cycle stroke:#d00,stroke-width:3px\n"
        "  linkStyle 0,1 stroke:#d00,stroke-width:3px\n"
    )


def test_svg_holds_every_box_arrow_and_region() -> None:
    root = ET.fromstring(drawn(_template(), regions=REGIONS, form="svg"))  # noqa: S314 - our own text

    kinds = [element.get("class") for element in root.iter() if element.get("class")]
    assert {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)} == {
        "region": 3,
        "group": 3,
        "arrow": 1,
        "arrow cycle cut": 2,
        "arrow cycle": 2,
        "box cycle": 4,
        "type": 6,
        "box": 2,
    }


def test_svg_places_no_box_on_another() -> None:
    root = ET.fromstring(drawn(_template(), regions=REGIONS, form="svg"))  # noqa: S314 - our own text

    places = [
        (rect.get("x"), rect.get("y")) for rect in root.iter(f"{SVG}rect") if rect.get("class") != "region"
    ]
    assert len(places) == len(set(places)) == 6


def test_svg_writes_names_as_text() -> None:
    template = template_of(body({"<A&B>": TOPIC}), source="<x>")

    root = ET.fromstring(drawn(template, regions=("us-east-1",), form="svg"))  # noqa: S314 - our own text
    assert [text.text for text in root.iter(f"{SVG}text")] == ["us-east-1", "<A&B>", "AWS::SNS::Topic"]


def test_an_arrow_passes_between_the_boxes_of_the_columns_that_it_crosses() -> None:
    resources: dict[str, Any] = {"A": TOPIC, "B": {**TOPIC, "DependsOn": "A"}}
    resources |= {"C": {**TOPIC, "DependsOn": ["A", "B"]}, "D": {**TOPIC, "DependsOn": ["A", "C"]}}
    root = ET.fromstring(drawn(template_of(body(resources)), regions=("us-east-1",), form="svg"))  # noqa: S314

    boxes = [
        tuple(float(rect.get(key, "")) for key in ("x", "y", "width", "height"))
        for rect in root.iter(f"{SVG}rect")
        if rect.get("class") == "box"
    ]
    level = [stretch for path in root.iter(f"{SVG}path") for stretch in _level(path.get("d", ""))]

    assert [line for line in level if any(_hits(line, box) for box in boxes)] == []
    assert len(level) == 3  # D passes C and B on the way to A, C passes B


def _level(curve: str) -> list[tuple[float, float, float]]:
    """Return the level stretches of a path: from, to and the height."""
    stretches = re.findall(r"([\d.]+) ([\d.]+)H([\d.]+)", curve)
    return [(min(float(x), float(end)), max(float(x), float(end)), float(y)) for x, y, end in stretches]


def _hits(line: tuple[float, float, float], box: tuple[float, ...]) -> bool:
    start, end, height = line
    left, top, width, tall = box
    return start < left + width and end > left and top <= height <= top + tall


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("dot", '    n0 [label="A\\\\x1b[31m\\\\n\\nAWS::\\\\x9bX"];'),
        ("mermaid", '    n0["A#92;x1b[31m#92;n<br/>AWS::#92;x9bX"]'),
    ],
)
def test_names_cannot_speak_to_the_terminal(form: Literal["dot", "mermaid"], line: str) -> None:
    template = template_of(body({"A\x1b[31m\n": {"Type": "AWS::\x9bX"}}), source="t.json")

    assert line in drawn(template, regions=("us-east-1",), form=form).split("\n")
