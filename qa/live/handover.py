"""What every worker of a live run knows of it, and how that travels from the controller."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY
from qa.stack.outputs import Outputs
from qa.stack.project import Deployment, Regions, StackNames
from qa.stack.run import Run
from qa.stack.target import Credentials, Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Mapping


def embedded_credentials(secret: str = ADMIN_SECRET_ACCESS_KEY) -> Credentials:
    """Return the administrator's credentials of an embedded AWS; by default of one this process starts."""
    return Credentials(access_key_id=ADMIN_ACCESS_KEY_ID, secret_access_key=secret)


EMBEDDED_CREDENTIALS = embedded_credentials()
"""The administrator of the servers that this process starts."""


def _embedded_secret(target: Target) -> str | None:
    if target.kind is not TargetKind.EMBEDDED or target.credentials is None:
        return None
    return target.credentials.secret_access_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """One live run, as its checks see it. It holds no credentials but those of the run's own embedded AWS."""

    run: Run
    target: Target
    deployment: Deployment
    account: str
    outputs: Outputs
    prepared: Mapping[str, Any] = field(default_factory=dict)
    """What the run's prepare step made before the checks, as it returned it."""
    writes: bool = False
    """Whether ready checks may write at a target that is not the run's own embedded AWS."""

    @property
    def regions(self) -> Regions:
        """The regions, the primary first."""
        return self.deployment.regions


def to_text(live: Live) -> str:
    """Return the run as JSON, for xdist's worker input."""
    return json.dumps(
        {
            "run": {"run_id": live.run.run_id, "folder": str(live.run.folder)},
            "target": {
                "kind": live.target.kind.value,
                "endpoint": live.target.endpoint,
                "profile": live.target.profile,
                "roles": dict(live.target.roles),
                "endpoints": dict(live.target.endpoints),
                # of the run's own server, which ends with the run; a real account's are never handed over
                "secret": _embedded_secret(live.target),
            },
            "deployment": {
                "suffix": live.deployment.suffix,
                "regions": live.regions.names,
                "stacks": [asdict(stack) for stack in live.deployment.stacks],
            },
            "account": live.account,
            "outputs": {
                "values": dict(live.outputs.values),
                "source": str(live.outputs.source),
                "by_stack": live.outputs.by_stack,
            },
            "prepared": live.prepared,
            "writes": live.writes,
        }
    )


def from_text(text: str) -> Live:
    """Return the run that a controller handed over."""
    parsed = json.loads(text)
    run, target, deployment, outputs = (parsed[part] for part in ("run", "target", "deployment", "outputs"))
    kind = TargetKind(target["kind"])
    return Live(
        run=Run(run_id=run["run_id"], folder=Path(run["folder"])),
        target=Target(
            kind=kind,
            endpoint=target["endpoint"],
            profile=target["profile"],
            roles=target["roles"],
            endpoints=target["endpoints"],
            credentials=None if target["secret"] is None else embedded_credentials(target["secret"]),
        ),
        deployment=Deployment(
            suffix=deployment["suffix"],
            stacks=tuple(
                StackNames(**{**each, "regions": tuple(each["regions"])}) for each in deployment["stacks"]
            ),
            regions=Regions(tuple(deployment["regions"])),
        ),
        account=parsed["account"],
        outputs=Outputs(
            values=outputs["values"], source=Path(outputs["source"]), by_stack=outputs["by_stack"]
        ),
        prepared=parsed["prepared"],
        writes=parsed["writes"],
    )
