"""`qa check` and `qa graph` as commands."""

from __future__ import annotations

import gc
import io
import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from qa.checks import RULES
from qa.commands.check import (
    CLEAN,
    COULD_NOT_READ,
    FOUND,
)
from qa.commands.parser import build_parser
from qa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., int]

SETTINGS = """\
[tool.qa]
template = "stack.yaml"

[tool.qa.regions]
primary = "us-east-1"
secondary = "us-west-2"
"""
CLEAN_TEXT = (
    "Parameters:\n  Name: {Type: String, Default: x}\n"
    "Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties: {DisplayName: !Ref Name}\n"
)
FAULTY_TEXT = "Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties: {Bogus: 1}\n"
DOUBTFUL_TEXT = (
    "Resources:\n  A:\n    Type: AWS::Lambda::Function\n    Properties:\n"
    "      Code: {S3Bucket: b, S3Key: k}\n      Role: arn\n      Runtime: nodejs22.x\n"
    "      Handler: app.handler\n      ReservedConcurrentExecutions: 1\n"
)


@pytest.fixture
def run() -> Run:
    """Run one of the two commands and return its exit code."""

    def run_one(*words: str) -> int:
        args = build_parser().parse_args(words)
        code: int = args.run(args)
        return code

    return run_one


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a clean template, one with an error, one with a warning."""
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "stack.yaml").write_text(CLEAN_TEXT, encoding="utf-8")
    (tmp_path / "faulty.yaml").write_text(FAULTY_TEXT, encoding="utf-8")
    (tmp_path / "doubtful.yaml").write_text(DOUBTFUL_TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _rules(text: str) -> list[tuple[str, str]]:
    return [(each["template"], each["rule"]) for each in json.loads(text)]


def test_template_and_regions_are_the_projects(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert (run("check"), capsys.readouterr().out) == (
        CLEAN,
        "stack.yaml in us-east-1, us-west-2: no findings.\n",
    )


@pytest.mark.parametrize("words", [["check"], ["check", "--region", "nowhere-1"]], ids=["done", "refused"])
def test_the_collector_of_garbage_is_at_work_afterwards(run: Run, words: list[str]) -> None:
    with suppress(UsageError):
        run(*words)

    assert gc.isenabled()


def test_error_exits_with_one(run: Run) -> None:
    assert run("check", "faulty.yaml") == FOUND


@pytest.mark.parametrize(("level", "code"), [("error", CLEAN), ("warning", FOUND), ("note", FOUND)])
def test_warning_counts_when_asked_to(run: Run, level: str, code: int) -> None:
    assert run("check", "doubtful.yaml", "--fail-on", level) == code


def test_limit_makes_the_reservation_an_error(run: Run) -> None:
    assert run("check", "doubtful.yaml", "--concurrency-limit", "10") == FOUND


def test_unreadable_template_does_not_stop_the_others(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    code = run("check", "gone.yaml", "faulty.yaml", ".", "--format", "json")

    written = capsys.readouterr()
    assert (code, _rules(written.out), written.err) == (
        COULD_NOT_READ,
        [("faulty.yaml", "unknown-property")],
        (
            "qa check: gone.yaml: the template cannot be read: No such file or directory\n"
            "qa check: .: this is a folder; name the template in it\n"
        ),
    )


def test_standard_input_is_a_template(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FAULTY_TEXT.encode("utf-16"))))

    run("check", "-", "--format", "json")

    assert _rules(capsys.readouterr().out) == [("<stdin>", "unknown-property")]


def test_parameter_goes_to_the_templates_that_declare_it(run: Run) -> None:
    assert run("check", "stack.yaml", "faulty.yaml", "--parameter", "Name=y") == FOUND


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--parameter", "Nam=y"], "no template has the parameter 'Nam'"),
        (["--concurrency-limit", "-1"], "--concurrency-limit must not be negative"),
        (["--parameter", "Name"], "--parameter 'Name' is not of the form Name=Value"),
        (["--region", "us-east1"], "there is no region 'us-east1'. Did you mean 'us-east-1'?"),
        (["--select", "typo"], "there is no rule 'typo'; `qa check --list-rules` lists them"),
        (["--explain", "typo"], "there is no rule 'typo'; `qa check --list-rules` lists them"),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Run, words: list[str], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        run("check", *words)

    assert str(refused.value) == message


def test_without_a_project_regions_are_asked_for(run: Run, project: Path) -> None:
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")

    with pytest.raises(UsageError) as refused:
        run("check", "stack.yaml")

    assert str(refused.value) == ("No region given. Pass --region (repeatable), or set [tool.qa.regions].")


def test_settings_suppress_with_a_reason(run: Run, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suppressions = '\n[tool.qa.check.suppress]\n"unknown-property:A" = "a beta"\n'
    (project / "pyproject.toml").write_text(SETTINGS + suppressions, encoding="utf-8")

    code = run("check", "faulty.yaml", "--format", "json")

    assert (code, [each["suppressed"] for each in json.loads(capsys.readouterr().out)]) == (CLEAN, ["a beta"])


def test_suppression_in_the_settings_needs_a_reason(run: Run, project: Path) -> None:
    suppressions = '\n[tool.qa.check.suppress]\n"unknown-property" = ""\n'
    (project / "pyproject.toml").write_text(SETTINGS + suppressions, encoding="utf-8")

    with pytest.raises(UsageError) as refused:
        run("check")

    assert str(refused.value) == (
        f"'unknown-property' in [tool.qa.check.suppress] of {project / 'pyproject.toml'} has no reason"
    )


def test_rules_are_listed_with_severity_and_title(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    code = run("check", "--list-rules")

    lines = capsys.readouterr().out.splitlines()
    assert (code, [line.split()[:2] for line in lines if line[0] != " "]) == (
        CLEAN,
        [[rule.id, rule.severity.value] for rule in RULES],
    )


def test_rule_is_explained(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    rule = next(rule for rule in RULES if rule.id == "wrong-value")

    code = run("check", "--explain", "wrong-value")

    assert (code, capsys.readouterr().out) == (
        CLEAN,
        f"wrong-value (error)\n\n{rule.explanation}\n\nSource: {rule.source}\n",
    )


def test_graph_is_drawn(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    code = run("graph", "stack.yaml", "--format", "mermaid", "--region", "us-west-2")

    assert (code, capsys.readouterr().out) == (
        CLEAN,
        'flowchart LR\n  subgraph g0["us-west-2"]\n    n0["A<br/>AWS::SNS::Topic"]\n  end\n',
    )
