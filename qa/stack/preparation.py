"""All that can be judged of a deployment before its first request: templates, parameters, policies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from qa.errors import UsageError

from .project import EnvironmentVariable, StackOutput
from .template_file import TemplateFile, combined_digest, template_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from .project import Deployment, ParameterValue, Project, StackSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One stack that can be deployed: its settings, its template, and the parameters that it is given."""

    settings: StackSettings
    template: TemplateFile
    parameters: Mapping[str, ParameterValue]
    policy: str | None
    """The text of its stack policy."""


def prepared(project: Project, deployment: Deployment) -> tuple[Prepared, ...]:
    """Return the stacks in order of needs. Raises UsageError for what cannot be deployed; asks nobody."""
    templates = {stack.name: template_of(stack) for stack in project.stacks}
    of_environment = {} if deployment.environment is None else deployment.environment.parameters
    common = {**project.parameters, **of_environment}
    _refuse_undeclared(common, templates.values())
    stacks = tuple(
        Prepared(
            settings=stack,
            template=templates[stack.name],
            parameters=_parameters(stack, templates[stack.name], project.parameters, of_environment),
            policy=None if stack.policy is None else _policy(stack.policy),
        )
        for stack in project.stacks
    )
    for stack in stacks:
        _judge(stack, deployment, templates, has_steps=bool(project.steps))
    return stacks


def project_digest(project: Project) -> str:
    """Return the digest of the project's templates. Raises UsageError for one that cannot be read."""
    return combined_digest({stack.name: template_of(stack).digest for stack in project.stacks})


def uses_assets(project: Project) -> bool:
    """Say whether a deployment of the project puts something into buckets of its own."""
    try:
        return any(template_of(stack).needs_assets for stack in project.stacks)
    except UsageError:
        return False  # a tear-down needs no template


def _parameters(
    stack: StackSettings, template: TemplateFile, *layers: Mapping[str, ParameterValue]
) -> dict[str, ParameterValue]:
    """Return what a stack is given: common values, its own, those of the environment."""
    common, of_environment = layers
    declared = template.section("Parameters")
    mine = {name: value for name, value in common.items() if name in declared}
    over = {name: value for name, value in of_environment.items() if name in declared}
    return {**mine, **stack.parameters, **over}


def _refuse_undeclared(given: Mapping[str, ParameterValue], templates: Iterable[TemplateFile]) -> None:
    declared = {name for template in templates for name in template.section("Parameters")}
    for name in given:
        if name not in declared:
            raise UsageError(f"no template declares the parameter {name!r}.{_guess(name, sorted(declared))}")


def _judge(
    stack: Prepared, deployment: Deployment, templates: Mapping[str, TemplateFile], *, has_steps: bool
) -> None:
    declared = stack.template.section("Parameters")
    for name, value in stack.parameters.items():
        _judge_value(stack, name, value, deployment, templates)
        if name not in declared and not has_steps:
            raise UsageError(
                f"{stack.template.path} declares no parameter {name!r}.{_guess(name, sorted(declared))}"
            )
    if has_steps:
        return  # a step may give what another leaves to the default
    missing = [
        name
        for name, each in declared.items()
        if name not in stack.parameters and isinstance(each, dict) and "Default" not in each
    ]
    if missing:
        raise UsageError(
            f"{stack.template.path} needs {', '.join(map(repr, missing))}, without a default: write "
            "`parameters` into the settings."
        )


def _judge_value(
    stack: Prepared,
    name: str,
    value: ParameterValue,
    deployment: Deployment,
    templates: Mapping[str, TemplateFile],
) -> None:
    declared = stack.template.section("Parameters").get(name)
    match value:
        case str() if isinstance(declared, dict) and str(declared.get("NoEcho", "")).lower() == "true":
            raise UsageError(
                f"parameter {name!r} of {stack.template.path} is NoEcho, and its value is in the settings. "
                'Expected: { env = "VARIABLE" }, or in the template {{resolve:ssm-secure:…}}.'
            )
        case EnvironmentVariable() if value.name not in deployment.variables:
            raise UsageError(
                f"parameter {name!r} of stack {stack.settings.name!r} is taken from the environment variable "
                f"{value.name}, which is not set."
            )
        case StackOutput():
            outputs = templates[value.of].section("Outputs")
            if value.output not in outputs:
                raise UsageError(
                    f"parameter {name!r} of stack {stack.settings.name!r} is output {value.output!r} of "
                    f"{value.of!r}, and {templates[value.of].path} has no such output."
                    f"{_guess(value.output, sorted(outputs))}"
                )


def _policy(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        json.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"the stack policy {path} cannot be read: {error}") from error
    return text


def _guess(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(known) or 'none'}."
