"""One server for all changes; each change finds an account in which only the stack was deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.control import Control
from qa.embedded.process import EmbeddedProcess, start_embedded
from qa.embedded.settings import Settings
from qa.live.handover import EMBEDDED_CREDENTIALS, Live
from qa.stack.clients import Clients
from qa.stack.deploy import deploy
from qa.stack.identity import caller_account
from qa.stack.project_file import load_project
from qa.stack.run import Run, new_run_id
from qa.stack.target import Target, TargetKind
from tests.integration.sides import sides_of

from .world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.stack.project import Project

SETTINGS = Settings(table_replication_lag=0.1, document_replication_lag=0.2, alarm_interval=1.0)
PACE = {
    "table_replication_lag": SETTINGS.table_replication_lag,
    "document_replication_lag": SETTINGS.document_replication_lag,
    "alarm_interval": SETTINGS.alarm_interval,
}


@pytest.fixture(scope="session")
def process() -> Iterator[EmbeddedProcess]:
    process = start_embedded(SETTINGS)
    yield process
    process.stop()


@pytest.fixture(scope="session")
def project(pytestconfig: pytest.Config) -> Project:
    return load_project(pytestconfig.rootpath)


@pytest.fixture
def world(process: EmbeddedProcess, project: Project, tmp_path: Path) -> Iterator[World]:
    control = Control(process.endpoint)
    control.reset()
    control.change_settings(**PACE)
    target = Target(kind=TargetKind.EMBEDDED).at(process.endpoint, EMBEDDED_CREDENTIALS)
    clients = Clients(target)
    deployment = project.deployment({})
    outputs = deploy(project, deployment, clients, outputs_to=tmp_path / "flat-outputs.json")
    live = Live(
        run=Run(run_id=new_run_id(), folder=tmp_path / "run"),
        target=target,
        deployment=deployment,
        account=caller_account(clients, deployment.regions.primary),
        outputs=outputs,
    )
    yield World(live=live, clients=clients, control=control, sides=sides_of(outputs, deployment.regions))
    control.end_faults()
