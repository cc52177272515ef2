"""The stack deployed once in both regions, for tests that only read; and a place for small stacks."""

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

from .deployed import Deployed, deployed

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def clients() -> Iterator[Clients]:
    process = start_embedded(Settings(function_environments=1))
    yield Clients(Target(kind=TargetKind.EMBEDDED).at(process.endpoint, EMBEDDED_CREDENTIALS))
    process.stop()


@pytest.fixture(scope="session")
def stacks(
    clients: Clients, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Deployed, ...]:
    """The project's stack, as it stands in the primary and in the secondary region."""
    project = load_project(pytestconfig.rootpath)
    deployment = project.deployment({})
    deploy(project, deployment, clients, outputs_to=tmp_path_factory.mktemp("outputs") / "flat.json")
    return tuple(deployed(clients, region, deployment.stack_name) for region in deployment.region_names)
