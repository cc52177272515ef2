"""Whom a command or run is about to touch, and whether it may.

Nothing here concerns the embedded AWS, which a run owns. An endpoint on this machine is no exception: behind
it there may be a tunnel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import UsageError

from .identity import caller

if TYPE_CHECKING:
    from .clients import Clients
    from .identity import Caller
    from .project import Deployment
    from .safety import Safety


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Whom the next step touches."""

    target: str
    caller: Caller
    stack_name: str
    regions: tuple[str, ...]

    @property
    def text(self) -> str:
        """Two lines for a person, before anything is done."""
        return (
            f"target: {self.target}, account {self.caller.account}, as {self.caller.arn}\n"
            f"stacks: {self.stack_name} in {' and '.join(self.regions)}"
        )


def admitted(clients: Clients, deployment: Deployment, safety: Safety) -> Touched:
    """Return whom a deployment touches. Raises UsageError for a region or an account that is not allowed.

    The regions are looked at before the first request, which asks whose credentials these are.
    """
    for region in deployment.region_names:
        if safety.regions and region not in safety.regions:
            raise _refused("region", region, safety.regions)
    who = caller(clients, deployment.regions.primary)
    if safety.accounts and who.account not in safety.accounts:
        raise _refused("account", who.account, safety.accounts)
    return Touched(
        target=clients.target.title,
        caller=who,
        stack_name=deployment.stack_name,
        regions=deployment.region_names,
    )


def _refused(what: str, found: str, allowed: tuple[str, ...]) -> UsageError:
    instead = "Take other credentials" if what == "account" else "Fix [tool.qa.regions]"
    return UsageError(
        f"{what} {found!r} may not be touched: `{what}s` in [tool.qa.safety] of pyproject.toml allows "
        f"{', '.join(allowed)}. Nothing was done. {instead}, or add it there."
    )
