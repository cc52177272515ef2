"""Several stacks in several regions: order of needs, outputs by stack and region, tearing down."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from qa.errors import UsageError
from qa.stack import (
    Clients,
    Deployment,
    Expected,
    MissingOutputError,
    OutputsError,
    Project,
    discard_outputs,
    load_project,
    read_outputs,
)
from qa.stack.assets import Assets
from qa.stack.deploy import deploy, refresh_outputs
from qa.stack.destroy import destroy
from qa.stack.events import DeployError
from qa.stack.live import find_stack
from qa.stack.preparation import project_digest
from qa.stack.progress import OperationBegan, OperationEnded

if TYPE_CHECKING:
    from pathlib import Path

    from qa.stack import Outputs
    from qa.stack.progress import Progress

WEST, CENTRAL, EAST = "eu-west-1", "eu-central-1", "us-east-1"
SETTINGS = """
regions = ["eu-west-1", "eu-central-1", "us-east-1"]
tags = { owner = "qa" }
[[stack]]
name = "orders"
template = "orders.yaml"
regions = ["eu-west-1", "eu-central-1"]
needs = ["network"]
parameters = { Topic = { output = "TopicName", of = "network" }, Stage = "{suffix}-{region}-{account}" }
tags = { team = "{suffix}" }
[[stack]]
name = "network"
template = "network.json"
parameters = { Stage = "{suffix}" }
"""
ORDERS = """
Parameters:
  Topic: {Type: String}
  Stage: {Type: String}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "${Topic}-orders"
Outputs:
  QueueName: {Value: !GetAtt Queue.QueueName}
  Stage: {Value: !Ref Stage}
