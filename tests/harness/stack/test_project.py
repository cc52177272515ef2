"""`[tool.qa]` as values, and what is refused in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.errors import UsageError
from qa.settings_table import KEYS
from qa.stack import Deployment, Project, Regions, Role, StackNames, find_project, load_project
from qa.stack.project import DeployStep, OutputOf, StackSettings, TearDown, When

ROOT = Path(__file__).parents[3]
SMALL = """
[tool.qa]
template = "stack.json"
stack-name-prefix = "Orders"
[tool.qa.regions]
primary = "eu-west-1"
secondary = "eu-central-1"
"""


def project(folder: Path, text: str) -> Project:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return load_project(folder)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(UsageError) as refused:
        project(folder, text)
    return str(refused.value)


def test_four_keys_are_enough(tmp_path: Path) -> None:
    assert project(tmp_path, SMALL) == Project(
        root=tmp_path,
        stacks=(
            StackSettings(
                name="Orders",
                template=tmp_path / "stack.json",
                stack_name="Orders-{suffix}",
                regions=("eu-west-1", "eu-central-1"),
            ),
        ),
        suffix="dev",
        suffix_variables=("QA_SUFFIX", "ENVIRONMENT_SUFFIX"),
        outputs=tmp_path / "cfn-outputs",
        live_tests=(tmp_path / "tests/integration",),
        regions=Regions(("eu-west-1", "eu-central-1")),
        parameters={},
        steps=(),
        tear_down=TearDown(),
        document_prefixes=("qa-",),
    )


def test_steps_are_read_in_order_with_outputs_of_other_stacks(tmp_path: Path) -> None:
    text = (
        SMALL
        + """
[[tool.qa.deploy.step]]
region = "primary"
when = "fresh"
[[tool.qa.deploy.step]]
region = "secondary"
parameters = { Name = "a-{suffix}", Key = { output = "KeyArn", of = "primary" } }
"""
    )

    assert project(tmp_path, text).steps == (
        DeployStep(role=Role.PRIMARY, when=When.FRESH),
        DeployStep(
            role=Role.SECONDARY,
            parameters={"Name": "a-{suffix}", "Key": OutputOf(output="KeyArn", of=Role.PRIMARY)},
        ),
    )


def test_an_unknown_key_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    text = SMALL.replace("stack-name-prefix", "stack-name-prefx")

    assert refusal(tmp_path, text) == (
        f"unknown key 'stack-name-prefx' in [tool.qa] of {tmp_path / 'pyproject.toml'}. "
        "Did you mean 'stack-name-prefix'? docs/configuration.md lists them all."
    )


def test_an_unknown_key_far_from_all_is_refused_with_all(tmp_path: Path) -> None:
    assert refusal(tmp_path, SMALL + 'zz = "x"\n') == (
        f"unknown key 'zz' in [tool.qa.regions] of {tmp_path / 'pyproject.toml'}. "
        "It has: primary, secondary. docs/configuration.md lists them all."
    )


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    text = SMALL.replace('secondary = "eu-central-1"', "")

    assert refusal(tmp_path, text) == (
        f"[tool.qa.regions] of {tmp_path / 'pyproject.toml'} lacks 'secondary': docs/configuration.md."
    )


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ('[[tool.qa.deploy.step]]\nregion = "third"', "'primary' or 'secondary'"),
        ('[[tool.qa.deploy.step]]\nregion = "primary"\nwhen = "new"', "'always' or 'fresh' or 'both-exist'"),
        ("[tool.qa.deploy.parameters]\nReplicate = true", "a text in quotes or { output = …, of = … }"),
        ("[tool.qa.destroy]\nbuckets = 'one'", "a list of texts"),
        ('[tool.qa.sweep]\ndocument-prefixes = ["all/"]', "a prefix that holds 'qa-': all else is not ours"),
    ],
    ids=["region", "when", "parameter", "buckets", "prefix"],
)
def test_a_value_that_cannot_be_used_is_refused_with_what_is_wanted(
    tmp_path: Path, added: str, expected: str
) -> None:
    assert refusal(tmp_path, SMALL + added).endswith(f"; expected: {expected}.")


def test_the_suffix_comes_from_the_command_line_then_the_environment_then_the_default(tmp_path: Path) -> None:
    small = project(tmp_path, SMALL)
    environ = {"ENVIRONMENT_SUFFIX": "second", "QA_SUFFIX": "first"}

    suffixes = (
        small.deployment(environ, suffix="given").suffix,
        small.deployment(environ).suffix,
        small.deployment({"ENVIRONMENT_SUFFIX": "second"}).suffix,
        small.deployment({"QA_SUFFIX": ""}).suffix,
    )

    assert suffixes == ("given", "first", "second", "dev")


def test_both_regions_share_the_stack_name(tmp_path: Path) -> None:
    small = project(tmp_path, SMALL)

    assert small.deployment({}, suffix="pr7") == Deployment(
        suffix="pr7",
        stacks=(StackNames(name="Orders", stack_name="Orders-pr7", regions=("eu-west-1", "eu-central-1")),),
        regions=small.regions,
    )


def test_a_stack_name_overrides_prefix_and_suffix(tmp_path: Path) -> None:
    assert project(tmp_path, SMALL).deployment({}, stack_name="Mine").stack_name == "Mine"


def test_a_stack_name_that_cloudformation_refuses_is_refused_here(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"stack name 'Orders-a_b' is not possible"):
        project(tmp_path, SMALL).deployment({}, suffix="a_b")


def test_placeholders_are_filled_in_and_other_braces_left_alone(tmp_path: Path) -> None:
    deployment = project(tmp_path, SMALL).deployment({}, suffix="x")

    assert deployment.fill_in("{suffix} {primary} {secondary} {other}") == "x eu-west-1 eu-central-1 {other}"


def test_the_project_is_found_from_a_folder_inside_it(tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    project(tmp_path, SMALL)
    (inside / "pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")

    assert find_project(inside).root == tmp_path


def test_this_project_updates_both_stacks_when_both_exist() -> None:
    steps = load_project(ROOT).steps

    updates = [
        (step.role, step.parameters["ReplicateDocuments"]) for step in steps if step.when is not When.FRESH
    ]

    assert updates == [(Role.PRIMARY, "true"), (Role.SECONDARY, "true")]


def test_the_configuration_page_explains_every_key_and_no_other() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    sections = re.split(r"^## `\[+([a-z.]+)\]+`.*$", page, flags=re.MULTILINE)[1:]

    explained = {
        table: set(re.findall(r"^- `([a-z-]+)`", text, flags=re.MULTILINE))
        for table, text in zip(sections[::2], sections[1::2], strict=True)
    }

    assert explained == {table: set(keys) for table, keys in KEYS.items()}
