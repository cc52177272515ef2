"""One server for all seeded faults; each finds an account in which only the stack was deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.control import Control
from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings
from qa.live.handover import EMBEDDED_CREDENTIALS, Live
from qa.stack.clients import Clients
from qa.stack.deploy import deploy
from qa.stack.project import load_project
from qa.stack.run import Run, new_run_id
from qa.stack.target import Target, TargetKind

from .stack import write_project
from .trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.embedded.process import EmbeddedProcess
    from qa.stack.project import Project

QUICK = Settings(table_replication_lag=0.1, document_replication_lag=0.2, alarm_interval=1.0)


@pytest.fixture(scope="session")
def process() -> Iterator[EmbeddedProcess]:
    process = start_embedded(QUICK)
    yield process
    process.stop()


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("orders")
    write_project(root)
    return load_project(root)


@pytest.fixture(scope="session")
def standing(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """One deployment on a server of its own, for what changes nothing about it."""
    process = start_embedded(QUICK)
    yield deployed(process, project, tmp_path_factory.mktemp("standing"))
    process.stop()


@pytest.fixture
def trial(process: EmbeddedProcess, project: Project, tmp_path: Path) -> Iterator[Trial]:
    """A fresh deployment, for one fault."""
    control = Control(process.endpoint)
    control.reset()
    control.change_settings(
        table_replication_lag=QUICK.table_replication_lag,
        document_replication_lag=QUICK.document_replication_lag,
        alarm_interval=QUICK.alarm_interval,
    )
    yield deployed(process, project, tmp_path)
    control.end_faults()


def deployed(process: EmbeddedProcess, project: Project, folder: Path) -> Trial:
    """Deploy the stack in both regions and return it."""
    target = Target(kind=TargetKind.EMBEDDED).at(process.endpoint, EMBEDDED_CREDENTIALS)
    deployment = project.deployment({})
    outputs = deploy(project, deployment, Clients(target), outputs_to=folder / "flat-outputs.json")
    live = Live(
        run=Run(run_id=new_run_id(), folder=folder / "run"),
        target=target,
        deployment=deployment,
        account="123456789012",
        outputs=outputs,
    )
    return Trial(live=live, clients=Clients(target), control=Control(process.endpoint))
