"""Where the parts of a template stand in its text."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.template import Template, parse_template

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def test_positions_in_json_are_those_of_keys_and_elements() -> None:
    found = parse_template('{\n  "Metadata": {"a\\u0041": [\n    1, {"b": "}{"}\n  ],\n "c": {}}\n}')

    paths: list[tuple[str | int, ...]] = [
        ("Metadata",),
        ("Metadata", "aA"),
        ("Metadata", "aA", 0),
        ("Metadata", "aA", 1),
        ("Metadata", "aA", 1, "b"),
        ("Metadata", "c"),
        ("Metadata", "absent", 3),
        ("Absent",),
        (),
    ]
    assert [(at.line, at.column) for at in map(found.position, paths)] == [
        (2, 3), (2, 16), (3, 5), (3, 8), (3, 9), (5, 2), (2, 3), (1, 1), (1, 1),
    ]  # fmt: skip


def test_positions_in_yaml_reach_into_short_forms() -> None:
    found = parse_template(
        "Metadata:\n  A: !Join\n    - ''\n    - - !Ref X\n      - b: 1\n  B: !GetAtt C.Arn\n"
    )

    paths: list[tuple[str | int, ...]] = [
        ("Metadata", "A"),
        ("Metadata", "A", "Fn::Join"),
        ("Metadata", "A", "Fn::Join", 1, 0, "Ref"),
        ("Metadata", "A", "Fn::Join", 1, 1, "b"),
        ("Metadata", "B", "Fn::GetAtt", 1),
    ]
    assert [(at.line, at.column) for at in map(found.position, paths)] == [
        (2, 3), (2, 3), (4, 9), (5, 9), (6, 3),
    ]  # fmt: skip


def at(template: Template, path: tuple[str | int, ...]) -> str:
    position = template.position(path)
    return template.text.split("\n")[position.line - 1][position.column - 1 :]


def paths_of(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [found for key, member in members for found in ((*path, key), *paths_of(member, (*path, key)))]


@settings(max_examples=50, deadline=None)
@given(JSON_VALUES, st.sampled_from([None, 0, 2]))
def test_every_json_position_is_where_its_key_or_element_stands(value: object, indent: int | None) -> None:
    found = parse_template(json.dumps({"Metadata": {"V": value}}, indent=indent))

    for path in paths_of(found.body, ()):
        member: Any = found.body
        for key in path:
            member = member[key]
        expected = json.dumps(path[-1]) if isinstance(path[-1], str) else json.dumps(member)[0]
        assert at(found, path).startswith(expected)
