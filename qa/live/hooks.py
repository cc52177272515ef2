"""The hooks by which a project's live tests take part in a run before the first check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from qa.stack.clients import Clients
    from qa.stack.project import Deployment

    from .handover import Live


@pytest.hookspec
def pytest_qa_seed(clients: Clients, deployment: Deployment) -> None:
    """Make what the stacks need before they are deployed, such as a package in a bucket or a secret.

    Called once per run that starts an embedded AWS of its own, on the controller, before its deployment.
    Everything ends with that server. Elsewhere it is not called: there somebody else deploys.
    """


@pytest.hookspec(firstresult=True)
def pytest_qa_prepare(live: Live, clients: Clients) -> dict[str, Any] | None:
    """Start long work, such as documents to replicate, and return what the checks need to find it.

    Called once per run, on the controller, when both stacks stand. What it makes is in the ledger
    first; what it returns must be JSON and reaches every worker as `live.prepared`.
    """


@pytest.hookspec
def pytest_qa_secrets() -> list[str] | None:
    """Return regular expressions of what must stand in no report, such as the values that a check protects.

    Credentials are known without it.
    """
