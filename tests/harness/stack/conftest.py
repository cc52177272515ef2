"""An AWS for the tests of the engine: a server of this worker's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.process import start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from qa.stack import Clients, Credentials, Target, TargetKind, new_run_id

if TYPE_CHECKING:
    from collections.abc import Iterator


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