"""
NETWORK: dict[str, Any] = {
    "Parameters": {"Stage": {"Type": "String"}},
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "network-${Stage}"}}}
    },
    "Outputs": {"TopicName": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}},
}


@dataclass(slots=True, kw_only=True)
class Shop:
    """A project of two stacks in three regions, and what the engine told while it worked on it."""

    project: Project
    deployment: Deployment
    clients: Clients
    told: list[Progress] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.project.root / "cfn-outputs" / "flat-outputs.json"

    def deploy(self) -> Outputs:
        self.told.clear()
        return deploy(
            self.project, self.deployment, self.clients, outputs_to=self.path, tell=self.told.append
        )

    def destroy(self) -> None:
        self.told.clear()
        destroy(self.project, self.deployment, self.clients, tell=self.told.append)

    @property
    def operations(self) -> list[tuple[str, str, str]]:
        began = [each for each in self.told if isinstance(each, OperationBegan)]
        return [(each.verb, each.stack_name.partition("-")[0], each.region) for each in began]

    @property
    def outcomes(self) -> set[tuple[str, str]]:
        return {(each.region, each.outcome) for each in self.told if isinstance(each, OperationEnded)}

    def expected(self) -> Expected:
        return Expected(
            target=self.clients.target,
            account="123456789012",
            regions=(WEST, CENTRAL, EAST),
            suffix=self.deployment.suffix,
            template_digest=project_digest(self.project),
            stacks=tuple((place.name, place.region) for place in self.deployment.places),
        )


def written(folder: Path, settings: str = SETTINGS) -> Project:
    (folder / "qa.toml").write_text(settings, encoding="utf-8")
    (folder / "orders.yaml").write_text(ORDERS, encoding="utf-8")
    (folder / "network.json").write_text(json.dumps(NETWORK), encoding="utf-8")
    return load_project(folder)


@pytest.fixture
def shop(tmp_path: Path, clients: Clients, unique: str) -> Shop:
    project = written(tmp_path)
    return Shop(project=project, deployment=project.deployment({}, suffix=unique), clients=clients)


def test_a_stack_is_made_after_those_it_needs_and_its_first_region_before_the_others(shop: Shop) -> None:
    shop.deploy()

    first, rest, last = shop.operations[:1], shop.operations[1:3], shop.operations[3:]
    assert (first, set(rest), last) == (
        [("create", "network", WEST)],
        {("create", "network", CENTRAL), ("create", "network", EAST)},
        [("create", "orders", WEST), ("create", "orders", CENTRAL)],
    )


def test_outputs_are_told_by_stack_and_region(shop: Shop, unique: str) -> None:
    outputs = shop.deploy()

    assert outputs.by_stack == {
        "network": {region: {"TopicName": f"network-{unique}"} for region in (WEST, CENTRAL, EAST)},
        "orders": {
            region: {
                "QueueName": f"network-{unique}-orders",
                "Stage": f"{unique}-{region}-123456789012",
            }
            for region in (WEST, CENTRAL)
        },
    }
    assert outputs["orders"][CENTRAL]["Stage"] == f"{unique}-eu-central-1-123456789012"


def test_the_flat_file_has_what_does_not_collide_and_each_stack_a_file_of_its_own(
    shop: Shop, unique: str
) -> None:
    shop.deploy()

    assert json.loads(shop.path.read_text()) == {
        "QueueName": f"network-{unique}-orders",
        "TopicName": f"network-{unique}",
    }
    assert json.loads(shop.path.with_name("orders.eu-west-1.json").read_text()) == {
        "QueueName": f"network-{unique}-orders",
        "Stage": f"{unique}-eu-west-1-123456789012",
    }


def test_a_run_reads_what_was_written(shop: Shop) -> None:
    outputs = shop.deploy()

    assert read_outputs(shop.path, shop.expected()) == outputs


def test_an_output_with_several_values_says_how_to_name_one(shop: Shop) -> None:
    outputs = shop.deploy()

    with pytest.raises(OutputsError) as refused:
        outputs["Stage"]

    assert str(refused.value) == (
        "stack output 'Stage' has several values. Expected one of: outputs['orders']['eu-west-1']['Stage'], "
        "outputs['orders']['eu-central-1']['Stage']."
    )


def test_a_region_that_a_stack_does_not_have_is_named_with_those_it_has(shop: Shop) -> None:
    outputs = shop.deploy()

    with pytest.raises(MissingOutputError) as refused:
        outputs["orders"]["us-east-1"]

    assert str(refused.value) == (
        f"no region of stack 'orders' 'us-east-1' in {shop.path}. It has: eu-central-1, eu-west-1. "
        "After a deploy run `make outputs`."
    )


def test_tags_of_the_stack_and_of_all_stacks_are_set(shop: Shop, unique: str) -> None:
    shop.deploy()

    stacks = shop.clients.cloudformation(WEST).describe_stacks(StackName=f"orders-{unique}")["Stacks"]
    assert {each["Key"]: each["Value"] for each in stacks[0]["Tags"]} == {"owner": "qa", "team": unique}


def test_the_same_deployment_again_changes_nothing(shop: Shop) -> None:
    shop.deploy()

    shop.deploy()

    assert (shop.operations, {outcome for _, outcome in shop.outcomes}) == ([], {"no changes"})


def test_they_are_destroyed_in_the_opposite_order(shop: Shop) -> None:
    shop.deploy()

    shop.destroy()

    deleted = shop.operations
    assert (deleted[:2], set(deleted[2:4]), deleted[4:]) == (
        [("delete", "orders", CENTRAL), ("delete", "orders", WEST)],
        {("delete", "network", CENTRAL), ("delete", "network", EAST)},
        [("delete", "network", WEST)],
    )


def test_after_a_tear_down_no_file_is_left(shop: Shop) -> None:
    shop.deploy()
    shop.destroy()

    discard_outputs(
        shop.path,
        stack_names=shop.deployment.stack_names,
        stacks=[(place.name, place.region) for place in shop.deployment.places],
    )

    assert list(shop.path.parent.iterdir()) == []


def test_a_stack_that_fails_keeps_those_that_need_it_from_being_begun(shop: Shop, unique: str) -> None:
    broken = {
        **NETWORK["Resources"],
        "Taken": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "No_Name"}},
    }
    (shop.project.root / "network.json").write_text(json.dumps({**NETWORK, "Resources": broken}))

    with pytest.raises(DeployError, match=f"stack 'network-{unique}' in eu-west-1"):
        shop.deploy()

    assert [name for _, name, _ in shop.operations if name == "orders"] == []


def test_outputs_of_half_of_the_regions_are_refused_with_all_that_is_missing(shop: Shop, unique: str) -> None:
    shop.deploy()
    for region in (WEST, CENTRAL):
        shop.clients.cloudformation(region).delete_stack(StackName=f"orders-{unique}")

    with pytest.raises(OutputsError) as refused:
        refresh_outputs(shop.project, shop.deployment, shop.clients, outputs_to=shop.path)

    assert str(refused.value) == (
        f"stack 'orders-{unique}' in eu-west-1 is not there; stack 'orders-{unique}' in eu-central-1 is not "
        "there. Run `make deploy`."
    )


def test_a_protected_stack_is_not_destroyed_and_nothing_else_is(shop: Shop, unique: str) -> None:
    settings = SETTINGS.replace('name = "network"', 'name = "network"\ntermination-protection = true')
    shop.project = written(shop.project.root, settings)
    shop.deploy()

    with pytest.raises(DeployError) as refused:
        shop.destroy()

    assert str(refused.value).startswith(
        f"protected from termination: stack 'network-{unique}' in eu-west-1, 'network-{unique}' in "
        "eu-central-1, 'network-{unique}' in us-east-1. Nothing was done.".replace("{unique}", unique)
    )
    assert find_stack(shop.clients, WEST, f"orders-{unique}") is not None


def test_protection_is_taken_away_by_a_deployment(shop: Shop) -> None:
    protected = SETTINGS.replace('name = "network"', 'name = "network"\ntermination-protection = true')
    shop.project = written(shop.project.root, protected)
    shop.deploy()
    shop.project = written(shop.project.root, protected.replace("true", "false"))

    shop.deploy()
    shop.destroy()

    assert {outcome for _, outcome in shop.outcomes} == {"DELETE_COMPLETE"}


def test_a_large_template_is_deployed_through_a_bucket_that_is_gone_afterwards(
    shop: Shop, unique: str
) -> None:
    large = {**NETWORK, "Metadata": {"Notes": ["x" * 1000] * 60}}
    (shop.project.root / "network.json").write_text(json.dumps(large), encoding="utf-8")

    shop.deploy()

    assets = Assets(shop.clients, shop.deployment, dict.fromkeys((WEST, CENTRAL, EAST), "123456789012"))
    buckets = {each["Name"] for each in shop.clients.s3(WEST).list_buckets()["Buckets"]}
    assert buckets.isdisjoint({assets.bucket_name(region) for region in (WEST, CENTRAL, EAST)})
    assert find_stack(shop.clients, EAST, f"network-{unique}") is not None


def test_a_full_bucket_is_emptied_when_nobody_said_which(
    tmp_path: Path, clients: Clients, unique: str
) -> None:
    (tmp_path / "qa.toml").write_text('template = "files.yaml"\nregions = ["eu-west-1", "eu-central-1"]\n')
    (tmp_path / "files.yaml").write_text(
        "Resources: {Files: {Type: AWS::S3::Bucket}}\nOutputs: {Name: {Value: !Ref Files}}\n"
    )
    project = load_project(tmp_path)
    shop = Shop(project=project, deployment=project.deployment({}, suffix=unique), clients=clients)
    outputs = shop.deploy()
    clients.s3(WEST).put_object(Bucket=outputs["files"][WEST]["Name"], Key="a", Body=b"1")

    shop.destroy()

    assert [find_stack(clients, region, f"files-{unique}") for region in (WEST, CENTRAL)] == [None, None]


def test_a_template_that_is_not_there_is_refused_before_anything_is_done(shop: Shop) -> None:
    (shop.project.root / "orders.yaml").unlink()

    with pytest.raises(UsageError, match=r"^no template .*orders\.yaml"):
        shop.deploy()

    assert shop.told == []
