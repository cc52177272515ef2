"""Node's packages are absent, and the stack holds a function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .running import live_run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
TEMPLATE = {
    "Resources": {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "nodejs22.x",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": "exports.handler = async () => 1;"},
            },
        },
    }
}


def test_the_run_names_what_is_missing_and_how_to_get_it(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(
        settings.read_text().replace("[tool.qa]", '[tool.qa]\ncapabilities = ["CAPABILITY_IAM"]')
    )
    (project / "stack.json").write_text(json.dumps(TEMPLATE))
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "none"))

    seen = live_run(project)

    assert (seen.code, seen.reason.startswith("qa could not run: create of stack 'Topics-dev'")) == (2, True)
    assert f"no Node and AWS SDK for Lambda functions in {tmp_path / 'none' / 'lambda'}" in seen.text
    assert "Run `make setup`." in seen.text
    assert "Traceback" not in seen.text
