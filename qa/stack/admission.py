"""Whom a command or run is about to touch, and whether it may.

Nothing here concerns the embedded AWS, which a run owns. An endpoint on this machine is no exception: behind
it there may be a tunnel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import UsageError

from .identity import caller
from .target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .clients import Clients
    from .identity import Caller
    from .project import Deployment
    from .safety import Safety


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Whom the next step touches."""

    target: str
    caller: Caller
    callers: Mapping[str, Caller]
    """By region."""
    title: str
    """The names of the stacks."""
    regions: tuple[str, ...]

    @property
    def text(self) -> str:
        """Two lines for a person, before anything is done."""
        return (
            f"target: {self.target}, account {self.caller.account}, as {self.caller.arn}\n"
            f"stacks: {self.title} in {' and '.join(self.regions)}"
        )


def admitted(clients: Clients, deployment: Deployment, safety: Safety) -> Touched:
    """Return whom a deployment touches. Raises UsageError for a region or an account that is not allowed.

    The regions are looked at before the first request, which asks whose credentials these are.
    """
    for region in deployment.region_names:
        if safety.regions and region not in safety.regions:
            raise _refused("region", region, safety.regions)
    callers = callers_of(clients, deployment)
    for who in callers.values():
        if safety.accounts and who.account not in safety.accounts:
            raise _refused("account", who.account, safety.accounts)
    return Touched(
        target=clients.target.title,
        caller=callers[deployment.regions.primary],
        callers=callers,
        title=deployment.title,
        regions=deployment.region_names,
    )


def accounts_of(clients: Clients, deployment: Deployment) -> dict[str, str]:
    """Return the account by region. Raises UsageError for another one than the environment has."""
    return {region: who.account for region, who in callers_of(clients, deployment).items()}


def callers_of(clients: Clients, deployment: Deployment) -> dict[str, Caller]:
    """Return whose credentials are used by region; one request where no region has its own."""
    environment = deployment.environment
    if environment is None or not (environment.accounts or clients.target.roles):
        who = caller(clients, deployment.regions.primary)
        return dict.fromkeys(deployment.region_names, who)
    callers = {region: caller(clients, region) for region in deployment.region_names}
    if clients.target.kind is TargetKind.EMBEDDED:
        return callers  # the run's own: it has one account
    for region, who in callers.items():
        expected = environment.account_of(region)
        if expected not in {None, who.account}:
            raise UsageError(
                f"{region} of environment {environment.pattern!r} is in account {expected}, and these "
                f"credentials are of account {who.account}. Nothing was done. Use the other account's."
            )
    return callers


def _refused(what: str, found: str, allowed: tuple[str, ...]) -> UsageError:
    instead = "Take other credentials" if what == "account" else "Fix [tool.qa.regions]"
    return UsageError(
        f"{what} {found!r} may not be touched: `{what}s` in [tool.qa.safety] of pyproject.toml allows "
        f"{', '.join(allowed)}. Nothing was done. {instead}, or add it there."
    )
