"""What the commands that touch AWS share: which stack, where, and who is about to touch it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import UsageError

from .terminal import forget_reader

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from qa.stack import Clients, Deployment, Project


DEPLOYING = frozenset({"deploy", "destroy"})
"""Commands that take the roles of deployments."""


def begin(args: argparse.Namespace) -> tuple[Project, Deployment, Clients, Path]:
    """Return the project, which environment of it, the clients to reach it, and where its outputs lie."""
    from qa.stack import Clients, TargetKind, find_project, outputs_path, resolve_target  # noqa: PLC0415

    target = resolve_target(
        args.target, environ=os.environ, endpoint_url=args.endpoint_url, profile=args.profile
    )
    if target.kind is TargetKind.EMBEDDED:
        raise UsageError(
            "the embedded AWS lives inside a test run. For one at your desk start `qa serve` in another "
            "shell, paste the exports that it prints, and say --target endpoint. "
            "A real account: --target aws."
        )
    project = find_project(Path.cwd())
    deployment = project.deployment(os.environ, suffix=args.suffix, stack_name=args.stack_name)
    target = project.reached(target, deployment, deploying=args.command in DEPLOYING)
    return project, deployment, Clients(target), outputs_path(project.outputs, target)


def announce(project: Project, deployment: Deployment, clients: Clients) -> str:
    """Say whom the command is about to touch, unless that is not allowed; return the account."""
    from qa.stack.admission import admitted  # noqa: PLC0415 - imports botocore: only who needs it pays

    touched = admitted(clients, deployment, project.safety)
    print(touched.text, file=sys.stderr, flush=True)
    return touched.caller.account


def console() -> Console:
    """Return where progress is shown; it outlives its reader."""
    from rich.console import Console  # noqa: PLC0415 - imports botocore: only who needs it pays

    class Lasting(Console):
        """A deployment goes on when nobody reads of it any more; rich would end the program with 1."""

        def on_broken_pipe(self) -> None:
            self.quiet = True
            forget_reader()

    return Lasting()


def both(deployment: Deployment) -> str:
    """Return the regions in words."""
    return " and ".join(deployment.region_names)


def short_path(path: Path) -> str:
    """Return a path from the working directory."""
    return os.path.relpath(path)
