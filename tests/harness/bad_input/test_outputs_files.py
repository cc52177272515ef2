"""Outputs files that a run cannot use, and folders that they cannot be written to."""

from __future__ import annotations

import errno
import json
import tempfile
from typing import TYPE_CHECKING

import pytest

from qa.cli import main
from qa.stack import OutputsError, OutputsRecord, write_outputs

from .running import add_check, live_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECORD = OutputsRecord(
    target="aws",
    endpoint=None,
    account="123456789012",
    regions=("us-east-1", "us-west-2"),
    suffix="dev",
    stack_names=("Topics-dev", "Topics-dev"),
    template_digest="d" * 64,
    time="2026-01-02T03:04:05+00:00",
)
MISSING_KEY = """
@pytest.mark.qa_check("G3", "primary")
def test_an_output_is_used(qa_live):
    assert qa_live.outputs["TopicNam"]
"""

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def path(project: Path) -> Path:
    """The outputs file of a deployment that stands."""
    return project / "cfn-outputs/endpoint/flat-outputs.json"


@pytest.fixture
def deployed(path: Path, endpoint: str) -> Path:
    assert main(["deploy", "--target", "endpoint", "--endpoint-url", endpoint]) == 0
    return path


def output_of_a_run(project: Path, endpoint: str, *options: str) -> tuple[int, str]:
    seen = live_run(project, "--target", "endpoint", "--endpoint-url", endpoint, *options)
    return seen.code, seen.reason


def test_without_a_file_and_without_stacks_a_run_says_which_stacks_it_looked_for(
    project: Path, path: Path, endpoint: str
) -> None:
    assert output_of_a_run(project, endpoint, "--suffix", "nobody") == (
        2,
        (
            "qa could not run: stack 'Topics-nobody' in us-east-1 is not there; stack 'Topics-nobody' in "
            "us-west-2 is not there. Run `make deploy`."
        ),
    )
    assert not path.exists()


