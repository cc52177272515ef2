"""Settings of several stacks that cannot be deployed: each is named, and nothing is begun."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.cli import main
from qa.errors import UsageError
from qa.stack import Project, load_project
from qa.stack.preparation import prepared

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = {
    "Parameters": {"Vpc": {"Type": "String", "Default": ""}, "Password": {"Type": "String", "NoEcho": True}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"Name": {"Value": {"Ref": "Topic"}}},
}
TOP = 'regions = ["eu-west-1", "eu-central-1"]\nsuffix = "dev"\n'
PASSWORD = 'Password = { env = "SHOP_PASSWORD" }'


def stack(name: str, *lines: str, parameters: str = PASSWORD) -> str:
    """Return a stack's table."""
    return "\n".join(
        [
            "[[stack]]",
            f'name = "{name}"',
            'template = "stack.json"',
            f"parameters = {{ {parameters} }}",
            *lines,
            "",
        ]
    )


def written(folder: Path, text: str) -> Project:
    (folder / "qa.toml").write_text(text, encoding="utf-8")
    (folder / "stack.json").write_text(json.dumps(TEMPLATE), encoding="utf-8")
    return load_project(folder)


OF_THE_SETTINGS = {
    "two stacks that need each other": (
        stack("a", 'needs = ["b"]') + stack("b", 'needs = ["c"]') + stack("c", 'needs = ["b"]'),
        "'stack' in the top level of {} is 'b → c → b'; expected: stacks that need each other in no circle.",
    ),
    "a stack that needs itself": (
        stack("a", 'needs = ["a"]'),
        "'needs' in [stack] of {} is 'a'; expected: names of other stacks: a stack cannot need itself.",
    ),
    "a need that is no stack": (
        stack("network") + stack("orders", 'needs = ["netwrok"]'),
        "'needs' in [stack] of {} is 'netwrok'; expected: names of stacks. Did you mean 'network'.",
    ),
    "an output of a stack that is not needed": (
        stack("network") + stack("orders", parameters='Vpc = { output = "Name", of = "network" }'),
        "'parameters.Vpc' in [stack] of {} is 'network'; expected: an output of a stack in `needs`: none.",
    ),
    "an output of a stack that is not in the region": (
        stack("network", 'regions = ["eu-west-1", "us-east-1"]')
        + stack("orders", 'needs = ["network"]', parameters='Vpc = { output = "Name", of = "network" }'),
        (
            "'parameters.Vpc' in [stack] of {} is 'network'; expected: a `region`, for 'network' is not in "
            "eu-central-1."
        ),
    ),
    "the same name twice": (
        stack("a") + stack("a"),
        "'name' in [stack] of {} is 'a'; expected: another name: a stack before this one has it.",
    ),
    "the same stack name twice": (
        stack("a", 'stack-name = "shop"') + stack("b", 'stack-name = "shop"'),
        "'stack-name' in [stack] of {} is 'shop'; expected: another name: 'a' has it in eu-west-1 already.",
    ),
    "a region twice in a stack": (
        stack("a", 'regions = ["eu-west-1", "eu-west-1"]'),
        (
            "'regions' in [stack] of {} is ['eu-west-1', 'eu-west-1']; expected: each region once, and "
            "'eu-west-1' is there twice."
        ),
    ),
    "a region that the project does not have": (
        stack("a", 'regions = ["eu-north-1"]'),
        (
            "'regions' in [stack] of {} is 'eu-north-1'; expected: regions of [tool.qa]: eu-west-1, "
            "eu-central-1, us-east-1."
        ),
    ),
    "a template and stacks": (
        'template = "stack.json"\n' + stack("a"),
        (
            "'template' in the top level of {} is 'stack.json'; expected: either `template`, for one "
            "template, or [[tool.qa.stack]] tables."
        ),
    ),
    "a secret by its name": (
        stack("a", parameters='Password = "hunter2"'),
        (
            "'parameters.Password' in [stack] of {} is 'a text that seems to be a secret'; expected: no "
            "secret: "
            '{{ env = "VARIABLE" }}, or {{{{resolve:ssm-secure:…}}}} in the template.'
        ),
    ),
    "a secret by its form": (
        stack("a", parameters='Vpc = "AKIAIOSFODNN7EXAMPLE"'),
        (
            "'parameters.Vpc' in [stack] of {} is 'a text that seems to be a secret'; expected: no secret: "
            '{{ env = "VARIABLE" }}, or {{{{resolve:ssm-secure:…}}}} in the template.'
        ),
    ),
    "an account that is none": (
        stack("a") + '[environment.prod]\naccounts = { eu-west-1 = "1234" }\n',
        (
            "'accounts' in [environment.prod] of {} is {{'eu-west-1': '1234'}}; expected: account IDs of "
            "twelve digits, in quotes."
        ),
    ),
}
"""What is written below the regions, and what is told."""
REGIONS = {
    "a region twice": (
        '["eu-west-1", "eu-west-1"]',
        "['eu-west-1', 'eu-west-1']; expected: each region once, and 'eu-west-1' is there twice.",
    ),
    "no region": ("[]", "[]; expected: at least one region; the first is the primary."),
    "a region that is none": ('["the west"]', "'the west'; expected: names of regions, such as 'us-east-1'."),
    "regions of two partitions": (
        '["eu-west-1", "cn-north-1"]',
        "['eu-west-1', 'cn-north-1']; expected: regions of one partition, and these are of aws and aws-cn.",
    ),
}
BEFORE_THE_FIRST_REQUEST = {
    "an output that the other template does not have": (
        stack("network")
        + stack(
            "orders",
            'needs = ["network"]',
            parameters=PASSWORD + ', Vpc = { output = "Nme", of = "network" }',
        ),
        {"SHOP_PASSWORD": "x"},
        (
            "parameter 'Vpc' of stack 'orders' is output 'Nme' of 'network', and {} has no such output. Did "
            "you mean 'Name'?"
        ),
    ),
    "a parameter that the template does not have": (
        stack("a", parameters=PASSWORD + ', Vcp = "v"'),
        {"SHOP_PASSWORD": "x"},
        "{} declares no parameter 'Vcp'. Did you mean 'Vpc'?",
    ),
    "a parameter for all that no template has": (
        'parameters = { Stage = "dev" }\n' + stack("a"),
        {"SHOP_PASSWORD": "x"},
        "no template declares the parameter 'Stage'. There are: Password, Vpc.",
    ),
    "a parameter without value and default": (
        stack("a", parameters='Vpc = "v"'),
        {},
        "{} needs 'Password', without a default: write `parameters` into the settings.",
    ),
    "a variable that is not set": (
        stack("a"),
        {},
        (
            "parameter 'Password' of stack 'a' is taken from the environment variable SHOP_PASSWORD, which "
            "is not set."
        ),
    ),
}


