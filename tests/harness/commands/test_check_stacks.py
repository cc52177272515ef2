"""`qa check` of several stacks and of a CDK assembly: each template in the regions that it has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qa.cli import main

ASSEMBLY = Path(__file__).parents[1] / "stack" / "assembly"
ONLY_WEST = """
Mappings:
  ByRegion:
    eu-west-1: {Name: west}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !FindInMap [ByRegion, !Ref AWS::Region, Name]}
"""
EVERYWHERE = "Resources: {Topic: {Type: AWS::SNS::Topic}}\n"
SETTINGS = """
regions = ["eu-west-1", "eu-central-1"]
[[stack]]
name = "west"
template = "west.yaml"
REGIONS
[[stack]]
name = "all"
template = "all.yaml"
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "west.yaml").write_text(ONLY_WEST)
    (tmp_path / "all.yaml").write_text(EVERYWHERE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = main(["check", *options])
    return code, capsys.readouterr().out.splitlines()[-1]


def test_a_stack_is_checked_in_its_own_regions(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "qa.toml").write_text(SETTINGS.replace("REGIONS", 'regions = ["eu-west-1"]'))

    assert checked(capsys) == (0, "2 templates in eu-west-1, eu-central-1: no findings.")


def test_a_stack_without_regions_of_its_own_is_checked_in_all(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "qa.toml").write_text(SETTINGS.replace("REGIONS", ""))

    code, last = checked(capsys, "--format", "line")

    assert (code, "eu-central-1" in last, "west.yaml" in last) == (1, True, True)


def test_the_templates_of_an_assembly_are_checked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ASSEMBLY, project / "cdk.out")
    (project / "qa.toml").write_text('assembly = "cdk.out"\n')

    assert checked(capsys) == (0, "4 templates in eu-west-1, eu-central-1: no findings.")
