"""The deployed stack as a seeded fault finds it, and what a ready check says of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from qa.resilience.estate import Estate
from qa.resilience.scene import Scene
from qa.stack.clients import Clients
from qa.stack.sweep import sweep_run
from qa.stack.target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import OperationModel

    from qa.embedded.control import Control
    from qa.live.handover import Live

HERE, THERE = "eu-west-1", "eu-central-1"
PATIENCE = 1.5
"""Seconds that a check may wait where it waits in vain."""


@dataclass(slots=True, kw_only=True)
class Trial:
    """One deployment, and the properties that the last check recorded."""

    live: Live
    clients: Clients
    control: Control
    reported: dict[str, object] = field(default_factory=dict)

    def run(self, check: Callable[..., None], *, patience: float | None = None) -> str:
        """Run a ready check as its test function would be; return PASSED, or NOT-EXERCISED with the reason.

        What it raises is its verdict and is not caught.
        """
        self.reported = {}
        scene = Scene(
            estate=Estate(self.live, self.clients),
            clients=self.clients,
            record=self.reported.__setitem__,
            writes=self.live.writes,
            pace=patience,
        )
        check(scene)
        reason = self.reported.get("qa.not_exercised")
        return "PASSED" if reason is None else f"NOT-EXERCISED: {reason}"

    def below(self, service: str) -> Trial:
        """Return this deployment where a service exists and answers nothing but that it is not modelled."""

        def refuse(model: OperationModel, **_: object) -> None:
            words = f"the embedded AWS does not model {service}:{model.name}"
            raise ClientError({"Error": {"Code": "NotImplemented", "Message": words}}, model.name)

        watch = Clients(
            self.live.target,
            watch=lambda session: session.events.register(f"before-call.{service}", refuse),
        )
        return dataclasses.replace(self, clients=watch)

    def elsewhere(self, *, writes: bool = False) -> Trial:
        """Return this deployment as if it were at a target that is not the run's own."""
        target = dataclasses.replace(self.live.target, kind=TargetKind.ENDPOINT)
        return dataclasses.replace(self, live=dataclasses.replace(self.live, target=target, writes=writes))

    def left(self) -> tuple[object, ...]:
        """Return what stays after the end of a run, which removes what its ledger holds."""
        report = sweep_run(self.clients, self.live.run)
        return (*report.failed, *self.live.run.ledger.remaining())

    def physical(self, logical_id: str, region: str) -> str:
        """Return the physical ID of a resource of the stack."""
        held = Estate(self.live, self.clients).held(region)
        return next(each.physical_id for each in held if each.logical_id == logical_id)
