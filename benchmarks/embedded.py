"""The embedded AWS: how soon it answers, and how soon both stacks stand."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.embedded.process import start_embedded
from qa.live.handover import EMBEDDED_CREDENTIALS
from qa.live.session import EMBEDDED_SETTINGS
from qa.stack.clients import Clients
from qa.stack.deploy import deploy
from qa.stack.project_file import load_project
from qa.stack.target import Target, TargetKind

from .figures import Figure, Samples
from .measuring import ROOT, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.stack.outputs import Outputs
    from qa.stack.project import Deployment, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """A fresh embedded AWS with a live run's settings, and what is deployed there."""

    clients: Clients
    project: Project
    deployment: Deployment

    def deploy(self) -> Outputs:
        """Deploy both stacks, all steps."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "flat-outputs.json"
            return deploy(self.project, self.deployment, self.clients, outputs_to=path)


@contextmanager
def fresh_aws() -> Iterator[Aws]:
    """Start a server, and stop it at the end."""
    process = start_embedded(EMBEDDED_SETTINGS)
    try:
        project = load_project(ROOT)
        target = Target(kind=TargetKind.EMBEDDED).at(process.endpoint, EMBEDDED_CREDENTIALS)
        yield Aws(clients=Clients(target), project=project, deployment=project.deployment({}))
    finally:
        process.stop()


def ready() -> tuple[Figure, ...]:
    """From the start of the server's process until it has said that it answers."""
    return (
        Figure(
            measured=Samples(what="embedded AWS ready", values=tuple(_started() for _ in range(7))),
            at_most=3.0,
        ),
    )


def _started() -> float:
    begun = time.perf_counter()
    process = start_embedded(EMBEDDED_SETTINGS)
    seconds = time.perf_counter() - begun
    process.stop()
    return seconds


def deployed() -> tuple[Figure, ...]:
    """Both stacks in all three steps, on a server that has just started, from a fresh set of clients."""
    values = []
    for _ in range(5):
        with fresh_aws() as aws:
            values.append(seconds_of(aws.deploy))
    return (Figure(measured=Samples(what="both stacks deployed", values=tuple(values)), at_most=3.0),)
