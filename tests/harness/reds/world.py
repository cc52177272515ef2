"""A fresh deployment of the stack on an embedded AWS, for one change that must turn one check red."""

from __future__ import annotations

import dataclasses
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.live.regions import in_each_region
from qa.resilience.estate import Estate
from qa.resilience.scene import Scene
from tests.integration.prepare import prepare
from tests.integration.records import records_of
from tests.integration.sides import sides_of
from tests.integration.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.control import Control
    from qa.live.handover import Live
    from qa.stack.clients import Clients
    from qa.stack.ledger import Ledger
    from tests.integration.sides import Side, Sides

PATIENCE = 1.5
"""Seconds that a check may wait here: it waits in vain."""


@dataclass(slots=True, kw_only=True)
class World:
    """The deployment as a change finds it; a change may replace what the check is handed."""

    live: Live
    clients: Clients
    control: Control
    sides: Sides
    patience: float = PATIENCE

    @property
    def ledger(self) -> Ledger:
        """The ledger of the world's run."""
        return self.live.run.ledger

    @property
    def table_name(self) -> str:
        """The transactions table."""
        return str(self.live.outputs["TransactionsTableName"])

    def tell_outputs(self, **changed: str | None) -> None:
        """Hand the check other outputs: None takes one away."""
        values = {**self.live.outputs.values, **changed}
        kept = {key: value for key, value in values.items() if value is not None}
        self.live = dataclasses.replace(
            self.live, outputs=dataclasses.replace(self.live.outputs, values=kept)
        )
        self.sides = sides_of(self.live.outputs, self.live.regions)

    def prepare(self) -> None:
        """Send the documents that S3 and S4 await."""
        self.live = dataclasses.replace(self.live, prepared=prepare(self.live, self.clients))

    def run(self, check: Callable[..., None]) -> None:
        """Call the check's own function with what its fixtures would give it."""
        given = self._fixtures()
        check(**{name: given[name] for name in inspect.signature(check).parameters})

    def _fixtures(self) -> dict[str, Any]:
        live, clients, regions = self.live, self.clients, self.live.regions
        return {
            "live": live,
            "qa_scene": Scene(
                estate=Estate(live, clients),
                clients=clients,
                record=lambda _name, _value: None,
                writes=True,
                pace=self.patience,
            ),
            "clients": clients,
            "outputs": live.outputs,
            "sides": self.sides,
            "run": live.run,
            "account": live.account,
            "east": regions.primary,
            "west": regions.secondary,
            "deadline": lambda _: self.patience,
            "every": 0.1,
            "context": {"qa-run": live.run.run_id, "part": "1"},
            "records": records_of(clients, live.outputs, live.run),
            "transactions": Transactions(clients=clients, sides=self.sides, run=live.run),
            "measure": lambda _name, _seconds, **_: None,
            "not_exercised": refuse_not_exercised,
            "in_each_region": lambda check: in_each_region(
                live.deployment.region_names, check, record=lambda _name, _value: None
            ),
        }

    @property
    def east(self) -> Side:
        """The primary side."""
        return self.sides.primary

    @property
    def west(self) -> Side:
        """The secondary side."""
        return self.sides.secondary


def refuse_not_exercised(reason: str) -> None:
    """Fail a check that went aside instead of going red."""
    raise RuntimeError(f"the check was not exercised: {reason}")
