"""A CDK assembly as a source: two stacks in two regions, kept as aws-cdk-lib 2.276 synthesized them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.errors import UsageError
from qa.stack import Clients, Project, load_project
from qa.stack.assets import Assets
from qa.stack.deploy import deploy
from qa.stack.destroy import destroy
from qa.stack.live import find_stack
from qa.stack.preparation import prepared
from qa.stack.progress import OperationBegan, OperationEnded

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.progress import Progress

KEPT = Path(__file__).parent / "assembly"
WEST, CENTRAL = "eu-west-1", "eu-central-1"
Change = dict[str, Any]


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    shutil.copytree(KEPT, tmp_path / "cdk.out")
    (tmp_path / "qa.toml").write_text('assembly = "cdk.out"\n')
    return tmp_path / "cdk.out"


def project_of(assembly: Path) -> Project:
    return load_project(assembly.parent)


def changed(assembly: Path, name: str, change: Callable[[Change], object]) -> None:
    content = json.loads((assembly / name).read_text())
    change(content)
    (assembly / name).write_text(json.dumps(content))


def refusal(assembly: Path) -> str:
    with pytest.raises(UsageError) as refused:
        _prepare(assembly)
    return str(refused.value)


def _prepare(assembly: Path) -> None:
    project = project_of(assembly)
    prepared(project, project.deployment({}))


def test_stacks_regions_and_needs_are_those_of_the_manifest(assembly: Path) -> None:
    project = project_of(assembly)

    assert project.regions.names == (WEST, CENTRAL)
    assert [(each.name, each.stack_name, each.regions, each.needs) for each in project.stacks] == [
        ("Network-eu-west-1", "shop-network", (WEST,), ()),
        ("Orders-eu-west-1", "shop-orders", (WEST,), ("Network-eu-west-1",)),
        ("Network-eu-central-1", "shop-network", (CENTRAL,), ()),
        ("Orders-eu-central-1", "shop-orders", (CENTRAL,), ("Network-eu-central-1",)),
    ]


def test_tags_and_protection_are_those_of_the_manifest(assembly: Path) -> None:
    network, orders = project_of(assembly).stacks[:2]

    assert (network.tags, orders.tags) == ({"team": "shop"}, None)
    assert (network.termination_protection, orders.termination_protection) == (False, False)


def test_a_stack_without_a_region_is_for_all_regions_of_the_settings(assembly: Path) -> None:
    def anywhere(manifest: Change) -> None:
        manifest["artifacts"] = {
            name: {**each, "environment": "aws://unknown-account/unknown-region"}
            for name, each in manifest["artifacts"].items()
            if name.endswith("eu-west-1.assets") or name == "Network-eu-west-1"
        }

    changed(assembly, "manifest.json", anywhere)
    (assembly.parent / "qa.toml").write_text('assembly = "cdk.out"\nregions = ["us-east-1", "eu-west-1"]\n')

    assert [each.regions for each in project_of(assembly).stacks] == [("us-east-1", "eu-west-1")]


def test_it_is_deployed_answers_in_its_region_and_leaves_nothing(assembly: Path, clients: Clients) -> None:
    project = project_of(assembly)
    deployment = project.deployment({})
    told: list[Progress] = []

    outputs = deploy(
        project, deployment, clients, outputs_to=assembly.parent / "out/flat-outputs.json", tell=told.append
    )
    answers = [
        json.loads(clients.lambda_(region).invoke(FunctionName=name)["Payload"].read())
        for region in (WEST, CENTRAL)
        for name in [outputs[f"Orders-{region}"][region]["FunctionName"]]
    ]
    again: list[Progress] = []
    deploy(
        project, deployment, clients, outputs_to=assembly.parent / "out/flat-outputs.json", tell=again.append
    )
    destroy(project, deployment, clients)

    began = [(each.stack_name, each.region) for each in told if isinstance(each, OperationBegan)]
    assert {
        began.index(("shop-network", region)) < began.index(("shop-orders", region))
        for region in (WEST, CENTRAL)
    } == {True}
    assert answers == [WEST, CENTRAL]
    assert {each.outcome for each in again if isinstance(each, OperationEnded)} == {"no changes"}
    assert [find_stack(clients, each.region, each.stack_name) for each in deployment.places] == [None] * 4
    assets = Assets(clients, deployment, dict.fromkeys((WEST, CENTRAL), "123456789012"))
    buckets = {each["Name"] for each in clients.s3(WEST).list_buckets()["Buckets"]}
    assert buckets.isdisjoint({assets.bucket_name(region) for region in (WEST, CENTRAL)})


@pytest.mark.parametrize("version", ["21.0.0", "99.0.0", ""])
def test_a_manifest_of_another_version_is_refused(assembly: Path, version: str) -> None:
    changed(assembly, "manifest.json", lambda manifest: manifest.update(version=version))

    assert refusal(assembly) == (
        f"{assembly / 'manifest.json'} is of version {version or 'none'}; expected 36 to 55. Synthesize it "
        "with a version of aws-cdk-lib that writes one of these, or get a newer qa."
    )


def test_an_assembly_that_is_not_there_says_how_to_get_one(assembly: Path) -> None:
    shutil.rmtree(assembly)

    assert refusal(assembly) == (
        f"no CDK assembly: {assembly / 'manifest.json'} is not there. Write it with `cdk synth`."
    )


def test_container_images_are_refused(assembly: Path) -> None:
    changed(assembly, "Orders-eu-west-1.assets.json", lambda assets: assets.update(dockerImages={"a": {}}))

    assert refusal(assembly) == (
        f"Orders-eu-west-1.assets of {assembly} has container images, which qa does not deploy."
    )


def test_an_asset_that_is_no_code_is_refused_with_its_path(assembly: Path) -> None:
    key = "1d240588fa2820a6648100645189d6dd117d470e46f5c4bae889331b5604fb12"

    def use(template: Change) -> None:
        template["Resources"]["Copy"] = {
            "Type": "Custom::CDKBucketDeployment",
            "Properties": {"SourceObjectKeys": [f"{key}.zip"]},
        }

    changed(assembly, "Orders-eu-west-1.template.json", use)

    assert refusal(assembly) == (
        f"the asset {assembly / f'asset.{key}'} is used by something else than the code of a function or a "
        "layer, which qa does not package. Deploy that part with the CDK."
    )


def test_stacks_of_another_region_than_the_settings_are_refused(assembly: Path) -> None:
    (assembly.parent / "qa.toml").write_text('assembly = "cdk.out"\nregions = ["eu-west-1"]\n')

    assert refusal(assembly) == (
        f"stack 'Network-eu-central-1' of {assembly} is in eu-central-1, which `regions` does not have: "
        "eu-west-1."
    )
