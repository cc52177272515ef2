"""Accounts and roles of an environment: which role acts where, and who is refused before anything is done."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from qa.errors import ProbeError, UsageError
from qa.stack import Clients, Project, load_project
from qa.stack.admission import admitted
from qa.stack.deploy import deploy
from qa.stack.identity import caller
from qa.stack.live import find_stack

if TYPE_CHECKING:
    from pathlib import Path

WEST, CENTRAL = "eu-west-1", "eu-central-1"
ACCOUNT = "123456789012"
SETTINGS = """
template = "stack.json"
regions = ["eu-west-1", "eu-central-1"]
[environment."qa-*"]
accounts = { default = "ACCOUNT" }
roles = { eu-central-1 = "arn:{partition}:iam::{account}:role/runner-{suffix}" }
deploy-roles = { default = "arn:aws:iam::{account}:role/deployer-{region}-{suffix}" }
"""
TEMPLATE = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"Arn": {"Value": {"Ref": "Topic"}}},
}


def project(folder: Path, settings: str = SETTINGS, *, account: str = ACCOUNT) -> Project:
    (folder / "qa.toml").write_text(settings.replace("ACCOUNT", account))
    (folder / "stack.json").write_text(json.dumps(TEMPLATE))
    return load_project(folder)


def made_role(clients: Clients, name: str, action: str = "*") -> str:
    iam = clients.iam(WEST)
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    role = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )["Role"]
    rights = {"Effect": "Allow", "Action": action, "Resource": "*"}
    iam.put_role_policy(
        RoleName=name,
        PolicyName="own",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [rights]}),
    )
    return role["Arn"]


def acting(clients: Clients, roles: dict[str, str]) -> Clients:
    return Clients(dataclasses.replace(clients.target, roles=roles))


def test_the_roles_of_runs_and_of_deployments_are_filled_in_by_region(tmp_path: Path, unique: str) -> None:
    deployment = project(tmp_path).deployment({}, suffix=unique)

    assert deployment.roles(deploying=False) == {CENTRAL: f"arn:aws:iam::{ACCOUNT}:role/runner-{unique}"}
    assert deployment.roles(deploying=True) == {
        region: f"arn:aws:iam::{ACCOUNT}:role/deployer-{region}-{unique}" for region in (WEST, CENTRAL)
    }


def test_each_region_is_touched_as_its_role_and_the_others_as_the_caller(
    tmp_path: Path, clients: Clients, unique: str
) -> None:
    made_role(clients, f"runner-{unique}")
    deployment = project(tmp_path).deployment({}, suffix=unique)

    assumed = acting(clients, deployment.roles(deploying=False))

    assert caller(assumed, CENTRAL).arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/runner-{unique}/qa"
    assert caller(assumed, WEST).arn == caller(clients, WEST).arn


def test_stacks_are_deployed_as_the_role_of_their_region(
    tmp_path: Path, clients: Clients, unique: str
) -> None:
    for region, action in ((WEST, "*"), (CENTRAL, "sts:*")):
        made_role(clients, f"deployer-{region}-{unique}", action)
    own = project(tmp_path)
    deployment = own.deployment({}, suffix=unique)
    assumed = acting(clients, deployment.roles(deploying=True))

    with pytest.raises(ProbeError, match=rf"deployer-{CENTRAL}-{unique}.* is not authorized"):
        deploy(own, deployment, assumed, outputs_to=tmp_path / "out.json")

    stacks = [find_stack(clients, region, f"stack-{unique}") for region in (WEST, CENTRAL)]
    assert [None if each is None else each.status for each in stacks] == ["CREATE_COMPLETE", None]


def test_a_role_that_cannot_be_assumed_is_refused_before_anything_is_done(
    tmp_path: Path, clients: Clients, unique: str
) -> None:
    own = project(tmp_path)
    deployment = own.deployment({}, suffix=unique)

    with pytest.raises(ProbeError) as refused:
        deploy(
            own, deployment, acting(clients, deployment.roles(deploying=True)), outputs_to=tmp_path / "o.json"
        )

    assert "AssumeRole was refused with AccessDenied" in str(refused.value)
    assert f"deployer-{WEST}-{unique}" in str(refused.value)
    assert find_stack(clients, WEST, f"stack-{unique}") is None


def test_credentials_of_another_account_are_refused(tmp_path: Path, clients: Clients, unique: str) -> None:
    own = project(tmp_path, account="444455556666")
    deployment = own.deployment({}, suffix=unique)

    with pytest.raises(UsageError) as refused:
        admitted(clients, deployment, own.safety)

    assert str(refused.value) == (
        f"eu-west-1 of environment 'qa-*' is in account 444455556666, and these credentials are of account "
        f"{ACCOUNT}. Nothing was done. Use the other account's."
    )


def test_a_role_without_an_account_to_fill_in_is_refused(tmp_path: Path, unique: str) -> None:
    settings = SETTINGS.replace('accounts = { default = "ACCOUNT" }', "")
    deployment = project(tmp_path, settings).deployment({}, suffix=unique)

    with pytest.raises(UsageError) as refused:
        deployment.roles(deploying=False)

    assert str(refused.value) == (
        f"'arn:aws:iam::{{account}}:role/runner-{unique}' is not the ARN of a role, for eu-central-1 of "
        "environment 'qa-*'. `{account}` stands for what `accounts` says of the region."
    )
