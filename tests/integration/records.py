"""Records of the transactions table that a check writes, and takes away again."""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.probe import dynamodb
from qa.resilience.verdicts import refusals_of_the_stack
from qa.stack.ledger import ItemEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.probe.dynamodb import Item
    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The transactions table, in both regions, as one run writes to it."""

    clients: Clients
    table_name: str
    run: Run

    def new(self, region: str, **attributes: str) -> Item:
        """Put a record of our own into a region, once it is in the ledger, and return it."""
        made = self.planned(region, **attributes)
        self.put(region, made)
        return made

    def planned(self, region: str, **attributes: str) -> Item:
        """Return a record that is in the ledger and not yet in the table."""
        made: Item = {
            "transactionId": {"S": f"{self.run.run_id}-{secrets.token_hex(6)}"},
            "timestamp": {"N": str(time.time_ns() // 1_000_000)},
            **{name: {"S": value} for name, value in attributes.items()},
        }
        self.run.ledger.will_make(self._entry(region, made))
        return made

    def read(self, region: str, record: Item, *, consistent: bool = False) -> Item | None:
        """Return the record as a region has it; `consistent` only where it was written."""
        client = self.clients.dynamodb(region)
        with refusals_of_the_stack():
            return dynamodb.item(client, self.table_name, key_of(record), consistent=consistent)

    def put(self, region: str, record: Item) -> None:
        """Write a planned record, or another version of one, to a region."""
        with refusals_of_the_stack():
            dynamodb.put_item(self.clients.dynamodb(region), self.table_name, record)

    def change(self, region: str, record: Item, **attributes: str) -> None:
        """Set attributes of a record that is there."""
        client = self.clients.dynamodb(region)
        for name, value in attributes.items():
            dynamodb.set_attribute(client, self.table_name, key_of(record), name=name, value={"S": value})

    def delete(self, region: str, record: Item) -> None:
        """Delete the record in the region that wrote it last, and in the ledger."""
        dynamodb.delete_item(self.clients.dynamodb(region), self.table_name, key_of(record))
        self.run.ledger.removed(self._entry(region, record))

    @contextmanager
    def removing(self, region: str, *records: Item) -> Iterator[None]:
        """Delete the records at the end, however it comes."""
        try:
            yield
        finally:
            for record in records:
                self.delete(region, record)

    def _entry(self, region: str, record: Item) -> ItemEntry:
        return ItemEntry.of(region=region, table_name=self.table_name, key=key_of(record))


def key_of(record: Item) -> Item:
    """Return the key attributes of a record."""
    return {name: record[name] for name in ("transactionId", "timestamp")}


def records_of(clients: Clients, outputs: Outputs, run: Run) -> Records:
    """Return the table that the outputs name."""
    return Records(clients=clients, table_name=outputs["TransactionsTableName"], run=run)
