"""The campaign over folders: what it takes for a template, what it counts, how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.agreement import classes
from tests.harness.agreement.__main__ import main
from tests.harness.agreement.comparison import compared
from tests.harness.agreement.corpus import templates

if TYPE_CHECKING:
    from pathlib import Path

TOPIC = {"Type": "AWS::SNS::Topic"}


def _write(folder: Path, name: str, resources: dict[str, Any]) -> str:
    text = json.dumps({"Resources": resources})
    (folder / name).write_text(text)
    return text


def test_each_text_with_resources_counts_once(tmp_path: Path) -> None:
    text = _write(tmp_path, "a.json", {"A": TOPIC})
    _write(tmp_path, "b.template", {"A": TOPIC})
    (tmp_path / "c.yaml").write_text("Resources:\n  A:\n    Type: AWS::SNS::Topic\n")
    (tmp_path / "package.json").write_text('{"name": "x", "Type": "a::b"}')
    (tmp_path / "notes.txt").write_text(text)

    assert [path.rpartition("/")[2] for path, _ in templates([tmp_path])] == ["a.json", "c.yaml"]


def test_findings_of_both_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bogus = {**TOPIC, "Properties": {"Bogus": 1}}
    _write(tmp_path, "a.json", {"A": bogus, "B": {**TOPIC, "DependsOn": "A"}})

    assert main([str(tmp_path)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [lines[0], lines[5], lines[10]] == [
        "1 templates, 0 not read by both",
        "| unknown-property | E3002 | 1 | 0 | 0 | 0 |",
        "| edges of the graph | edge | 1 | 0 | 0 | 0 |",
    ]


def test_what_is_in_no_class_ends_the_campaign_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "a.json", {"A": {**TOPIC, "Properties": {"TopicName": None}}})
    monkeypatch.setattr(classes, "CLASSES", ())

    assert main([str(tmp_path)]) == 1

    assert capsys.readouterr().out.splitlines()[-1] == (
        f"NOT EXPLAINED (qa alone): {tmp_path}/a.json: E3012 at Resources/A/Properties/TopicName: "
        "TopicName is null, not string"
    )


def test_template_that_one_cannot_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.json").write_text('{"Resources": {"A": {"Type": "AWS::SNS::Topic"}, "A": 1}}')

    assert main([str(tmp_path)]) == 0

    out = capsys.readouterr().out.splitlines()
    assert out[0] == "1 templates, 1 not read by both"
    assert out[-1].startswith(f"not read: {tmp_path}/a.json: qa: ")


@pytest.mark.parametrize(
    ("name", "resources"),
    [
        ("null", {"A": {**TOPIC, "Properties": {"TopicName": None}}}),
        ("type of another vendor", {"A": {"Type": "Acme::Db::Table"}}),
        (
            "path that `package` replaces",
            {
                "A": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {"Code": "./src", "Role": "arn:aws:iam::123456789012:role/r"},
                }
            },
        ),
        ("serverless type without the transform", {"A": {"Type": "AWS::Serverless::Function"}}),
        ("same place, another kind", {"A": {**TOPIC, "Properties": {"Ref": "AWS::NoValue"}}}),
        ("reference in Metadata", {"A": TOPIC, "B": {**TOPIC, "Metadata": {"Of": {"Ref": "A"}}}}),
        ("cycle through Metadata", {"A": {**TOPIC, "Metadata": {"Of": {"Ref": "A"}}}}),
    ],
)
def test_class_of_a_disagreement(name: str, resources: dict[str, Any]) -> None:
    comparison = compared(json.dumps({"Resources": resources}), source="t", region="us-east-1")

    found = {one.name for each in comparison.disagreements() if (one := classes.class_of(each))}

    assert name in found


def test_bucket_that_calls_a_serverless_function_needs_it_once_the_transform_has_run() -> None:
    event = {"Type": "S3", "Properties": {"Bucket": {"Ref": "B"}, "Events": "s3:ObjectCreated:*"}}
    function = {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"New": event}}}
    resources = {"B": {"Type": "AWS::S3::Bucket"}, "F": function}
    body = {"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}

    comparison = compared(json.dumps(body), source="t", region="us-east-1")

    found = {
        each.place.path: classes.class_of(each) for each in comparison.disagreements() if each.side == "qa"
    }
    assert {path: one and one.name for path, one in found.items()} == {
        ("Resources", "B", "F"): "bucket that notifies a serverless function"
    }
