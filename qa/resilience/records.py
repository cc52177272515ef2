"""Items of our own in a table whose shape only its keys tell."""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.probe import dynamodb
from qa.probe.errors import RefusedError
from qa.stack.ledger import ItemEntry
from qa.wait import until

from .verdicts import red, refusals_of_the_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from qa.probe.dynamodb import Item, KeyAttribute

    from .naming import Thing
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

TABLES = frozenset({"AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"})
EVERY = 0.05
NOTE = "qaNote"
"""The attribute that our writes change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """One table in each region that holds it, as one run writes to it."""

    scene: Scene
    tables: Mapping[str, Thing]
    """By region."""
    attributes: tuple[KeyAttribute, ...]
    sample: Mapping[str, str]
    """Attributes that every item of ours gets besides its keys."""

    def planned(self, region: str) -> Item:
        """Return an item that is in the ledger and not yet in the table."""
        made: Item = {
            **{name: {"S": value} for name, value in self.sample.items()},
            **{each.name: _value(each.type, self.scene.new_name()) for each in self.attributes},
            NOTE: {"S": f"as written in {region}"},
        }
        self.scene.ledger.will_make(self._entry(region, made))
        return made

    def new(self, region: str) -> Item:
        """Put an item of our own into a region, once it is in the ledger, and return it."""
        made = self.planned(region)
        self.put(region, made)
        return made

    def put(self, region: str, item: Item) -> None:
        """Write a planned item, or another version of one."""
        with refusals_of_the_stack():
            dynamodb.put_item(self.scene.clients.dynamodb(region), self.tables[region].name, item)

    def change(self, region: str, item: Item, note: str) -> Item:
        """Change our attribute of an item and return what it is to be everywhere."""
        client = self.scene.clients.dynamodb(region)
        with refusals_of_the_stack():
            dynamodb.set_attribute(
                client, self.tables[region].name, self.key(item), name=NOTE, value={"S": note}
            )
        return {**item, NOTE: {"S": note}}

    def delete(self, region: str, item: Item) -> None:
        """Delete the item in the region that wrote it last, and in the ledger."""
        client = self.scene.clients.dynamodb(region)
        dynamodb.delete_item(client, self.tables[region].name, self.key(item))
        self.scene.ledger.removed(self._entry(region, item))

    @contextmanager
    def removing(self, region: str, item: Item) -> Iterator[None]:
        """Delete the item at the end, however it comes."""
        try:
            yield
        finally:
            self.delete(region, item)

    def read(self, region: str, item: Item) -> Item | None:
        """Return the item as a region has it."""
        client = self.scene.clients.dynamodb(region)
        with refusals_of_the_stack():
            found = dynamodb.item(client, self.tables[region].name, self.key(item))
        return None if found is None else {name: _as_text(value) for name, value in found.items()}

    def seconds_until(self, region: str, item: Item, expected: Item | None, *, within: float) -> float:
        """Wait until a region has exactly this; return for how long at least it had not.

        A read that misses proves that for the moment when it was sent, however late its answer comes.
        Raises WaitTimeoutError, with what is there instead.
        """
        begun = time.monotonic()
        sent: list[float] = []

        def read() -> Item | None:
            sent.append(time.monotonic())
            return self.read(region, item)

        until(
            read,
            lambda seen: seen == expected,
            what=f"item {self.text(item)} of {self.tables[region]}",
            within=within,
            every=EVERY,
        )
        return sent[-2] - begun if len(sent) > 1 else 0.0

    def key(self, item: Item) -> Item:
        """Return the key attributes of an item."""
        return {each.name: item[each.name] for each in self.attributes if each.is_key}

    def text(self, item: Item) -> str:
        """Return the key of an item for a sentence."""
        return ", ".join(text for value in self.key(item).values() for text in value.values())

    def _entry(self, region: str, item: Item) -> ItemEntry:
        return ItemEntry.of(region=region, table_name=self.tables[region].name, key=self.key(item))


def records_of(scene: Scene, tables: Mapping[str, Thing], sample: Mapping[str, str] | None) -> Records:
    """Return a table ready to be written to; its keys are those that any region tells."""
    for region, table in tables.items():
        attributes = dynamodb.key_attributes(scene.clients.dynamodb(region), table.name)
        if attributes is None:
            raise red(
                table,
                found="no table of that name",
                expected="a table",
                fix="Restore the table or its replica, or deploy the stack again.",
            )
    return Records(scene=scene, tables=tables, attributes=attributes or (), sample=sample or {})


def replica_in(scene: Scene) -> Callable[[Thing, str], str | None]:
    """Return how DynamoDB links a table with its replica in another region: by the same name."""

    def linked(table: Thing, region: str) -> str | None:
        try:
            state = dynamodb.table_state(scene.clients.dynamodb(table.region), table.name)
        except RefusedError as refused:
            if refused.code == "ResourceNotFoundException":
                return None
            raise
        return table.name if state is not None and region in state.other_replicas else None

    return linked


def _value(kind: str, name: str) -> dict[str, str]:
    if kind == "N":
        return {"N": str(secrets.randbelow(10**15))}
    return {kind: name}


def _as_text(value: Mapping[str, object]) -> dict[str, str]:
    """Return an attribute with its bytes as the text that we wrote."""
    return {
        kind: each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each)
        for kind, each in value.items()
    }
