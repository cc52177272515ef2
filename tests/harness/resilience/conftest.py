"""One deployment for all seeded faults: each takes itself back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.control import Control
from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings
from qa.live.handover import EMBEDDED_CREDENTIALS, Live
from qa.stack.clients import Clients
from qa.stack.deploy import deploy
from qa.stack.project_file import load_project
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
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    root = tmp_path_factory.mktemp("orders")
    write_project(root)
    process = start_embedded(QUICK)
    yield deployed(process, load_project(root), root)
    process.stop()


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
