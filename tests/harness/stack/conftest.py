"""An AWS for the tests of the engine: a server of this worker's own, and a small project to deploy there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.embedded.process import start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from qa.stack import Clients, Credentials, Target, TargetKind, load_project, new_run_id

from .orders import SETTINGS, Orders, template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def clients() -> Iterator[Clients]:
    server = start_embedded(Settings(table_replication_lag=0.1, document_replication_lag=0.3))
    credentials = Credentials(access_key_id=ADMIN_ACCESS_KEY_ID, secret_access_key=ADMIN_SECRET_ACCESS_KEY)
    yield Clients(Target(kind=TargetKind.ENDPOINT, endpoint=server.endpoint, credentials=credentials))
    server.stop()


@pytest.fixture
def unique() -> str:
    """A run ID, which nothing else on the server carries."""
    return new_run_id()


@pytest.fixture
def orders(tmp_path: Path, clients: Clients, unique: str) -> Orders:
    """A project of two stacks, not deployed yet."""
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "stack.json").write_text(json.dumps(template()), encoding="utf-8")
    project = load_project(tmp_path)
    return Orders(project=project, deployment=project.deployment({}, suffix=unique), clients=clients)
