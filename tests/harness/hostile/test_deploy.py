"""Deploying and tearing down at the first try, though each operation lost its first answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings
from qa.live.handover import EMBEDDED_CREDENTIALS
from qa.stack import Clients, Target, TargetKind, load_project, new_run_id
from qa.stack.deploy import deploy
from qa.stack.destroy import destroy
from qa.stack.live import find_stack
from tests.harness.stack.orders import SETTINGS, template

from .faults import FirstOfEach
from .proxy import hostile_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = start_embedded(Settings(table_replication_lag=0.1, document_replication_lag=0.1))
    yield urlsplit(server.endpoint).port or 0
    server.stop()


def test_the_first_lost_answer_of_each_operation_stops_no_deployment(tmp_path: Path, port: int) -> None:
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "stack.json").write_text(json.dumps(template()), encoding="utf-8")
    project = load_project(tmp_path)
    deployment = project.deployment({}, suffix=new_run_id())
    weather = FirstOfEach("reset-after")

    with hostile_proxy(to_port=port, weather=weather) as proxy:
        target = Target(kind=TargetKind.ENDPOINT, endpoint=proxy.url, credentials=EMBEDDED_CREDENTIALS)
        clients = Clients(target)
        deploy(project, deployment, clients, outputs_to=tmp_path / "outputs.json")
        deployed = [find_stack(clients, region, deployment.stack_name) for region in deployment.region_names]
        destroy(project, deployment, clients)
        left = [find_stack(clients, region, deployment.stack_name) for region in deployment.region_names]

    assert [stack.status for stack in deployed if stack] == ["UPDATE_COMPLETE", "CREATE_COMPLETE"]
    assert left == [None, None]
    assert {"CreateChangeSet", "ExecuteChangeSet", "DeleteStack"} <= {
        each.rpartition(" ")[2] for each in weather.seen
    }
