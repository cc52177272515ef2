"""The clean-up ledger: each thing is written down before it is made, and again when it is gone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from qa.errors import QaError
from qa.private import append_private, make_private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """An item of a table; the key as (attribute, DynamoDB type, value as text)."""

    kind: ClassVar[str] = "item"
    region: str
    table_name: str
    key: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, *, region: str, table_name: str, key: Mapping[str, Mapping[str, str]]) -> ItemEntry:
        """Return the entry for a key as boto3 takes it, e.g. {"id": {"S": "qa-…"}}."""
        parts = tuple((name, kind, text) for name, value in key.items() for kind, text in value.items())
        return cls(region=region, table_name=table_name, key=parts)

    def __str__(self) -> str:
        key = ", ".join(f"{name}={text}" for name, _, text in self.key)
        return f"item {key} of {self.table_name} in {self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectEntry:
    """An object of a bucket: all its versions and delete markers."""

    kind: ClassVar[str] = "object"
    region: str
    bucket: str
    key: str

    def __str__(self) -> str:
        return f"object {self.key} of {self.bucket} in {self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsEntry:
    """Every object under a prefix: what a function writes for a transaction of ours."""

    kind: ClassVar[str] = "documents"
    region: str
    bucket: str
    prefix: str

    def __str__(self) -> str:
        return f"objects {self.prefix}… of {self.bucket} in {self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A queue of our own."""

    kind: ClassVar[str] = "queue"
    region: str
    queue_name: str

    def __str__(self) -> str:
        return f"queue {self.queue_name} in {self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionEntry:
    """A subscription of our queue to a topic; its ARN is not known before it is made."""

    kind: ClassVar[str] = "subscription"
    region: str
    topic_arn: str
    endpoint: str

    def __str__(self) -> str:
        return f"subscription of {self.endpoint} to {self.topic_arn}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmStateEntry:
    """An alarm that a drill set, and the state before the first drill."""

    kind: ClassVar[str] = "alarm-state"
    region: str
    alarm_name: str
    state_before: str

    def __str__(self) -> str:
        return f"drill of alarm {self.alarm_name} in {self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteRuleEntry:
    """An alarm mute rule of our own."""

    kind: ClassVar[str] = "mute-rule"
    region: str
    rule_name: str

    def __str__(self) -> str:
        return f"mute rule {self.rule_name} in {self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackTagEntry:
    """A tag of ours on a stack, which an update put there."""

    kind: ClassVar[str] = "stack-tag"
    region: str
    stack_name: str
    tag: str

    def __str__(self) -> str:
        return f"tag {self.tag} of stack {self.stack_name} in {self.region}"


Entry = (
    ItemEntry
    | ObjectEntry
    | DocumentsEntry
    | QueueEntry
    | SubscriptionEntry
    | AlarmStateEntry
    | MuteRuleEntry
    | StackTagEntry
)

KINDS: Mapping[str, type[Entry]] = {
    each.kind: each
    for each in (
        ItemEntry,
        ObjectEntry,
        DocumentsEntry,
        QueueEntry,
        SubscriptionEntry,
        AlarmStateEntry,
        MuteRuleEntry,
        StackTagEntry,
    )
}


class Ledger:
    """A file of JSON lines that all workers of a run append to; what is in it survives a crash."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def will_make(self, entry: Entry) -> None:
        """Write the thing down; it is on the disk when this returns, so make it now."""
        self._append("made", entry)

    def removed(self, entry: Entry) -> None:
        """Write down that the thing is gone."""
        self._append("removed", entry)

    def _append(self, event: str, entry: Entry) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"event": event, "at": now, "kind": entry.kind, **asdict(entry)})
        make_private_folder(self._path.parent)
        # it starts a line of its own: the last one may have been torn by a crash
        append_private(self._path, f"\n{line}\n".encode(), on_disk=True)

    def remaining(self) -> tuple[Entry, ...]:
        """Return what was made and not removed, in the order of making.

        A torn line is no entry: its thing was not made yet. Raises QaError for a kind this version does
        not know.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ()
        left: dict[Entry, None] = {}
        for line in filter(None, lines):
            read = _read(line, self._path)
            if read is None:
                continue
            event, entry = read
            if event == "made":
                left[entry] = None
            else:
                left.pop(entry, None)
        return tuple(left)


def _read(line: str, source: Path) -> tuple[str, Entry] | None:
    try:
        fields: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError:
        return None
    event, kind = fields.pop("event"), fields.pop("kind")
    del fields["at"]
    if kind not in KINDS:
        raise QaError(f"{source} has an entry of kind {kind!r}; known are {', '.join(KINDS)}. Update qa.")
    if kind == ItemEntry.kind:
        fields["key"] = tuple(tuple(part) for part in fields["key"])
    return event, KINDS[kind](**fields)
