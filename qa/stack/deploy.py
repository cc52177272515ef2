"""Deploying both stacks, step by step as `[tool.qa.deploy]` says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from .agreement import agreed_digest
from .changeset import StackRequest, create_or_update, settle
from .events import DeployError
from .identity import caller_account
from .live import find_stack, live_outputs
from .outputs import OutputsRecord, expect_writable, write_outputs
from .progress import to_nobody
from .project import OutputOf, When
from .template_file import read_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mypy_boto3_cloudformation.literals import CapabilityType

    from .clients import Clients
    from .outputs import Outputs
    from .progress import Tell
    from .project import Deployment, DeployStep, ParameterValue, Project
    from .template_file import TemplateFile

__all__ = ["DeployError", "deploy", "refresh_outputs"]


def deploy(
    project: Project, deployment: Deployment, clients: Clients, *, outputs_to: Path, tell: Tell = to_nobody
) -> Outputs:
    """Bring both stacks to the project's template, write their outputs to a file and return them.

    May be called again at any time: what is done already is found done. Raises UsageError for a template
    that cannot be sent, DeployError when a stack fails, ProbeError when AWS refuses to be asked.
    """
    template = read_template(project.template)
    expect_writable(outputs_to)
    account = caller_account(clients, deployment.regions.primary)
    stacks = [settle(clients, region, deployment.stack_name, tell) for region in deployment.region_names]
    both_exist = all(stack is not None and stack.is_complete for stack in stacks)
    for step in project.steps:
        if is_taken(step, both_exist=both_exist):
            create_or_update(clients, _request(project, deployment, clients, template, step), tell)
    values = live_outputs(clients, deployment)
    return _write(project, deployment, clients, values=values, account=account, outputs_to=outputs_to)


def refresh_outputs(
    project: Project, deployment: Deployment, clients: Clients, *, outputs_to: Path
) -> Outputs:
    """Write the outputs file anew from the live stacks. Raises OutputsError when one does not stand."""
    account = caller_account(clients, deployment.regions.primary)
    values = live_outputs(clients, deployment)
    return _write(project, deployment, clients, values=values, account=account, outputs_to=outputs_to)


def is_taken(step: DeployStep, *, both_exist: bool) -> bool:
    """Say whether a step belongs to a deployment that found both stacks, or did not."""
    return step.when is When.ALWAYS or (step.when is When.BOTH_EXIST) == both_exist


def _request(
    project: Project, deployment: Deployment, clients: Clients, template: TemplateFile, step: DeployStep
) -> StackRequest:
    return StackRequest(
        region=deployment.regions.of(step.role),
        stack_name=deployment.stack_name,
        body=template.body,
        parameters={
            name: _value(value, deployment, clients)
            for name, value in {**project.parameters, **step.parameters}.items()
        },
        capabilities=cast("tuple[CapabilityType, ...]", project.capabilities),
    )


def _value(value: ParameterValue, deployment: Deployment, clients: Clients) -> str:
    if not isinstance(value, OutputOf):
        return deployment.fill_in(value)
    region = deployment.regions.of(value.of)
    stack = find_stack(clients, region, deployment.stack_name)
    outputs = {} if stack is None else stack.outputs
    if value.output not in outputs:
        raise DeployError(
            f"a deploy step needs output {value.output!r} of stack {deployment.stack_name!r} in {region}, "
            f"which has: {', '.join(sorted(outputs)) or 'none'}. Fix [tool.qa.deploy] or the template."
        )
    return outputs[value.output]


def _write(
    project: Project,
    deployment: Deployment,
    clients: Clients,
    *,
    values: Mapping[str, str],
    account: str,
    outputs_to: Path,
) -> Outputs:
    record = OutputsRecord(
        target=clients.target.kind.value,
        endpoint=clients.target.endpoint,
        account=account,
        regions=deployment.region_names,
        suffix=deployment.suffix,
        stack_names=(deployment.stack_name, deployment.stack_name),
        # what the stacks have, not what lies here: somebody else may have deployed
        template_digest=agreed_digest(project, deployment, clients),
        time=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return write_outputs(outputs_to, values, record)
