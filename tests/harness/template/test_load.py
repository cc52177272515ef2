"""Reading templates: JSON and YAML, positions, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.template import (
    AliasError,
    DuplicateKeyError,
    NestingError,
    Position,
    Resource,
    TemplateError,
    TemplateShapeError,
    TemplateSyntaxError,
    UnsupportedError,
    load_template,
    minified,
    parse_template,
    template_digest,
    template_of,
)

if TYPE_CHECKING:
    from pathlib import Path

SMALL = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'


def refusal(text: str, *, source: str = "t.json") -> str:
    with pytest.raises(TemplateError) as raised:
        parse_template(text, source=source)
    return str(raised.value)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"], ids=str
)
def test_a_file_is_read_in_any_unicode_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(SMALL.replace("Topic", "Töpic").encode(encoding))

    assert list(load_template(path).resources) == ["Töpic"]


def test_a_resource_is_read_with_all_its_attributes() -> None:
    text = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Condition: IsPrimary
    DependsOn: Key
    DeletionPolicy: Delete
    UpdateReplacePolicy: Retain
    Metadata: {Note: kept}
    Properties: {TableName: !Sub "orders-${Suffix}"}
"""
    assert parse_template(text).resources == {
        "Table": Resource(
            logical_id="Table",
            type="AWS::DynamoDB::Table",
            properties={"TableName": {"Fn::Sub": "orders-${Suffix}"}},
            condition="IsPrimary",
            depends_on=("Key",),
            deletion_policy="Delete",
            update_replace_policy="Retain",
            metadata={"Note": "kept"},
        )
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!GetAtt A.Arn", {"Fn::GetAtt": ["A", "Arn"]}),
        ("!GetAtt A.Outputs.Name", {"Fn::GetAtt": ["A", "Outputs.Name"]}),
        ("!GetAtt [A, Arn]", {"Fn::GetAtt": ["A", "Arn"]}),
        ("!Sub [x, {y: !Ref A}]", {"Fn::Sub": ["x", {"y": {"Ref": "A"}}]}),
        ("!If [C, !Ref A, !Ref 'AWS::NoValue']", {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}),
        (
            "!And [!Condition A, !Not [!Equals [a, b]]]",
            {"Fn::And": [{"Condition": "A"}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]},
        ),
        ("!Base64 {Fn::Sub: x}", {"Fn::Base64": {"Fn::Sub": "x"}}),
        ("!GetAZs ''", {"Fn::GetAZs": ""}),
        ("2012-10-17", "2012-10-17"),
        ("012345678901", "012345678901"),
        ("'5'", "5"),
        ("[5, 5.5, true, no, ~, text]", [5, 5.5, True, False, None, "text"]),
        ("!!str 5", "5"),
        ("!Sub 5", {"Fn::Sub": "5"}),
        ("|\n    a\n    b\n", "a\nb\n"),
    ],
    ids=str,
)
def test_yaml_is_read_as_cloudformation_reads_it(written: str, expected: object) -> None:
    assert parse_template(f"Metadata:\n  V: {written}").metadata == {"V": expected}


def test_yaml_aliases_repeat_what_they_name() -> None:
    found = parse_template("Metadata:\n  A: &a {x: [1]}\n  B: *a\n  C: [*a, 2]\n")

    assert found.metadata == {"A": {"x": [1]}, "B": {"x": [1]}, "C": [{"x": [1]}, 2]}