@pytest.mark.parametrize("what", OF_THE_SETTINGS)
def test_settings_that_cannot_be_deployed_are_refused(tmp_path: Path, what: str) -> None:
    text, told = OF_THE_SETTINGS[what]
    top = TOP.replace("]", ', "us-east-1"]') if "region" in what or "stack name" in what else TOP
    if what in {"the same stack name twice", "a region twice in a stack"}:
        top = TOP

    with pytest.raises(UsageError) as refused:
        written(tmp_path, top + text)

    assert str(refused.value) == told.format(tmp_path / "qa.toml")


@pytest.mark.parametrize("what", REGIONS)
def test_regions_that_cannot_be_are_refused(tmp_path: Path, what: str) -> None:
    regions, told = REGIONS[what]

    with pytest.raises(UsageError) as refused:
        written(tmp_path, f"regions = {regions}\n" + stack("a"))

    assert str(refused.value) == f"'regions' in the top level of {tmp_path / 'qa.toml'} is {told}"


@pytest.mark.parametrize("what", BEFORE_THE_FIRST_REQUEST)
def test_what_the_templates_contradict_is_refused_before_the_first_request(tmp_path: Path, what: str) -> None:
    text, environ, told = BEFORE_THE_FIRST_REQUEST[what]
    project = written(tmp_path, TOP + text)

    with pytest.raises(UsageError) as refused:
        prepared(project, project.deployment(environ))

    assert str(refused.value) == told.format(tmp_path / "stack.json")


def test_a_secret_of_the_template_is_refused_by_no_echo(tmp_path: Path) -> None:
    project = written(tmp_path, TOP + stack("a", parameters='Password = "{suffix}"'))

    with pytest.raises(UsageError) as refused:
        prepared(project, project.deployment({}))

    assert str(refused.value) == (
        f"parameter 'Password' of {tmp_path / 'stack.json'} is NoEcho, and its value is in the settings. "
        'Expected: { env = "VARIABLE" }, or in the template {{resolve:ssm-secure:…}}.'
    )


def test_an_environment_that_is_not_defined_is_refused_when_it_is_named(tmp_path: Path) -> None:
    project = written(tmp_path, TOP + stack("a") + "[environment.dev]\n[environment.prod]\n")

    with pytest.raises(UsageError) as refused:
        project.deployment({}, suffix="prd")

    assert str(refused.value) == (
        "no environment 'prd' is defined; there are: dev, prod. Name one with --suffix, or add "
        "[tool.qa.environment.prd] (a pattern such as 'pr*' covers many)."
    )


def test_the_own_environment_wins_over_a_pattern(tmp_path: Path) -> None:
    environments = '[environment."pr*"]\n[environment.prod]\n[environment.dev]\n'
    project = written(tmp_path, TOP + stack("a") + environments)

    chosen = [project.deployment({}, suffix=suffix).environment for suffix in ("prod", "pr42", "dev")]

    assert [each.pattern for each in chosen if each is not None] == ["prod", "pr*", "dev"]


def test_settings_in_two_files_of_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.qa]\ntemplate = "stack.json"\n')

    with pytest.raises(UsageError) as refused:
        written(tmp_path, TOP + stack("a"))

    assert str(refused.value) == (
        f"{tmp_path} has settings in two places: [tool.qa] of pyproject.toml, and qa.toml. Keep one of them."
    )


def test_a_stack_name_for_several_stacks_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, TOP + stack("a") + stack("b"))
    monkeypatch.chdir(tmp_path)

    code = main(["deploy", "--target", "aws", "--stack-name", "Shop"])

    assert (code, capsys.readouterr().err) == (
        2,
        (
            "qa deploy: --stack-name 'Shop' names one stack, and the settings have 2. Write `stack-name` for "
            "each into the settings.\n"
        ),
    )


@pytest.mark.parametrize("url", ["http://sts.internal", "https://user:word@sts.internal", "sts.internal"])
def test_an_endpoint_of_the_real_aws_that_is_not_safe_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError) as refused:
        written(tmp_path, TOP + f'endpoints = {{ sts = "{url}" }}\n' + stack("a"))

    assert str(refused.value) == (
        f"'endpoints.sts' in the top level of {tmp_path / 'qa.toml'} is {url!r}; expected: an https URL "
        f"without "
        "credentials."
    )
