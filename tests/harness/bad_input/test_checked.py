"""Files given to `qa check`: judged, or refused with the place and exit code 2; never a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

TOPIC = {"Type": "AWS::SNS::Topic"}
REGIONS = ("--region", "us-east-1", "--region", "us-west-2")
CLEAN = "t.json in us-east-1, us-west-2: no findings.\n"
SMALL = json.dumps({"Description": "Töpic", "Resources": {"A": TOPIC}}, ensure_ascii=False)
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Return exit code, output and errors of `qa check`."""
    code = main(["check", *REGIONS, *words])
    return (code, *capsys.readouterr())


def rules(body: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[tuple[str, str]]]:
    """Return exit code of `qa check` on a template, and its findings as rule and logical ID."""
    Path("t.json").write_text(json.dumps(body), encoding="utf-8")
    code, out, _ = checked(capsys, "t.json", "--format", "json")
    return code, [(each["rule"], each["logical_id"]) for each in json.loads(out)]


REFUSED = {
    "no template": (b"hello", "t.json: a template is an object, this is text"),
    "a program": (b"#!/bin/sh\nexec true\n", "t.json: a template is an object, this is text"),
    "a list": (b"[1]", "t.json: a template is an object, this is a list"),
    "another object": (
        b'{"Resources": {"A": 1}}',
        "t.json:1:16: Template format error: Resources member 'A' must be an object",
    ),
    "empty": (b"", "t.json: a template is an object, this is empty"),
    "only white space": (b" \n\n", "t.json: a template is an object, this is empty"),
    "only a BOM": (b"\xef\xbb\xbf", "t.json: a template is an object, this is empty"),
    "no text": (b"\x89PNG\r\n\x1a\n\x00\x00", "t.json:1:1: not UTF-8 text: invalid start byte"),
    "10,000 lists": (b"[" * 10_000, "t.json:1:101: nested more than 100 levels deep"),
    "10,000 objects": (
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        "t.json:1:501: nested more than 100 levels deep",
    ),
    "10,000 levels of YAML": (b"- " * 10_000, "t.json:1:201: nested more than 100 levels deep"),
    "NaN": (b'{"a": NaN}', "t.json:1:7: NaN is no number that a template can hold"),
    "an infinity": (b'{"a": 1e999}', "t.json:1:7: 1e999 is no number that a template can hold"),
    "5,000 digits": (
        b'{"a": ' + b"9" * 5000 + b"}",
        f"t.json:1:7: {'9' * 20}… is no number that a template can hold",
    ),
    "a duplicate key": (
        b'{"a": 1,\n "a": 2}',
        "t.json:2:2: duplicate key 'a': it stands at line 1, column 2 already",
    ),
    "a duplicate key in YAML": (
        b"a: 1\na: 2\n",
        "t.json:2:1: duplicate key 'a': it stands at line 1, column 1 already",
    ),
    "an alias bomb": (BOMB.encode(), "t.json:6:25: aliases unfold into more than 100,000 values"),
    "an alias of itself": (b"a: &a [*a]", "t.json:1:8: alias *a stands inside its own anchor"),
    "10 MB": (
        b" " * 10_000_001,
        "t.json: it has more than 10,000,000 bytes; CloudFormation takes at most 1,048,576",
    ),
    "control characters": (
        b'{"Resources": {"\x1b[31mA": {}}}',
        "t.json:1:17: not JSON: Invalid control character at",
    ),
    "escaped control characters": (
        b'{"Resources": {"\\u001b[31mA": {}}}',
        (
            "t.json:1:16: Template format error: [/Resources/\\x1b[31mA] "
            "Every Resources object must contain a Type member."
        ),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_template_is_refused(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    content, message = REFUSED[what]
    Path("t.json").write_bytes(content)

    assert checked(capsys, "t.json") == (2, "1 template could not be read.\n", f"qa check: {message}\n")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"], ids=str
)
def test_a_file_may_be_in_any_unicode_encoding(encoding: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.json").write_bytes(SMALL.encode(encoding))

    assert checked(capsys, "t.json") == (0, CLEAN, "")


def test_what_is_no_regular_file_is_refused_and_not_waited_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("folder").mkdir()
    os.mkfifo("pipe")
    Path("loop").symlink_to("pool")
    Path("pool").symlink_to("loop")

    assert checked(capsys, "folder", "pipe", "/dev/zero", "loop", "gone.json", "a\0b") == (
        2,
        "6 templates could not be read.\n",
        (
            "qa check: folder: this is a folder; name the template in it\n"
            "qa check: pipe: this is no regular file; qa check - reads standard input\n"
            "qa check: /dev/zero: this is no regular file; qa check - reads standard input\n"
            "qa check: loop: the template cannot be read: Too many levels of symbolic links\n"
            "qa check: gone.json: the template cannot be read: No such file or directory\n"
            "qa check: a\\x00b: the template cannot be read: embedded null byte\n"
        ),
    )


@contextmanager
def nobody() -> Iterator[None]:
    """Be another user for a while: root may read everything."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_a_file_without_the_right_to_read_it_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("t.json").write_text(SMALL, encoding="utf-8")
    checked(capsys, "t.json")  # another user may not read what is read on the way
    with tempfile.TemporaryDirectory() as name:
        monkeypatch.chdir(name)
        locked = Path("locked.json")
        locked.write_text(SMALL, encoding="utf-8")
        locked.chmod(0o000)
        Path(name).chmod(0o755)

        with nobody():
            reported = checked(capsys, "locked.json")
        monkeypatch.undo()

    assert reported == (
        2,
        "1 template could not be read.\n",
        "qa check: locked.json: the template cannot be read: Permission denied\n",
    )


def test_a_template_that_cannot_be_read_does_not_keep_the_others_from_being_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("faulty.yaml").write_text("Resources: {A: {Type: 'AWS::SNS::Topics'}}\n", encoding="utf-8")
    Path("empty.yaml").touch()

    code, out, err = checked(capsys, "empty.yaml", "faulty.yaml", "gone.yaml", "--format", "json")

    assert (code, [(each["template"], each["rule"]) for each in json.loads(out)], err.splitlines()) == (
        2,
        [("faulty.yaml", "unknown-type")],
        [
            "qa check: empty.yaml: a template is an object, this is empty",
            "qa check: gone.yaml: the template cannot be read: No such file or directory",
        ],
    )


def test_folders_that_nobody_may_see_into_have_no_settings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("t.json").write_text(SMALL, encoding="utf-8")
    checked(capsys, "t.json")
    inner = Path("locked") / "inner"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    Path("t.json").write_text(SMALL, encoding="utf-8")
    Path("..").chmod(0o000)

    with nobody():
        reported = checked(capsys, "t.json")
    Path("..").chmod(0o700)

    assert reported == (0, CLEAN, "")


def test_a_working_directory_may_be_gone(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    assert checked(capsys, str(folder / "t.json")) == (
        2,
        "",
        "qa check: the working directory is gone; change into one that is there\n",
    )


def test_standard_input_may_be_empty(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))

    assert checked(capsys, "-") == (
        2,
        "1 template could not be read.\n",
        "qa check: <stdin>: a template is an object, this is empty\n",
    )


def test_standard_input_may_be_closed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)

    assert checked(capsys, "-")[2] == "qa check: <stdin>: standard input is closed\n"


def qa(*words: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start `qa check` as a process."""
    return subprocess.Popen(
        [sys.executable, "-m", "qa", "check", *REGIONS, *words], stderr=subprocess.PIPE, **options
    )


def test_a_reader_may_go_before_the_end() -> None:
    body = {"Resources": {f"R{number}": {"Type": "AWS::X::Y"} for number in range(500)}}
    Path("t.json").write_text(json.dumps(body), encoding="utf-8")

    with qa("t.json", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()

    assert (process.returncode, errors) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full device is wanted: Linux has /dev/full")
def test_a_full_disk_is_told() -> None:
    Path("t.json").write_text(SMALL, encoding="utf-8")

    with Path("/dev/full").open("wb") as full, qa("t.json", stdout=full) as process:
        assert process.stderr is not None
        errors = process.stderr.read()

    assert (process.returncode, errors) == (
        2,
        b"qa check: No space left on device\n",
    )


def test_templates_with_transforms_are_analysed_as_far_as_can_be_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    faulty = {"Fn": {"Type": "AWS::Serverless::Function"}, "A": {**TOPIC, "Properties": {"Bogus": 1}}}
    found = {
        transform: rules({"Transform": transform, "Resources": faulty}, capsys)
        for transform in ("AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "Macro")
    }

    assert found == {
        "AWS::Serverless-2016-10-31": (1, [("unknown-property", "A"), ("transform-not-analysed", None)]),
        "AWS::LanguageExtensions": (1, [("unknown-type", "Fn"), ("unknown-property", "A")]),
        "Macro": (0, [("transform-not-analysed", None)]),
    }


def test_a_pattern_that_goes_back_for_ever_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    parameter = {"Type": "String", "AllowedPattern": "(a+)+", "Default": "a" * 4096}
    body = {"Parameters": {"P": parameter}, "Resources": {"A": {**TOPIC, "Metadata": {"of": "P"}}}}
    fitting = rules(body, capsys)

    code, _, err = checked(capsys, "t.json", "--parameter", f"P={'a' * 4096}!")

    assert (fitting, code, err) == (
        (0, []),
        2,
        "qa check: t.json:1:17: Parameter 'P' must match pattern (a+)+\n",
    )


def test_functions_that_double_with_each_level_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    name: Any = "x"
    for _ in range(31):
        name = {"Fn::Sub": ["${a}${a}", {"a": name}]}

    assert rules({"Resources": {"A": {**TOPIC, "Properties": {"TopicName": name}}}}, capsys) == (
        0,
        [("functions-not-followed", "A")],
    )


def test_an_unknown_function_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    named = {**TOPIC, "Properties": {"TopicName": {"Fn::Nope": "x"}}}

    assert rules({"Resources": {"A": named}}, capsys) == (0, [("unknown-function", "A")])


@pytest.mark.parametrize(
    "needs",
    [
        {"DependsOn": "A"},
        {"Properties": {"TopicName": {"Ref": "A"}}},
        {"Properties": {"TopicName": {"Fn::Sub": "${A}"}}},
    ],
    ids=["DependsOn", "Ref", "Sub"],
)
def test_a_reference_to_itself_is_a_cycle(needs: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert rules({"Resources": {"A": {**TOPIC, **needs}}}, capsys) == (1, [("circular-dependency", "A")])


def test_a_condition_of_itself_leaves_its_resources_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    body = {"Conditions": {"C": {"Condition": "C"}}, "Resources": {"A": {**TOPIC, "Condition": "C"}}}

    assert rules(body, capsys) == (0, [])


@pytest.mark.parametrize("count", [500, 5_000])
def test_hundreds_and_thousands_of_resources_are_judged(
    count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    resources = {f"R{number}": {**TOPIC, "DependsOn": f"R{number + 1}"} for number in range(count)}

    code, found = rules({"Resources": resources}, capsys)
    too_much = [("too-many", None)] if count > 500 else []
    assert (code, [each for each in found if each[0] != "template-size"]) == (
        1,
        [("missing-target", f"R{count - 1}"), *too_much],
    )


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (10**300, (0, [])),
        (-(10**3998), (0, [])),
        (1e308, (0, [])),
        (5e-324, (1, [("wrong-type", "B")])),
    ],
    ids=["300 digits", "3,998 digits", "the largest", "the least"],
)
def test_huge_numbers_are_values_like_others(
    number: float, expected: tuple[int, list[tuple[str, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    key = {
        "Type": "AWS::KMS::Key",
        "Properties": {"PendingWindowInDays": number, "Description": {"Ref": "P"}},
    }
    parameters = {"P": {"Type": "Number", "Default": number, "MaxValue": number, "MinValue": number}}

    assert rules({"Parameters": parameters, "Resources": {"A": TOPIC, "B": key}}, capsys) == expected
