"""Deploying all stacks: each once per region in order of needs, or by the steps of `[tool.qa.deploy]`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qa.errors import UsageError

from .admission import accounts_of
from .agreement import agreed_digest
from .assets import Assets
from .changeset import create_or_update, settle
from .events import DeployError
from .live import live_outputs
from .ordering import in_order, needs_of
from .outputs import OutputsRecord, expect_writable, write_stack_outputs
from .preparation import prepared
from .progress import to_nobody
from .project import When
from .requesting import Requesting
from .target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .clients import Clients
    from .outputs import Outputs
    from .progress import Tell
    from .project import Deployment, DeployStep, Place, Project

__all__ = ["DeployError", "deploy", "refresh_outputs"]


def deploy(
    project: Project, deployment: Deployment, clients: Clients, *, outputs_to: Path, tell: Tell = to_nobody
) -> Outputs:
    """Bring all stacks to the project's templates, write their outputs to files and return them.

    May be called again at any time: what is done already is found done. Raises UsageError for what cannot
    be deployed, before anything is; DeployError when a stack fails; ProbeError when AWS refuses to be asked.
    """
    stacks = {each.settings.name: each for each in prepared(project, deployment)}
    expect_writable(outputs_to)
    accounts = accounts_of(clients, deployment)
    _refuse_other_accounts(project, clients, accounts)
    with Assets(clients, deployment, accounts) as assets:
        requesting = Requesting(deployment, clients, stacks=stacks, accounts=accounts, assets=assets)
        if project.steps:
            _take_steps(project, deployment, clients, requesting, tell)
        else:
            _bring_all(project, deployment, clients, requesting, tell)
        return _write(project, deployment, clients, assets, outputs_to=outputs_to)


def _refuse_other_accounts(project: Project, clients: Clients, accounts: Mapping[str, str]) -> None:
    """Refuse accounts other than those that a CDK assembly names; only the real AWS has more than one."""
    for stack in project.stacks:
        others = {accounts[region] for region in stack.regions} - {stack.account}
        if clients.target.kind is TargetKind.AWS and stack.account is not None and others:
            raise UsageError(
                f"stack {stack.name!r} of the assembly is for account {stack.account}, and these credentials "
                f"are of {', '.join(sorted(others))}. Nothing was done. Use the other account's."
            )


def refresh_outputs(
    project: Project, deployment: Deployment, clients: Clients, *, outputs_to: Path
) -> Outputs:
    """Write the outputs files again from the live stacks. Raises OutputsError when one does not stand."""
    with Assets(clients, deployment, accounts_of(clients, deployment)) as assets:
        return _write(project, deployment, clients, assets, outputs_to=outputs_to)


def is_taken(step: DeployStep, *, both_exist: bool) -> bool:
    """Say whether a step belongs to a deployment that found both stacks, or did not."""
    return step.when is When.ALWAYS or (step.when is When.BOTH_EXIST) == both_exist


def _bring_all(
    project: Project, deployment: Deployment, clients: Clients, requesting: Requesting, tell: Tell
) -> None:
    def bring(place: Place) -> None:
        stack = create_or_update(clients, requesting.of(place), tell)
        requesting.protect(place, stack, tell)

    in_order(needs_of(project, deployment.places), bring)


def _take_steps(
    project: Project, deployment: Deployment, clients: Clients, requesting: Requesting, tell: Tell
) -> None:
    stacks = [settle(clients, place.region, place.stack_name, tell) for place in deployment.places]
    both_exist = all(stack is not None and stack.is_complete for stack in stacks)
    for step in project.steps:
        if is_taken(step, both_exist=both_exist):
            region = deployment.regions.of(step.role)
            place = next(deployment.places_in(region))
            stack = create_or_update(clients, requesting.of(place, step.parameters), tell)
            requesting.protect(place, stack, tell)


def _write(
    project: Project,
    deployment: Deployment,
    clients: Clients,
    assets: Assets,
    *,
    outputs_to: Path,
) -> Outputs:
    by_stack = live_outputs(clients, deployment)
    record = OutputsRecord(
        target=clients.target.kind.value,
        endpoint=clients.target.endpoint,
        account=assets.accounts[deployment.regions.primary],
        regions=deployment.region_names,
        suffix=deployment.suffix,
        stack_names=tuple(place.stack_name for place in deployment.places),
        # what the stacks have, not what lies here: somebody else may have deployed
        template_digest=agreed_digest(project, deployment, clients, assets),
        time=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return write_stack_outputs(outputs_to, by_stack, record)