def test_a_yaml_file_may_start_with_a_flow_map() -> None:
    assert parse_template("{Metadata: {a: !Ref b}}", source="t.yaml").metadata == {"a": {"Ref": "b"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,\n "a": 2}', "t.json:2:2: duplicate key 'a': it stands at line 1, column 2 already"),
        (
            '{"Resources": {"A": {"x": [{"k": 1, "k": 1}]}}}',
            "t.json:1:37: duplicate key 'k': it stands at line 1, column 29 already",
        ),
        (
            "a: 1\nb:\n  c: 1\n  c: 2\n",
            "t.json:4:3: duplicate key 'c': it stands at line 3, column 3 already",
        ),
    ],
    ids=["JSON", "nested", "YAML"],
)
def test_a_duplicate_key_is_refused_with_both_places(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": [1, NaN]}', "t.json:1:11: NaN is no number that a template can hold"),
        ('{"a":\n -Infinity}', "t.json:2:2: -Infinity is no number that a template can hold"),
        ('{"a": 1e999}', "t.json:1:7: 1e999 is no number that a template can hold"),
        ('{"a": ' + "9" * 5000 + "}", f"t.json:1:7: {'9' * 20}… is no number that a template can hold"),
        ("a: .nan", "t.json:1:4: .nan is no float that a template can hold"),
        ("a: !!float ''", "t.json:1:4: empty text is no float that a template can hold"),
        ("a: [1, -.inf]", "t.json:1:8: -.inf is no float that a template can hold"),
        ("a: " + "9" * 5000, f"t.json:1:4: {'9' * 20}… is no int that a template can hold"),
        ("a: 1" + ":30" * 400_000, "t.json:1:4: 1:30:30:30:30:30:30:… is no int that a template can hold"),
    ],
    ids=[
        "NaN",
        "Infinity",
        "1e999",
        "5,000 digits",
        "YAML nan",
        "YAML empty",
        "YAML inf",
        "YAML 5,000 digits",
        "YAML base 60",
    ],
)
def test_a_number_without_a_value_is_refused(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 10_000, "t.json:1:101: nested more than 100 levels deep"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "t.json:1:501: nested more than 100 levels deep"),
        ('{"a":' * 101 + "1" + "}" * 101, "t.json:1:501: nested more than 100 levels deep"),
        ("a: " + "[" * 10_000, "t.json:1:103: nested more than 100 levels deep"),
        ("- " * 10_000, "t.json:1:201: nested more than 100 levels deep"),
    ],
    ids=["JSON lists", "JSON objects", "one level too many", "YAML flow", "YAML block"],
)
def test_deep_nesting_is_refused(text: str, message: str) -> None:
    with pytest.raises(NestingError) as raised:
        parse_template(text, source="t.json")

    assert str(raised.value) == message


def test_a_hundred_levels_are_read() -> None:
    assert parse_template('{"a":' * 100 + "1" + "}" * 100).body


def test_content_that_is_nested_too_deep_is_refused() -> None:
    body: dict[str, Any] = {}
    for _ in range(10_000):
        body = {"a": body}

    with pytest.raises(NestingError, match="<template>: nested more than 100 levels deep"):
        template_of(body)


def test_an_alias_bomb_is_refused() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))

    with pytest.raises(AliasError) as raised:
        parse_template(f"a0: &a0 [x]\n{levels}", source="t.yaml")

    assert str(raised.value) == "t.yaml:6:25: aliases unfold into more than 100,000 values"


def test_a_long_text_that_aliases_repeat_is_refused_too() -> None:
    text = f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 101)}]\n"

    assert refusal(text) == "t.json:2:401: aliases unfold into more than 100,000 values"


