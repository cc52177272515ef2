"""The outputs file, its record, and what is refused when it is read."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from pathlib import Path

import pytest

from qa.errors import UsageError
from qa.stack import (
    Expected,
    MissingOutputError,
    OutputsError,
    OutputsRecord,
    Target,
    TargetKind,
    discard_outputs,
    merge_outputs,
    outputs_path,
    read_outputs,
    record_path,
    write_outputs,
)

AWS = Target(kind=TargetKind.AWS)
ENDPOINT = Target(kind=TargetKind.ENDPOINT, endpoint="http://127.0.0.1:5000")
DIGEST = "d" * 64
VALUES = {"TableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/t", "TableName": "t"}
RECORD = OutputsRecord(
    target="aws",
    endpoint=None,
    account="123456789012",
    regions=("us-east-1", "us-west-2"),
    suffix="dev",
    stack_names=("Orders-dev", "Orders-dev"),
    template_digest=DIGEST,
    time="2026-01-02T03:04:05+00:00",
)
EXPECTED = Expected(
    target=AWS,
    account="123456789012",
    regions=("us-east-1", "us-west-2"),
    suffix="dev",
    template_digest=DIGEST,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return outputs_path(tmp_path, AWS)


def test_each_target_has_a_place_of_its_own() -> None:
    embedded = Target(kind=TargetKind.EMBEDDED)

    assert [
        outputs_path(Path("out"), AWS),
        outputs_path(Path("out"), ENDPOINT),
        outputs_path(Path("out"), embedded, run_id="qa-1f2e3d4c"),
    ] == [
        Path("out/flat-outputs.json"),
        Path("out/endpoint/flat-outputs.json"),
        Path("out/embedded/qa-1f2e3d4c/flat-outputs.json"),
    ]


def test_the_embedded_aws_has_no_outputs_outside_a_run() -> None:
    with pytest.raises(UsageError, match="Start `qa serve` and say --target endpoint"):
        outputs_path(Path("out"), Target(kind=TargetKind.EMBEDDED))


def test_outputs_read_back_as_they_were_written(path: Path) -> None:
    written = write_outputs(path, VALUES, RECORD)

    assert read_outputs(path, EXPECTED) == written


def test_the_file_is_a_flat_object_of_texts(path: Path) -> None:
    write_outputs(path, VALUES, RECORD)

    assert json.loads(path.read_text(encoding="utf-8")) == VALUES


def test_writing_removes_what_a_killed_deployment_left_of_its_own(path: Path) -> None:
    for name, age in ((".flat-outputs.json.left", 3600), (".flat-outputs.record.json.writing", 0)):
        (path.parent / name).write_text("{")
        os.utime(path.parent / name, (time.time() - age, time.time() - age))

    write_outputs(path, VALUES, RECORD)

    assert sorted(each.name for each in path.parent.glob(".*")) == [".flat-outputs.record.json.writing"]


def test_a_tear_down_removes_outputs_record_and_what_a_killed_deployment_left(path: Path) -> None:
    write_outputs(path, VALUES, RECORD)
    (path.parent / ".flat-outputs.json.left").write_text("{")
    os.utime(path.parent / ".flat-outputs.json.left", (0, 0))

    discard_outputs(path, stack_names=["Orders-dev"])

    assert list(path.parent.iterdir()) == []


def test_writing_leaves_nothing_but_file_and_record(path: Path) -> None:
    write_outputs(path, {"Old": "x"}, RECORD)

    write_outputs(path, VALUES, RECORD)

    assert sorted(path.parent.iterdir()) == [path, record_path(path)]


def test_a_missing_output_names_the_nearest_one(path: Path) -> None:
    outputs = write_outputs(path, VALUES, RECORD)

    with pytest.raises(MissingOutputError) as missing:
        outputs["TableNam"]

    assert str(missing.value) == (
        f"no stack output 'TableNam' in {path}. Did you mean 'TableName'? After a deploy run `make outputs`."
    )


def test_outputs_of_both_stacks_merge_where_they_agree() -> None:
    merged = merge_outputs([{"B": "2", "A": "1"}, {"A": "1", "C": "3"}])

    assert merged == {"A": "1", "B": "2", "C": "3"}


def test_an_output_that_differs_between_the_stacks_is_in_no_flat_file() -> None:
    assert merge_outputs([{"A": "1", "B": "3"}, {"A": "2"}]) == {"B": "3"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": ENDPOINT}, "about target 'aws', and this run is about 'endpoint'"),
        ({"suffix": "prod"}, "about suffix 'dev', and this run is about 'prod'"),
        (
            {"regions": ("us-east-1", "eu-west-1")},
            "about regions us-east-1 and us-west-2, and this run is about us-east-1 and eu-west-1",
        ),
        ({"account": "999999999999"}, "about account '123456789012', and this run is about '999999999999'"),
    ],
    ids=["target", "suffix", "regions", "account"],
)
def test_outputs_about_something_else_are_refused_even_if_any_template_is_accepted(
    path: Path, change: dict[str, object], words: str
) -> None:
    write_outputs(path, VALUES, RECORD)

    with pytest.raises(OutputsError) as refused:
        read_outputs(path, dataclasses.replace(EXPECTED, **change), accepts_template=True)  # type: ignore[arg-type]  # one field of several types

    assert words in str(refused.value)


def test_outputs_of_another_endpoint_are_refused(path: Path) -> None:
    record = dataclasses.replace(RECORD, target="endpoint", endpoint="http://127.0.0.1:1")
    write_outputs(path, VALUES, record)

    with pytest.raises(OutputsError, match=r"about endpoint 'http://127\.0\.0\.1:1'"):
        read_outputs(path, dataclasses.replace(EXPECTED, target=ENDPOINT))


def test_outputs_of_another_template_are_refused(path: Path) -> None:
    write_outputs(path, VALUES, RECORD)

    with pytest.raises(OutputsError) as refused:
        read_outputs(path, dataclasses.replace(EXPECTED, template_digest="e" * 64))

    assert str(refused.value) == (
        f"{path} is of another template (content dddddddddddd…, here eeeeeeeeeeee…). "
        "Deploy this one (`make deploy`), or say --accept-template."
    )


def test_outputs_of_another_template_are_taken_when_that_is_accepted(path: Path) -> None:
    write_outputs(path, VALUES, RECORD)
    expected = dataclasses.replace(EXPECTED, template_digest="e" * 64)

    assert read_outputs(path, expected, accepts_template=True).values == VALUES


def test_a_file_without_a_record_is_taken_from_another_pipeline(path: Path) -> None:
    path.write_text(json.dumps(VALUES), encoding="utf-8")

    outputs = read_outputs(path, EXPECTED)

    assert (outputs.values, outputs.record) == (VALUES, None)


def test_a_file_without_a_record_is_refused_for_an_arn_of_another_account(path: Path) -> None:
    path.write_text(json.dumps(VALUES), encoding="utf-8")

    with pytest.raises(OutputsError) as refused:
        read_outputs(path, dataclasses.replace(EXPECTED, account="999999999999"))

    assert str(refused.value) == (
        f"stack output 'TableArn' in {path} is of account '123456789012', and the caller's account is "
        "'999999999999'. Use that account's credentials, or deploy here."
    )


def test_a_file_without_a_record_is_refused_for_an_arn_of_another_region(path: Path) -> None:
    path.write_text(json.dumps(VALUES), encoding="utf-8")

    with pytest.raises(OutputsError, match="is of region 'us-east-1'"):
        read_outputs(path, dataclasses.replace(EXPECTED, regions=("eu-west-1", "us-west-2")))


def test_outputs_that_are_not_there_say_how_to_get_them(path: Path) -> None:
    with pytest.raises(OutputsError) as refused:
        read_outputs(path, EXPECTED)

    assert str(refused.value) == (
        f"no stack outputs {path}. Deploy first (`make deploy`), or run `make outputs`."
    )


def test_a_file_that_is_not_flat_is_refused(path: Path) -> None:
    path.write_text('{"A": {"Value": "x"}}', encoding="utf-8")

    with pytest.raises(OutputsError, match="is no flat JSON object of texts"):
        read_outputs(path, EXPECTED)


def test_a_record_of_another_make_is_refused(path: Path) -> None:
    write_outputs(path, VALUES, RECORD)
    record_path(path).write_text('{"mood": "good"}', encoding="utf-8")

    with pytest.raises(OutputsError, match="is no record that this version wrote"):
        read_outputs(path, EXPECTED)


def test_a_file_about_stacks_that_are_gone_and_that_stays_is_named(path: Path) -> None:
    write_outputs(path, VALUES, RECORD)
    path.unlink()
    path.mkdir()

    with pytest.raises(OutputsError) as refused:
        discard_outputs(path, stack_names=["Orders-dev"])

    assert str(refused.value) == (
        f"Orders-dev is gone, and {path}, which is about it, cannot be removed: Is a directory. Remove it "
        "and the record beside it."
    )


def test_outputs_of_every_account_that_the_regions_are_in_are_taken(path: Path) -> None:
    values = {"TopicArn": "arn:aws:sns:us-west-2:444455556666:alerts"}
    write_outputs(path, values, RECORD)

    with pytest.raises(OutputsError, match="is of account '444455556666'"):
        read_outputs(path, EXPECTED)

    several = dataclasses.replace(EXPECTED, accounts=frozenset({"123456789012", "444455556666"}))
    assert read_outputs(path, several).values == values
