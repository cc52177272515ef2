"""The templates of lib/failures are the design with one thing broken, and do not drift from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lib.failures import write
from qa.template import graph, load_template

from .conftest import CIRCULAR, TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

ABSENT = "absent"
SERVICES = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
DYNAMODB_STATEMENT = {
    "Sid": "Allow DynamoDB service to use the key",
    "Effect": "Allow",
    "Principal": {"Service": "dynamodb.amazonaws.com"},
    "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"],
    "Resource": "*",
    "Condition": SERVICES,
}
DIFFERENCES: dict[str, dict[str, tuple[object, object]]] = {
    "1-circular-dependency.json": {
        "PrimaryKMSKey/Properties/KeyPolicy/Statement/1/Principal/Service": ("lambda.amazonaws.com", ABSENT),
        "PrimaryKMSKey/Properties/KeyPolicy/Statement/1/Principal/AWS": (
            ABSENT,
            {"Fn::GetAtt": ["PrimaryLambdaExecutionRole", "Arn"]},
        ),
    },
    "2-plain-table-with-replicas.json": {
        "TransactionsTable/Type": ("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table")
    },
    "3-reserved-concurrency.json": {
        "PrimaryTransactionProcessor/Properties/ReservedConcurrentExecutions": (ABSENT, 100)
    },
    "4-deprecated-runtime.json": {
        "PrimaryTransactionProcessor/Properties/Runtime": ("nodejs22.x", "nodejs18.x")
    },
    "5-key-without-dynamodb.json": {
        "PrimaryKMSKey/Properties/KeyPolicy/Statement/dynamodb": (DYNAMODB_STATEMENT, ABSENT)
    },
    "6-key-named-for-global-table.json": {
        "TransactionsTable/Properties/SSESpecification/KMSMasterKeyId": (ABSENT, {"Ref": "PrimaryKMSKey"})
    },
}


def test_the_templates_are_what_the_script_writes() -> None:
    assert {name: path.read_text(encoding="utf-8") for name, path in TEMPLATES.items()} == (
        write.expected_files()
    )


@pytest.mark.parametrize("name", write.FAILURES)
def test_a_failure_differs_from_the_design_in_one_thing(name: str) -> None:
    design = json.loads(write.TEMPLATE.read_text(encoding="utf-8"))
    broken = json.loads(TEMPLATES[name].read_text(encoding="utf-8"))

    resources, broken_resources = design.pop("Resources"), broken.pop("Resources")

    assert broken == design
    assert dict(_differences(resources, broken_resources)) == DIFFERENCES[name]


def test_the_original_has_all_six_failures() -> None:
    resources = json.loads(TEMPLATES[write.ORIGINAL].read_text(encoding="utf-8"))["Resources"]
    table, function = resources["TransactionsTable"], resources["PrimaryTransactionProcessor"]["Properties"]
    principals = [
        one["Principal"] for one in resources["PrimaryKMSKey"]["Properties"]["KeyPolicy"]["Statement"]
    ]

    assert principals == [
        {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
        {"AWS": {"Fn::GetAtt": ["PrimaryLambdaExecutionRole", "Arn"]}},
        {"Service": "s3.amazonaws.com"},
    ]
    assert table["Type"] == "AWS::DynamoDB::Table"
    assert [replica["Region"] for replica in table["Properties"]["Replicas"]] == ["us-west-2"]
    assert function["ReservedConcurrentExecutions"] == 100
    assert function["Runtime"] == "nodejs18.x"
    assert table["Properties"]["SSESpecification"]["KMSMasterKeyId"] == {"Ref": "PrimaryKMSKey"}


def test_the_original_is_circular_as_the_failure_analysis_quotes_it() -> None:
    template = load_template(TEMPLATES[write.ORIGINAL])

    assert graph(template).circular_dependency_message() == CIRCULAR


def test_check_names_what_is_stale_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(write, "HERE", tmp_path)
    (tmp_path / "original.json").write_text("{}\n", encoding="utf-8")

    assert write.main(["--check"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["original.json"]
    assert capsys.readouterr().err.split("\n")[0] == (
        "failures/1-circular-dependency.json is not up to date: run python -m lib.failures.write"
    )


def test_after_writing_check_finds_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "HERE", tmp_path)
    (tmp_path / "original.json").write_text('{"Resources": {}}', encoding="utf-8")

    assert write.main([]) == 0
    assert write.main(["--check"]) == 0
    assert (tmp_path / "original.json").read_text(encoding="utf-8") == '{"Resources": {}}\n'


def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert write.main(["--chek"]) == 2
    assert capsys.readouterr().err == "usage: python -m lib.failures.write [--check]\n"


def _differences(before: Any, after: Any, path: str = "") -> list[tuple[str, tuple[object, object]]]:
    """Return (path, (before, after)) of what differs; statements of a policy are told apart by their Sid."""
    if before == after:
        return []
    if isinstance(before, list) and isinstance(after, list):
        if len(before) == len(after):
            return _members(dict(enumerate(before)), dict(enumerate(after)), path)
        gone = [one for one in before if one not in after]
        return [(f"{path}/{one['Sid'].split()[1].lower()}", (one, ABSENT)) for one in gone]
    if isinstance(before, dict) and isinstance(after, dict):
        return _members(before, after, path)
    return [(path, (before, after))]


def _members(
    before: dict[Any, Any], after: dict[Any, Any], path: str
) -> list[tuple[str, tuple[object, object]]]:
    return [
        difference
        for key in {**before, **after}
        for difference in _differences(
            before.get(key, ABSENT), after.get(key, ABSENT), f"{path}/{key}" if path else str(key)
        )
    ]
