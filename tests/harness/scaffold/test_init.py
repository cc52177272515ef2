"""`qa init`: what it writes fits the templates, and what is there stays."""

from __future__ import annotations

import ast
import stat
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml

from qa.cli import main
from qa.scaffold.pipelines import PIPELINES

if TYPE_CHECKING:
    from pathlib import Path

NETWORK = """
Parameters:
  Stage: {Type: String}
Resources:
  Alerts: {Type: AWS::SNS::Topic}
Outputs:
  AlertsArn: {Value: !Ref Alerts, Export: {Name: alerts}}
"""
ORDERS = """
Parameters:
  Stage: {Type: String, Default: dev}
  AlertsArn: {Type: String}
  DatabasePassword: {Type: String, NoEcho: true}
  VpcId: {Type: String}
Mappings:
  Images: {ap-south-1: {id: ami-1}}
Resources:
  OrdersTable:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      Replicas: [{Region: eu-west-1}, {Region: eu-central-1}]
  Worker:
    Type: AWS::IAM::Role
    Properties: {RoleName: worker}
  DLQAlarm: {Type: AWS::CloudWatch::Alarm, Properties: {}}
"""
PAIRED = (
    "OrdersTable (AWS::DynamoDB::GlobalTable), paired with OrdersTable in eu-central-1 by same logical ID"
)
QUEUE = "Resources: {Jobs: {Type: AWS::SQS::Queue}}\n"

Run = tuple[int, str, str]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def two_stacks(root: Path) -> Path:
    (root / "infra").mkdir()
    (root / "infra/network.yaml").write_text(NETWORK, encoding="utf-8")
    (root / "infra/orders.yaml").write_text(ORDERS, encoding="utf-8")
    (root / "package.json").write_text('{"Resources": "AWS::S3"}', encoding="utf-8")
    return root


def contents(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.is_file()
    }


