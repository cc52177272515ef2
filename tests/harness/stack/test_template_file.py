"""The template as it is sent, and the digest of its content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.errors import UsageError
from qa.stack import read_template

if TYPE_CHECKING:
    from pathlib import Path


def test_a_template_is_sent_without_white_space(tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    path.write_text('{\n  "Resources": {"B": "é", "A": [1, 2]}\n}\n', encoding="utf-8")

    assert read_template(path).body == '{"Resources":{"B":"é","A":[1,2]}}'


def test_layout_and_order_of_keys_do_not_change_the_digest(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text('{"A": 1, "B": [1, 2]}', encoding="utf-8")
    second.write_text('{\n"B": [1,2],\n"A": 1}', encoding="utf-8")

    assert read_template(first).digest == read_template(second).digest


def test_content_changes_the_digest(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text('{"A": [1, 2]}', encoding="utf-8")
    second.write_text('{"A": [2, 1]}', encoding="utf-8")

    assert read_template(first).digest != read_template(second).digest


def test_a_template_above_the_limit_of_a_url_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    path.write_text(json.dumps({"Description": "x" * 1_048_576}), encoding="utf-8")

    with pytest.raises(UsageError) as refused:
        read_template(path)

    assert str(refused.value) == (
        f"{path} has 1,048,594 bytes; CloudFormation takes 1,048,576 at most. Split the stack."
    )


def test_yaml_is_sent_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "stack.yaml"
    text = "Resources:  # all of them\n  Topic: {Type: AWS::SNS::Topic}\n"
    path.write_text(text, encoding="utf-8")

    assert read_template(path).body == text


def test_the_same_content_as_json_and_as_yaml_has_the_same_digest(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "Outputs:\n  Name:\n    Value: !GetAtt Topic.TopicName\n", encoding="utf-8"
    )
    (tmp_path / "a.json").write_text(
        '{"Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}}}', encoding="utf-8"
    )

    assert read_template(tmp_path / "a.yaml").digest == read_template(tmp_path / "a.json").digest


def test_a_missing_template_says_which_setting_names_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_template(tmp_path / "stack.json")

    assert str(refused.value) == (
        f"no template {tmp_path / 'stack.json'}. `template` in the settings of qa names it."
    )


def test_what_is_not_json_is_refused_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    path.write_text('{"A": }', encoding="utf-8")

    with pytest.raises(UsageError, match=r"stack\.json:1:7: not JSON: "):
        read_template(path)
