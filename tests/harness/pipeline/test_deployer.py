"""The deployer's policy lets it deploy and tear down the pipeline's stacks, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.errors import ProbeError
from qa.stack.deploy import deploy
from qa.stack.destroy import destroy
from qa.stack.live import find_stack

if TYPE_CHECKING:
    from pathlib import Path

    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.project import Deployment, Project


def test_the_deployer_deploys_both_stacks(outputs: Outputs, deployment: Deployment) -> None:
    assert outputs["PrimaryStackName"] == outputs["SecondaryStackName"] == deployment.stack_name


def test_the_deployer_tears_both_stacks_down_with_their_documents(
    project: Project, deployer: Clients, admin: Clients, tmp_path: Path
) -> None:
    deployment = project.deployment({}, suffix="ci-8")
    outputs = deploy(project, deployment, deployer, outputs_to=tmp_path / "flat-outputs.json")
    bucket = outputs["SecondaryDocumentsBucketName"]
    admin.s3(deployment.regions.secondary).put_object(Bucket=bucket, Key="kept/document", Body=b"{}")

    destroy(project, deployment, deployer)

    assert [find_stack(admin, region, deployment.stack_name) for region in deployment.region_names] == [
        None,
        None,
    ]


def test_the_deployer_cannot_deploy_another_environment(
    project: Project, deployer: Clients, tmp_path: Path
) -> None:
    with pytest.raises(ProbeError, match="not authorized to perform: cloudformation:DescribeStacks"):
        deploy(project, project.deployment({}), deployer, outputs_to=tmp_path / "flat-outputs.json")