def test_two_templates_become_stacks_with_what_one_needs_of_the_other(
    two_stacks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init"]) == 0

    assert tomllib.loads((two_stacks / "qa.toml").read_text(encoding="utf-8")) == {
        "regions": ["eu-west-1", "eu-central-1"],
        "live-tests": ["tests/live"],
        "stack": [
            {"name": "network", "template": "infra/network.yaml", "parameters": {"Stage": "{suffix}"}},
            {
                "name": "orders",
                "template": "infra/orders.yaml",
                "needs": ["network"],
                "capabilities": ["CAPABILITY_NAMED_IAM"],
                "parameters": {
                    "Stage": "{suffix}",
                    "AlertsArn": {"output": "AlertsArn", "of": "network"},
                    "DatabasePassword": {"env": "DATABASE_PASSWORD"},
                },
            },
        ],
    }
    assert (
        "to do    infra/orders.yaml: write a value for VpcId into the settings\n" in capsys.readouterr().out
    )


def test_the_test_files_hold_a_line_for_each_thing_that_a_ready_check_is_for(two_stacks: Path) -> None:
    main(["init"])

    text = (two_stacks / "tests/live/test_orders.py").read_text(encoding="utf-8")
    assert text[text.index("from qa") :] == (
        "from qa.resilience import alarms_armed, as_deployed, regions_match, restorable, table_converges, "
        "table_replicates\n\n"
        "# any stack\n"
        'test_as_deployed = as_deployed(stack="orders")\n'
        "# any stack\n"
        'test_regions_match = regions_match(stack="orders")\n'
        f"# {PAIRED}\n"
        'test_table_replicates_orders_table = table_replicates("OrdersTable", stack="orders")\n'
        f"# {PAIRED}\n"
        'test_table_converges_orders_table = table_converges("OrdersTable", stack="orders")\n'
        f"# {PAIRED}\n"
        'test_restorable_orders_table = restorable("OrdersTable", stack="orders")\n'
        "# every alarm; whether somebody has subscribed is not known\n"
        'test_alarms_armed = alarms_armed(subscriber=False, stack="orders")\n'
    )
    ast.parse(text)


def test_it_runs_twice_without_harm(two_stacks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", "--ci", "github"])
    (two_stacks / "tests/live/test_orders.py").write_text("# mine\n", encoding="utf-8")
    before = contents(two_stacks)
    capsys.readouterr()

    assert main(["init", "--ci", "github"]) == 0
    assert contents(two_stacks) == before
    assert "wrote" not in capsys.readouterr().out


def test_a_pyproject_is_added_to_and_nothing_of_it_changes(root: Path) -> None:
    (root / "jobs.yaml").write_text(QUEUE, encoding="utf-8")
    (root / "pyproject.toml").write_text('[project]\nname = "jobs"', encoding="utf-8")

    assert main(["init", "jobs.yaml", "--regions", "us-east-2", "us-west-2"]) == 0
    assert (root / "pyproject.toml").read_text(encoding="utf-8") == (
        '[project]\nname = "jobs"\n\n[tool.qa]\n'
        'regions = ["us-east-2", "us-west-2"]   # the first is the primary\n'
        'live-tests = ["tests/live"]\ntemplate = "jobs.yaml"\n'
    )
    assert not (root / "qa.toml").exists()


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipelines_stage_runs_what_the_project_has(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "jobs.yaml").write_text(QUEUE, encoding="utf-8")

    assert main(["init", "--regions", "us-east-2", "us-west-2", "--ci", name]) == 0
    stage = root / PIPELINES[name].path
    text = stage.read_text(encoding="utf-8")
    assert all(part in text for part in ("'qa-two-regions[embedded]'", "qa setup", "qa check", "tests/live"))
    assert bool(stage.stat().st_mode & stat.S_IXUSR) is PIPELINES[name].is_program
    if stage.suffix == ".yml":
        assert isinstance(yaml.safe_load(text), dict)
    assert f"wrote    {PIPELINES[name].path}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "arguments", "reason"),
    [
        ({}, [], "no CloudFormation template in "),
        (
            {"jobs.yaml": QUEUE},
            [],
            "here is no region. Name them: qa init --regions us-east-1 us-west-2",
        ),
        (
            {"jobs.yaml": QUEUE},
            ["--regions", "eu-west-1"],
            "here is only eu-west-1. Name them",
        ),
        ({"jobs.yaml": QUEUE}, ["--regions", "eu-west-1", "eu-wets-2"], "there is no region 'eu-wets-2'. "),
        ({"jobs.yaml": QUEUE}, ["orders.yaml"], "there is no orders.yaml"),
        ({"jobs.yaml": QUEUE}, ["../jobs.yaml"], "../jobs.yaml is outside of "),
        ({"a.yaml": "Parameters: {}\n"}, ["a.yaml"], "a.yaml"),
        (
            {"cdk.out/x.json": "{}"},
            ["cdk.out"],
            "cdk.out is a folder without manifest.json, so no cloud assembly",
        ),
        (
            {"jobs.yaml": QUEUE, "pyproject.toml": "[tool"},
            ["--regions", "eu-west-1", "eu-west-2"],
            "is not TOML",
        ),
    ],
)
def test_what_cannot_be_set_up_is_said_and_nothing_is_written(
    root: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    arguments: list[str],
    reason: str,
) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")

    assert main(["init", *arguments]) == 2
    assert reason in capsys.readouterr().err
    assert contents(root) == files


def test_what_the_embedded_aws_will_not_make_is_named_with_what_to_do(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "web.yaml").write_text(
        "Resources:\n  Jobs: {Type: AWS::SQS::Queue}\n"
        "  Web: {Type: AWS::ECS::Service}\n  Api: {Type: AWS::ECS::Service}\n",
        encoding="utf-8",
    )

    assert main(["init", "--regions", "eu-west-1", "eu-west-2"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("embedded")]
    assert lines == [
        "embedded does not make AWS::ECS::Service of web.yaml: Web, Api",
        "embedded give these a Condition that is false there, or test them with --target aws",
    ]


def test_an_assembly_is_named_with_the_regions_of_its_stacks(root: Path) -> None:
    (root / "cdk.out").mkdir()
    (root / "cdk.out/manifest.json").write_text(
        '{"version": "38.0.0", "artifacts": {"East": {"environment": "aws://1/us-east-1"},'
        ' "West": {"environment": "aws://1/us-west-2"}, "Tree": {}}}',
        encoding="utf-8",
    )

    assert main(["init"]) == 0
    assert tomllib.loads((root / "qa.toml").read_text(encoding="utf-8")) == {
        "regions": ["us-east-1", "us-west-2"],
        "live-tests": ["tests/live"],
        "assembly": "cdk.out",
    }
