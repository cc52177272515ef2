"""Events of our own for the functions of a stack, and what a function leaves of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.probe import dynamodb, lambda_
from qa.stack.ledger import DocumentsEntry, ItemEntry

from .buckets import BUCKETS, destination_of
from .records import TABLES, replica_in
from .verdicts import red, refusals_of_the_stack

if TYPE_CHECKING:
    from qa.probe.lambda_ import Invocation

    from .naming import Name, Thing
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

FUNCTIONS = frozenset({"AWS::Lambda::Function", "AWS::Serverless::Function"})
FRESH = "{qa}"
Event = Mapping[str, Any] | Callable[[str], Any]
"""An event, in whose texts `{qa}` is a fresh name of this run, or a function that makes one of a name."""
_FIELD = re.compile(r"\{event\.([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class ItemLeft:
    """An item that a function writes for an event; its key's texts may hold `{qa}` and `{event.FIELD}`."""

    table: str
    key: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ObjectsLeft:
    """Objects that a function puts for an event, by a prefix that holds `{qa}` or `{event.FIELD}`."""

    bucket: Name
    prefix: str


Left = ItemLeft | ObjectsLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An event that is about to be sent, with a name that nothing else carries."""

    name: str
    event: Any

    def filled(self, text: str) -> str:
        """Return a text with the event's own name and fields in it."""
        fresh = text.replace(FRESH, self.name)
        return _FIELD.sub(lambda found: str(self.event[found[1]]), fresh)


def new_event(scene: Scene, event: Event, leaves: Sequence[Left]) -> Sent:
    """Return an event of this run's own, once all that any region may make of it is in the ledger."""
    name = scene.new_name()
    made = event(name) if callable(event) else _filled(event, name)
    sent = Sent(name=name, event=made)
    for left in leaves:
        _write_down(scene, left, sent)
    return sent


def _filled(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return value.replace(FRESH, name)
    if isinstance(value, Mapping):
        return {key: _filled(each, name) for key, each in value.items()}
    return [_filled(each, name) for each in value] if isinstance(value, list) else value


def _write_down(scene: Scene, left: Left, sent: Sent) -> None:
    if isinstance(left, ItemLeft):
        tables = scene.estate.everywhere(left.table, TABLES, linked=replica_in(scene))
        home = next(iter(tables.values()))
        key = item_key(scene, home, left, sent)
        scene.ledger.will_make(ItemEntry.of(region=home.region, table_name=home.name, key=key))
        return
    buckets = scene.estate.everywhere(left.bucket, BUCKETS, linked=destination_of(scene))
    for region, bucket in buckets.items():
        prefix = sent.filled(left.prefix)
        scene.ledger.will_make(DocumentsEntry(region=region, bucket=bucket.name, prefix=prefix))


def item_key(scene: Scene, table: Thing, left: ItemLeft, sent: Sent) -> dynamodb.Item:
    """Return the key of the item that an event becomes, in DynamoDB's notation."""
    attributes = dynamodb.key_attributes(scene.clients.dynamodb(table.region), table.name) or ()
    return {
        each.name: {each.type: sent.filled(left.key[each.name])}
        for each in attributes
        if each.is_key and each.name in left.key
    }


def invoke(scene: Scene, function: Thing, sent: Sent) -> Invocation:
    """Send the event once and return the answer; a function that is not there is red."""
    with refusals_of_the_stack():
        return lambda_.invoke(scene.clients.lambda_(function.region), function.name, sent.event)


def expect_answer(scene: Scene, function: Thing, sent: Sent, expect: object) -> Invocation:
    """Send the event once; red unless the function answers what is expected."""
    answer = invoke(scene, function, sent)
    if answer.error is not None or not answers(answer.payload, expect):
        said = f"the error {answer.error}: {answer.payload}" if answer.error else f"{answer.payload!r}"
        raise red(
            function,
            found=said,
            expected=f"an answer with {expect!r}" if expect is not None else "an answer without an error",
            fix="Look at its rights, variables and package. "
            f"Its log ends: {answer.log_tail.strip()[-300:]!r}",
        )
    return answer


def answers(payload: object, expect: object) -> bool:
    """Say whether an answer has all that is expected: of an object the named fields, else all of it."""
    if isinstance(expect, Mapping):
        return isinstance(payload, Mapping) and all(
            name in payload and answers(payload[name], value) for name, value in expect.items()
        )
    return expect is None or payload == expect
