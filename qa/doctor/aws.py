"""The target: who we are there, whether we may touch it, its outputs, and the clock against its own."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from qa.errors import QaError

from .finding import note, ok, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.stack import Clients, Deployment, Project, Target

    from .finding import Finding

SKEW = 240.0
"""Seconds: AWS refuses requests signed 5 minutes away from its own time."""


def target(chosen: Target, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Say where requests would go, and what in the environment seems to say otherwise."""
    from qa.stack import TargetKind  # noqa: PLC0415 - needs packages that may be missing

    yield ok("target", chosen.title)
    if chosen.kind is not TargetKind.EMBEDDED:
        return
    if environ.get("AWS_ENDPOINT_URL"):
        yield note(
            "target", "AWS_ENDPOINT_URL is set, which alone switches nothing", "qa doctor --target endpoint"
        )
    yield ok("credentials", "the embedded AWS has its own; yours are not used")


def caller(clients: Clients, deployment: Deployment, project: Project) -> Iterator[Finding]:
    """Ask whose credentials these are, and compare the clocks by the answer."""
    from qa.stack.admission import admitted  # noqa: PLC0415 - as in target
    from qa.stack.aws_errors import translate_errors  # noqa: PLC0415
    from qa.stack.clients import answered_at  # noqa: PLC0415

    answers: list[str] = []
    try:
        with translate_errors(f"credentials for {clients.target.title}"), answered_at(clients) as answers:
            touched = admitted(clients, deployment, project.safety)
    except QaError as error:
        yield wrong("credentials", str(error))
    else:
        yield ok("credentials", f"account {touched.caller.account}, as {touched.caller.arn}")
    yield from _skew(answers)


def _skew(answers: list[str]) -> Iterator[Finding]:
    if not answers:
        return
    ahead = (datetime.now(UTC) - parsedate_to_datetime(answers[-1])).total_seconds()
    if abs(ahead) > SKEW:
        which = "ahead of" if ahead > 0 else "behind"
        yield wrong("clock", f"{abs(ahead):.0f} s {which} the target's", "set it: timedatectl set-ntp true")
    else:
        yield ok("clock", f"within {max(1, round(abs(ahead)))} s of the target's")


def outputs(project: Project, chosen: Target, deployment: Deployment) -> Iterator[Finding]:
    """Look at the outputs file that a live run on this target would read."""
    from qa.stack import Expected, outputs_path, read_outputs  # noqa: PLC0415 - as in target
    from qa.stack.preparation import project_digest  # noqa: PLC0415

    try:
        found = read_outputs(
            outputs_path(project.outputs, chosen),
            Expected(
                target=chosen,
                account=None,
                regions=deployment.region_names,
                suffix=deployment.suffix,
                template_digest=project_digest(project),
            ),
        )
    except QaError as error:
        yield wrong("outputs", str(error))
    else:
        yield ok("outputs", f"{len(found.values)} in {found.source}")