def test_without_a_file_stacks_are_tested_as_they_stand(project: Path, endpoint: str, deployed: Path) -> None:
    for each in deployed.parent.iterdir():
        each.unlink()

    assert output_of_a_run(project, endpoint) == (0, "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"{ no",
            "cannot be read: Expecting property name enclosed in double quotes: line 1 column 3 (char 2).",
        ),
        (b"\xff", "cannot be read: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte."),
        (b'{"TopicName": 7}', "is no flat JSON object of texts."),
        (b"[]", "is no flat JSON object of texts."),
        (b"", "cannot be read: Expecting value: line 1 column 1 (char 0)."),
        (b'{"A": "1", "A": "2"}', "cannot be read: the key 'A' stands there 2 times."),
    ],
    ids=["no json", "no text", "no texts", "no object", "empty", "a key twice"],
)
def test_a_broken_file_says_how_to_write_it_anew(
    project: Path, path: Path, endpoint: str, content: bytes, words: str
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    assert output_of_a_run(project, endpoint) == (
        2,
        f"qa could not run: {path} {words} Run `make outputs` to write it again.",
    )


def test_a_folder_in_place_of_the_file_is_named(project: Path, path: Path, endpoint: str) -> None:
    path.mkdir(parents=True)

    assert output_of_a_run(project, endpoint) == (
        2,
        f"qa could not run: {path} cannot be read: Is a directory. Fix its owner or its rights.",
    )


def test_a_folder_in_place_of_the_file_stops_a_deployment_before_it_begins(
    path: Path, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path.mkdir(parents=True)

    code = main(["deploy", "--target", "endpoint", "--endpoint-url", endpoint, "--suffix", "never"])

    output = capsys.readouterr()
    assert (code, output.out, f"{path}: Is a directory." in output.err) == (2, "", True)


@pytest.mark.parametrize(
    ("written", "amiss"),
    [
        ({"template_digest": 7}, "template_digest"),
        ({"regions": "us-east-1"}, "regions"),
        ({"stack_names": [1]}, "stack_names"),
        ({"mood": "good"}, "mood"),
    ],
    ids=["a number", "no list", "no texts", "an unknown key"],
)
def test_a_record_that_is_none_is_named_with_what_is_amiss(
    project: Path, deployed: Path, endpoint: str, written: dict[str, object], amiss: str
) -> None:
    record = deployed.with_name("flat-outputs.record.json")
    record.write_text(json.dumps(json.loads(record.read_text()) | written))

    assert output_of_a_run(project, endpoint) == (
        2,
        (
            f"qa could not run: {record} is no record that this version wrote: look at {amiss}. "
            "Run `make outputs`."
        ),
    )


def test_outputs_of_another_account_are_refused(project: Path, deployed: Path, endpoint: str) -> None:
    deployed.write_text('{"TopicArn": "arn:aws:sns:us-east-1:999988887777:alerts"}')

    code, reason = output_of_a_run(project, endpoint)

    assert (code, reason) == (
        2,
        (
            f"qa could not run: stack output 'TopicArn' in {deployed} is of account '999988887777', and the "
            "caller's account is '123456789012'. Use that account's credentials, or deploy here."
        ),
    )


def test_outputs_of_another_region_are_refused(project: Path, deployed: Path, endpoint: str) -> None:
    deployed.write_text('{"TopicArn": "arn:aws:sns:eu-west-1:123456789012:alerts"}')

    assert output_of_a_run(project, endpoint) == (
        2,
        (
            f"qa could not run: stack output 'TopicArn' in {deployed} is of region 'eu-west-1', and the "
            "regions are us-east-1, us-west-2. Run `make outputs`, or fix [tool.qa.regions]."
        ),
    )


@pytest.mark.parametrize(
    ("field", "other", "message", "expected", "instead"),
    [
        ("target", "aws", "target 'aws'", "'endpoint'", "name what you mean with --target"),
        ("suffix", "pr42", "suffix 'pr42'", "'dev'", "name what you mean with --suffix"),
        (
            "account",
            "999988887777",
            "account '999988887777'",
            "'123456789012'",
            "take that account's credentials",
        ),
        (
            "regions",
            ["eu-west-1", "eu-central-1"],
            "regions eu-west-1 and eu-central-1",
            "us-east-1 and us-west-2",
            "fix [tool.qa.regions]",
        ),
    ],
    ids=["target", "suffix", "account", "regions"],
)
def test_a_record_about_another_deployment_is_refused(
    project: Path,
    deployed: Path,
    endpoint: str,
    field: str,
    other: object,
    message: str,
    expected: str,
    instead: str,
) -> None:
    record = deployed.with_name("flat-outputs.record.json")
    record.write_text(json.dumps(json.loads(record.read_text()) | {field: other}))

    assert output_of_a_run(project, endpoint) == (
        2,
        (
            f"qa could not run: {deployed} is about {message}, and this run is about {expected}. Deploy "
            f"there (`make deploy`), or {instead}."
        ),
    )


def test_a_missing_key_names_the_nearest_one(project: Path) -> None:
    add_check(project, MISSING_KEY)

    seen = live_run(project)

    assert seen.code == 1
    assert "no stack output 'TopicNam' in " in seen.text
    assert "Did you mean 'TopicName'? After a deploy run `make outputs`." in seen.text
    assert "unknown" in seen.text.partition("= qa =")[2]


def failing(code: int) -> Callable[..., object]:
    """Return a function that fails as the system does."""

    def fail(*_: object, **__: object) -> object:
        raise OSError(code, "No space left on device" if code == errno.ENOSPC else "Read-only file system")

    return fail


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "No space left on device"), (errno.EROFS, "Read-only file system")],
    ids=["full", "read-only"],
)
def test_a_disk_that_takes_nothing_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    path = tmp_path / "handed-over" / "flat-outputs.json"
    write_outputs(path, {"A": "old"}, RECORD)
    before = {each.name: each.read_text() for each in path.parent.iterdir()}
    monkeypatch.setattr(json, "dump", failing(code))

    with pytest.raises(OutputsError) as refused:
        write_outputs(path, {"A": "new"}, RECORD)

    assert str(refused.value) == (
        f"the outputs cannot be written to {path}: {words}. What was there before is untouched. Fix the "
        "folder (`outputs` in [tool.qa]) or free space; if the stacks stand, `make outputs` writes the file."
    )
    assert {each.name: each.read_text() for each in path.parent.iterdir()} == before


def test_a_deployment_looks_at_the_folder_before_it_begins(
    deployed: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", failing(errno.EROFS))
    capsys.readouterr()

    code = main(["deploy", "--target", "endpoint", "--endpoint-url", endpoint, "--suffix", "never"])

    output = capsys.readouterr()
    assert (code, output.out) == (2, "")
    assert f"qa deploy: the outputs cannot be written to {deployed}: Read-only file system." in output.err
    assert deployed.exists()


def test_a_folder_for_runs_that_cannot_be_made_stops_the_run(project: Path) -> None:
    (project / ".qa").touch()

    seen = live_run(project)

    assert (
        seen.code,
        "cannot be written to: Not a directory. Without it nobody could remove" in seen.reason,
    ) == (
        2,
        True,
    )
