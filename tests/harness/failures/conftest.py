"""The templates of lib/failures by their file names, and an embedded AWS to deploy them to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from moto.moto_api._internal.models import moto_api_backend

from lib.failures.write import HERE
from qa.embedded.server import Server
from qa.embedded.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATES = {path.name: path for path in sorted(HERE.glob("*.json"))}
CIRCULAR = (
    "Circular dependency between resources: [TransactionsTable, PrimaryKMSKeyAlias, "
    "PrimaryLambdaExecutionRole, LambdaErrorAlarmPrimary, PrimaryKMSKey, DynamoDBThrottleAlarmPrimary, "
    "LambdaThrottleAlarmPrimary, PrimaryTransactionProcessor, SecondaryLambdaExecutionRole]"
)
"""What CloudFormation said of the original template, as the failure analysis quotes it."""


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server(Settings())
    server.start()
    yield server
    server.close()


@pytest.fixture
def endpoint(server: Server) -> Iterator[str]:
    """The URL of an AWS without any stack."""
    yield server.world.endpoint
    moto_api_backend.reset()
