"""Whether a thing that carries a run's ID is one that a ledger tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.stack.ledger import DocumentsEntry, ItemEntry, ObjectEntry

if TYPE_CHECKING:
    from qa.stack.ledger import Entry


def covers(known: Entry, found: Entry) -> bool:
    """Say whether the ledger's entry tells of what was found, or of what it is the replica of."""
    match known, found:
        case ItemEntry(), ItemEntry():
            return (known.table_name, known.key) == (found.table_name, found.key)
        case ObjectEntry(), ObjectEntry():
            return known.key == found.key
        case DocumentsEntry(), ObjectEntry():
            return found.key.startswith(known.prefix)
        case _:
            return known == found
