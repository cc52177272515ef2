"""One server, on which the deployer deploys once; and the runner's clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings
from qa.live.handover import EMBEDDED_CREDENTIALS
from qa.stack.clients import Clients
from qa.stack.deploy import deploy
from qa.stack.project_file import load_project
from qa.stack.target import Target, TargetKind

from .callers import policy, user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.stack.outputs import Outputs
    from qa.stack.project import Deployment, Project

SETTINGS = Settings(table_replication_lag=0.1, document_replication_lag=0.2, alarm_interval=1.0)


@pytest.fixture(scope="session")
def project(pytestconfig: pytest.Config) -> Project:
    return load_project(pytestconfig.rootpath)


@pytest.fixture(scope="session")
def admin() -> Iterator[Clients]:
    server = start_embedded(SETTINGS)
    target = Target(kind=TargetKind.ENDPOINT, endpoint=server.endpoint, credentials=EMBEDDED_CREDENTIALS)
    yield Clients(target)
    server.stop()


@pytest.fixture(scope="session")
def deployer(admin: Clients, project: Project) -> Clients:
    document = policy("deployer", project.regions)
    return user(admin, "deployer", document, region=project.regions.primary)


@pytest.fixture(scope="session")
def runner(admin: Clients, project: Project) -> Clients:
    document = policy("runner", project.regions)
    return user(admin, "runner", document, region=project.regions.primary)


@pytest.fixture(scope="session")
def deployment(project: Project) -> Deployment:
    return project.deployment({}, suffix="ci-7")


@pytest.fixture(scope="session")
def outputs(
    project: Project, deployment: Deployment, deployer: Clients, tmp_path_factory: pytest.TempPathFactory
) -> Outputs:
    folder: Path = tmp_path_factory.mktemp("outputs")
    return deploy(project, deployment, deployer, outputs_to=folder / "flat-outputs.json")
