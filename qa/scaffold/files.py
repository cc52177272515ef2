"""Writing what a project lacks, and leaving alone what it has."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import UsageError
from qa.resilience.derive import derive
from qa.template import evaluate

from .pipelines import PIPELINES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from .reading import Source
    from .scheme import Scheme

IGNORED = (".qa/", "cfn-outputs/")
"""What runs and deployments leave in a project's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file of the project."""

    path: str
    is_new: bool
    """False: it was there, and stays as it is."""
    note: str = ""


def write(root: Path, scheme: Scheme, *, pipeline: str | None) -> Iterator[Written]:
    """Write the settings, a test file per template, the pipeline's stage and the lines of .gitignore.

    Yields each file as it is done. A file that is there is not changed, but for lines that are added to
    pyproject.toml and .gitignore. Raises UsageError for a pyproject.toml that is not TOML.
    """
    tests = dict(_tests(scheme))  # a template that cannot be evaluated stops it before anything is written
    yield _settings(root, scheme)
    for path, text in tests.items():
        yield _new(root, path, text)
    if pipeline is not None:
        stage = PIPELINES[pipeline]
        yield _new(root, stage.path, stage.text, mode=0o755 if stage.is_program else 0o644, note=stage.note)
    yield _ignored(root)


def _tests(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for stack in scheme.stacks:
        name = stack.source.name if len(scheme.stacks) > 1 else None
        path = f"tests/live/test_{stack.source.name.replace('-', '_').lower()}.py"
        yield path, _checks(stack.source, scheme.regions, stack=name)


def _checks(source: Source, regions: tuple[str, ...], *, stack: str | None) -> str:
    """Return the test file of one template. Raises EvaluationError for one that cannot be evaluated."""
    parameters = {name: _example(each) for name, each in source.template.parameters.items()}
    stacks = {region: evaluate(source.template, region=region, parameters=parameters) for region in regions}
    return derive(stacks, stack=stack).text


def _example(parameter: Mapping[str, Any]) -> str:
    """Return a value that a parameter takes: which resources there are seldom hangs on another."""
    if "Default" in parameter:
        return str(parameter["Default"])
    allowed = parameter.get("AllowedValues")
    return str(allowed[0]) if allowed else "1" if parameter.get("Type") == "Number" else "example"


def _settings(root: Path, scheme: Scheme) -> Written:
    project, own = root / "pyproject.toml", root / "qa.toml"
    if own.exists():
        return Written(path=own.name, is_new=False, note="has the settings")
    if not project.exists():
        return _new(root, own.name, scheme.settings(""))
    text = project.read_text(encoding="utf-8")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{project} is not TOML: {error}") from error
    if "qa" in tables.get("tool", {}):
        return Written(path=project.name, is_new=False, note="has [tool.qa]")
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    with project.open("a", encoding="utf-8") as file:
        file.write(gap + scheme.settings("tool.qa"))
    return Written(path=project.name, is_new=True, note="[tool.qa] added at its end")


def _ignored(root: Path) -> Written:
    path = root / ".gitignore"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = [line for line in IGNORED if line not in text.splitlines()]
    if missing:
        with path.open("a", encoding="utf-8") as file:
            file.write(
                ("" if not text or text.endswith("\n") else "\n") + "".join(f"{line}\n" for line in missing)
            )
    return Written(path=path.name, is_new=bool(missing), note=f"{' '.join(missing)} added" if missing else "")


def _new(root: Path, name: str, text: str, *, mode: int = 0o644, note: str = "") -> Written:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return Written(path=name, is_new=False)
    path.chmod(mode)
    return Written(path=name, is_new=True, note=note)