def test_aliases_that_nest_ever_deeper_are_refused() -> None:
    levels = "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300))

    assert refusal(f"a0: &a0 [x]\n{levels}") == "t.json: nested more than 100 levels deep"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: *b", "t.json:1:4: alias *b has no anchor"),
        ("a: &a [*a]", "t.json:1:8: alias *a stands inside its own anchor"),
        ("a: &a {x: 1}\nb:\n  <<: *a", "t.json:3:3: CloudFormation does not merge maps ('<<'); write"),
        ("{a: 1}: 2", "t.json:1:2: not JSON: Expecting property name enclosed in double quotes"),
        ("? [a]\n: 2", "t.json:1:3: a key must be text, not a map or list"),
        ("A: [!ImportValue Fn::Sub: x]", "t.json:1:5: a key must be text, not the function !ImportValue"),
        ("a: 1\n---\nb: 2", "t.json:2:1: a second document starts here; a template is one"),
        ("a: [1", "t.json:2:1: not YAML: did not find expected ',' or ']'"),
        ("a: \x01", "t.json: not YAML: character"),
        ('{"a": 1,}', "t.json:1:9: not JSON: Expecting property name enclosed in double quotes"),
        ('{"a": 1} x', "t.json:1:10: not JSON: Extra data"),
        ("A: !Reff x", "t.json:1:4: tag '!Reff' is none that CloudFormation knows"),
        ("A: !!binary aGk=", "t.json:1:4: tag 'tag:yaml.org,2002:binary' is none that CloudFormation knows"),
    ],
    ids=[
        "no anchor", "own anchor", "merge", "JSON key", "YAML key", "tagged key", "two documents",
        "YAML open", "control", "comma", "extra", "short form", "binary",
    ],
)  # fmt: skip
def test_what_is_no_template_text_is_refused_with_its_place(text: str, message: str) -> None:
    assert refusal(text).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.json: a template is an object, this is empty"),
        ("# nothing", "t.json: a template is an object, this is empty"),
        ("[1]", "t.json: a template is an object, this is a list"),
        ("text", "t.json: a template is an object, this is text"),
        ('{"Resources": []}', "t.json:1:2: Template format error: the Resources section must be an object"),
        (
            '{"Resources": {"A": 1}}',
            "t.json:1:16: Template format error: Resources member 'A' must be an object",
        ),
        (
            '{"Resources": {"A": {}}}',
            (
                "t.json:1:16: Template format error: [/Resources/A] "
                "Every Resources object must contain a Type member."
            ),
        ),
        (
            '{"Resources": {"A": {"Type": "T", "DependsOn": [1]}}}',
            "t.json:1:35: Template format error: every DependsOn value must be a string or a list of strings",
        ),
        ('{"Outputs": {"Fn::Bogus": []}}', "t.json:1:14: no support for 'Fn::Bogus' in Outputs"),
        (
            '{"Parameters": {"Fn::ForEach::X": []}}',
            "t.json:1:17: no support for 'Fn::ForEach::X' in Parameters",
        ),
    ],
    ids=[
        "empty",
        "comment",
        "list",
        "text",
        "section",
        "resource",
        "type",
        "DependsOn",
        "function",
        "ForEach",
    ],
)
def test_what_is_not_shaped_like_a_template_is_refused(text: str, message: str) -> None:
    with pytest.raises((TemplateShapeError, UnsupportedError)) as raised:
        parse_template(text, source="t.json")

    assert str(raised.value) == message


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as raised:
        load_template(tmp_path)

    assert str(raised.value) == f"{tmp_path}: this is a folder; name the template in it"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as raised:
        load_template(tmp_path / "none.json")

    assert (
        str(raised.value) == f"{tmp_path}/none.json: the template cannot be read: No such file or directory"
    )


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    with pytest.raises(TemplateError) as raised:
        load_template(tmp_path / "a")

    assert (
        str(raised.value) == f"{tmp_path}/a: the template cannot be read: Too many levels of symbolic links"
    )


def test_bytes_that_are_no_text_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(b'{"a":\n "\xff"}')

    with pytest.raises(TemplateError) as raised:
        load_template(path)

    assert str(raised.value) == f"{path}:2:3: not UTF-8 text: invalid start byte"


def test_the_digest_is_of_the_content_and_not_of_its_layout() -> None:
    expected = template_digest(parse_template(SMALL).body)

    assert template_digest(parse_template("Resources:\n  Topic:\n    Type: AWS::SNS::Topic").body) == expected
    assert template_digest(parse_template(SMALL.replace("Topic", "Other")).body) != expected


def test_a_minified_template_reads_as_the_same_content() -> None:
    text = minified(parse_template('{"Metadata": {"b": "ä b",\n "a": [1, 2]}}'))

    assert text == '{"Metadata":{"b":"ä b","a":[1,2]}}'


# JSON escapes what lies beyond U+FFFF by surrogate pairs, which libyaml cannot read; its keys end at 1,024
TEXTS = st.text(alphabet=st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=80)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=50, deadline=None)
@given(JSON_VALUES)
def test_json_means_the_same_when_read_as_yaml(value: object) -> None:
    text = json.dumps({"Metadata": {"V": value}}, indent=1)

    assert parse_template(f"# a comment\n{text}").body == parse_template(text).body


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='{}[]:,"\\ \n-&*!|>ab1#\t%?', max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_template(text)
    except TemplateError:
        return
    assert found.position(("a", "b")) >= Position(1, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": NaN, b: 1}', "t.json:1:12: not JSON: Expecting property name enclosed in double quotes"),
        ('{"a": NaN} ]]]', "t.json:1:12: not JSON: Extra data"),
        ('{"a": 1, "a": 2, foo', "t.json:1:18: not JSON: Expecting property name enclosed in double quotes"),
        ('[NaN, "' + '\\"' * 100_000, "t.json:1:7: not JSON: Unterminated string starting at"),
        ("[NaN, " + "[" * 10_000, "t.json:1:106: nested more than 100 levels deep"),
    ],
    ids=["no key", "extra", "no key after a duplicate", "unfinished text", "deep"],
)
def test_what_follows_a_refused_value_need_not_be_json(text: str, message: str) -> None:
    assert refusal(text) == message


def test_syntax_errors_are_told_from_duplicates_by_type() -> None:
    assert issubclass(DuplicateKeyError, TemplateSyntaxError)
