"""Transactions that a check sends to a processor, and what the processor leaves of them."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.probe import dynamodb, lambda_, s3
from qa.resilience import ItemLeft, ObjectsLeft
from qa.resilience.verdicts import refusals_of_the_stack
from qa.stack.ledger import DocumentsEntry, ItemEntry

if TYPE_CHECKING:
    from qa.probe.dynamodb import Item
    from qa.probe.lambda_ import Invocation
    from qa.stack.clients import Clients
    from qa.stack.run import Run

    from .sides import Side, Sides

Event = dict[str, Any]
PROTECTED = "QA[0-9A-F]{20}"
"""What a protected account number of ours looks like."""
LEAVES = (
    ItemLeft(
        "TransactionsTable",
        {"transactionId": "{event.transactionId}", "timestamp": "{event.timestamp}"},
    ),
    ObjectsLeft("PrimaryDocumentsBucket", "transactions/{event.transactionId}/"),
)
"""What a processor makes of a transaction."""


def transaction(transaction_id: str, **fields: object) -> Event:
    """Return a valid transaction of that ID; fields replace the valid ones."""
    return {
        "transactionId": transaction_id,
        "timestamp": time.time_ns() // 1_000_000,
        "amount": 12.5,
        "currency": "EUR",
        "accountNumber": f"QA{secrets.token_hex(10).upper()}",
        **fields,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Transactions:
    """The processors of both sides, as one run uses them."""

    clients: Clients
    sides: Sides
    run: Run

    def new(self, **fields: object) -> Event:
        """Return an event of our own, in the ledger with all that either side may make of it.

        Fields replace the valid ones. Documents stay until the run's end: deleted before they have
        replicated, they would fail.
        """
        transaction_id = f"{self.run.run_id}-{secrets.token_hex(6)}"
        event = transaction(transaction_id, **fields)
        ledger = self.run.ledger
        for side in (self.sides.primary, self.sides.secondary):
            prefix = f"transactions/{transaction_id}/"
            bucket = side["DocumentsBucketName"]
            ledger.will_make(DocumentsEntry(region=side.region, bucket=bucket, prefix=prefix))
        if isinstance(event["timestamp"], int):
            ledger.will_make(
                ItemEntry.of(
                    region=self.sides.primary.region, table_name=self.table_name, key=item_key(event)
                )
            )
        return event

    @property
    def table_name(self) -> str:
        """The transactions table, the same name in both regions."""
        return str(self.sides.primary.outputs["TransactionsTableName"])

    def send(self, side: Side, event: Event) -> Invocation:
        """Invoke the side's processor once and wait for its answer."""
        with refusals_of_the_stack():
            return lambda_.invoke(self.clients.lambda_(side.region), side["LambdaFunctionName"], event)

    def item(self, side: Side, event: Event) -> Item | None:
        """Return the stored item, as the side that wrote it has it."""
        client = self.clients.dynamodb(side.region)
        with refusals_of_the_stack():
            return dynamodb.item(client, self.table_name, item_key(event), consistent=True)

    def document(self, side: Side, event: Event) -> s3.Document | None:
        """Return the stored document of the side's own bucket."""
        with refusals_of_the_stack():
            return s3.document(self.clients.s3(side.region), side["DocumentsBucketName"], document_key(event))


def item_key(event: Event) -> Item:
    """Return the key of the item that the event becomes."""
    return {
        "transactionId": {"S": str(event["transactionId"])},
        "timestamp": {"N": str(event["timestamp"])},
    }


def document_key(event: Event) -> str:
    """Return the key of the document that the event becomes."""
    return f"transactions/{event['transactionId']}/{event['timestamp']}.json"


def content_of(document: s3.Document) -> dict[str, object]:
    """Return a stored document's JSON object."""
    content: dict[str, object] = json.loads(document.body)
    return content
