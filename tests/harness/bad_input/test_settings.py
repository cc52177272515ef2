"""`[tool.qa]` with slips of the pen: every command and a live run say what is wrong and what was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.cli import main

from .running import live_run

if TYPE_CHECKING:
    from pathlib import Path

SLIPS = {
    "a key": (
        'template = "stack.json"',
        'tempalte = "stack.json"',
        (
            "unknown key 'tempalte' in [tool.qa] of {source}. Did you mean 'template'? "
            "docs/configuration.md lists them all."
        ),
    ),
    "a key of a table": (
        'primary = "us-east-1"',
        'primry = "us-east-1"',
        (
            "unknown key 'primry' in [tool.qa.regions] of {source}. Did you mean 'primary'? "
            "docs/configuration.md lists them all."
        ),
    ),
    "a table": (
        "[tool.qa.regions]",
        "[tool.qa.region]",
        (
            "unknown key 'region' in [tool.qa] of {source}. Did you mean 'regions'? "
            "docs/configuration.md lists them all."
        ),
    ),
    "a kind": (
        'template = "stack.json"',
        "template = 5",
        "'template' in [tool.qa] of {source} is 5; expected: a text in quotes.",
    ),
}
"""What stands in the settings, what was written in its place, what is told."""
ONLY_DEPLOYMENTS = {
    "a region that is none": (
        '"us-west-2"',
        '"the west"',
        (
            "'secondary' in [tool.qa.regions] of {source} is 'the west'; expected: the name of a region, "
            "such as 'us-east-1'."
        ),
    ),
    "one region twice": (
        '"us-west-2"',
        '"us-east-1"',
        (
            "'secondary' in [tool.qa.regions] of {source} is 'us-east-1'; expected: another region than the "
            "primary."
        ),
    ),
    "the folder of live tests": (
        'live-tests = ["tests/live"]',
        'live-tests = "tests/live"',
        "'live-tests' in [tool.qa] of {source} is 'tests/live'; expected: a list of texts.",
    ),
}


def slip(project: Path, slips: dict[str, tuple[str, str, str]], what: str) -> str:
    """Write it into the settings and return what is to be told."""
    there, written, reported = slips[what]
    source = project / "pyproject.toml"
    assert there in source.read_text()
    source.write_text(source.read_text().replace(there, written))
    return reported.format(source=source)


@pytest.mark.parametrize("what", SLIPS)
@pytest.mark.parametrize("command", ["check", "outputs --target aws", "sweep --target aws"])
def test_a_command_names_the_slip(
    project: Path, what: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reported = slip(project, SLIPS, what)

    code = main(command.split())

    assert (code, capsys.readouterr().err) == (2, f"qa {command.split(maxsplit=1)[0]}: {reported}\n")


@pytest.mark.parametrize("what", ONLY_DEPLOYMENTS)
def test_a_command_names_what_only_deployments_need(
    project: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reported = slip(project, ONLY_DEPLOYMENTS, what)

    code = main(["deploy", "--target", "aws"])

    assert (code, capsys.readouterr().err) == (2, f"qa deploy: {reported}\n")


@pytest.mark.parametrize("what", ["a key", "the folder of live tests"])
def test_a_live_run_names_the_slip_and_leaves_nothing(project: Path, what: str) -> None:
    reported = slip(project, SLIPS | ONLY_DEPLOYMENTS, what)

    seen = live_run(project)

    assert (seen.code, seen.reason) == (2, f"qa could not run: {reported}")
    assert not (project / ".qa").exists()


@pytest.mark.parametrize("command", ["check", "outputs --target aws"])
@pytest.mark.parametrize(
    "content", [b"[tool.qa\n", b"\xff\xfe", b"[tool]\nqa = 5\n"], ids=["toml", "text", "table"]
)
def test_settings_that_cannot_be_read_are_named(
    project: Path, content: bytes, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "pyproject.toml").write_bytes(content)

    code = main(command.split())

    output = capsys.readouterr().err
    assert (code, str(project / "pyproject.toml") in output, len(output.splitlines())) == (2, True, 1)


def test_settings_that_are_no_table_end_a_live_run_with_the_reason(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool]\nqa = 5\n")

    seen = live_run(project)

    assert (seen.code, seen.reason) == (
        2,
        (
            f"qa could not run: [tool.qa] in {project / 'pyproject.toml'} is 5; expected a table: "
            "docs/configuration.md."
        ),
    )
