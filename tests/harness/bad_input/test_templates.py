"""Templates that cannot be sent: refused with the place, before anything is started or asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.cli import main

from .running import live_run

if TYPE_CHECKING:
    from pathlib import Path

TOPIC = '{"Type": "AWS::SNS::Topic"}'
BAD = {
    "no json": (b"{ no", "{path}:1:3: not JSON: Expecting property name enclosed in double quotes"),
    "empty": (b"", "{path}:1:1: not JSON: Expecting value"),
    "no text": (b"\xff\xfe\xfd", "{path}:1:1: not UTF-16 text: truncated data"),
    "no object": (b"[1]", "{path}: a template is an object, and this is a list."),
    "duplicate keys": (
        f'{{"Resources": {{"T": {TOPIC},\n"T": {TOPIC}}}}}'.encode(),
        "{path}:2:1: duplicate key 'T': it stands at line 1, column 16 already",
    ),
    "2 MB": (
        b'{"Description": "' + b"x" * 2_000_000 + b'"}',
        "{path} has 2,000,018 bytes; CloudFormation takes 1,048,576 at most. Split the stack.",
    ),
    "too deep": (
        b'{"A": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "{path}:1:",
    ),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.usefixtures("credentials")
def test_a_command_refuses_it(
    project: Path, endpoint: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content, words = BAD[what]
    (project / "stack.json").write_bytes(content)

    code = main(["deploy", "--target", "endpoint", "--endpoint-url", endpoint])

    output = capsys.readouterr().err.splitlines()[-1]
    expected = f"qa deploy: {words.format(path=project / 'stack.json')}"
    assert (code, output[: len(expected)]) == (2, expected)


@pytest.mark.parametrize("what", ["no json", "duplicate keys"])
def test_a_live_run_refuses_it_in_one_line(project: Path, what: str) -> None:
    content, words = BAD[what]
    (project / "stack.json").write_bytes(content)

    seen = live_run(project)

    assert (seen.code, seen.reason) == (2, f"qa could not run: {words.format(path=project / 'stack.json')}")
    assert list((project / ".qa/runs").glob("*")) == []
