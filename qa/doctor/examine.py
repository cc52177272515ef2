"""The order in which the doctor looks; what one look needs and does not find ends no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import QaError
from qa.invocation import INSTALL

from . import aws, machine
from .finding import note, ok, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from qa.stack import Project, Target

    from .finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line said; None as everywhere: the default."""

    target: str | None = None
    endpoint_url: str | None = None
    profile: str | None = None
    suffix: str | None = None
    stack_name: str | None = None

    @property
    def is_embedded(self) -> bool:
        """True when the run would start an AWS of its own."""
        return self.target in {None, "embedded"}


def examine(request: Request, *, environ: Mapping[str, str], start: Path) -> tuple[Finding, ...]:
    """Return all findings. Sends one request, to the target, and none where that is embedded."""
    looks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("Python", machine.python),
        ("packages", lambda: machine.packages(embedded=request.is_embedded)),
    ]
    if request.is_embedded:
        looks += [
            ("Node", machine.node),
            ("functions", machine.functions),
            ("ports", machine.ports),
            ("memory", machine.memory),
        ]
    looks += [
        ("clock", machine.clock),
        ("project", lambda: _project(start)),
        ("target", lambda: _target(request, environ, start)),
    ]
    return tuple(finding for about, look in looks for finding in _guarded(about, look))


def _guarded(about: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except ModuleNotFoundError as missing:
        yield note(about, f"not looked at: the package {missing.name!r} is missing", INSTALL)
    except QaError as error:
        yield wrong(about, str(error))


def _project(start: Path) -> Iterator[Finding]:
    from qa.stack import find_project, read_template  # noqa: PLC0415 - needs packages that may be missing

    project = find_project(start)
    yield ok("project", f"[tool.qa] of {project.root / 'pyproject.toml'}")
    yield from machine.folder("outputs to", project.outputs)
    yield from machine.folder("runs to", project.root / ".qa")
    for stack in project.stacks:
        try:
            read_template(stack.template)
        except QaError as error:
            yield wrong("template", str(error))
        else:
            yield ok("template", str(stack.template))
    yield from _leftovers(project)


def _leftovers(project: Project) -> Iterator[Finding]:
    """Say which broken-off runs left something that only a sweep removes."""
    from qa.stack import known_runs  # noqa: PLC0415 - as in _project

    for run in known_runs(project.root):
        left = len(run.ledger.remaining())
        if not left or run.about is None or run.is_alive:
            continue
        target = run.about.target.partition(" ")
        where = f"--target {target[0]}" + (f" --endpoint-url {target[2]}" if target[2] else "")
        yield note(
            "left behind",
            f"{left} by {run.run_id} at {run.about.target}, account {run.about.account}",
            f"qa sweep {where} --run {run.run_id} --dry-run",
        )


def _target(request: Request, environ: Mapping[str, str], start: Path) -> Iterator[Finding]:
    from qa.stack import resolve_target  # noqa: PLC0415 - as in _project

    chosen = resolve_target(
        request.target, environ=environ, endpoint_url=request.endpoint_url, profile=request.profile
    )
    yield from aws.target(chosen, environ)
    if not request.is_embedded:
        yield from _deployed(request, chosen, environ, start)


def _deployed(request: Request, chosen: Target, environ: Mapping[str, str], start: Path) -> Iterator[Finding]:
    from qa.stack import Clients, find_project  # noqa: PLC0415 - as in _project

    project: Project = find_project(start)
    deployment = project.deployment(environ, suffix=request.suffix, stack_name=request.stack_name)
    yield from aws.caller(Clients(project.reached(chosen, deployment)), deployment, project)
    yield from aws.outputs(project, chosen, deployment)
