"""The ledger outlives crashes, and several workers share it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from qa.errors import QaError
from qa.stack import (
    AlarmStateEntry,
    DocumentsEntry,
    Entry,
    ItemEntry,
    Ledger,
    MuteRuleEntry,
    ObjectEntry,
    QueueEntry,
    SubscriptionEntry,
)

if TYPE_CHECKING:
    from pathlib import Path

QUEUE = QueueEntry(region="us-east-1", queue_name="qa-1f2e3d4c")
EACH_KIND: tuple[Entry, ...] = (
    ItemEntry.of(region="us-east-1", table_name="t", key={"id": {"S": "qa-1"}, "at": {"N": "7"}}),
    ObjectEntry(region="us-east-1", bucket="b", key="qa-1/x"),
    DocumentsEntry(region="us-west-2", bucket="b", prefix="transactions/qa-1"),
    QUEUE,
    SubscriptionEntry(region="us-east-1", topic_arn="arn:topic", endpoint="arn:queue"),
    AlarmStateEntry(region="us-east-1", alarm_name="errors", state_before="OK"),
    MuteRuleEntry(region="us-east-1", rule_name="qa-1f2e3d4c"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "qa-1f2e3d4c" / "ledger.jsonl"


def test_a_ledger_that_was_never_written_is_empty(path: Path) -> None:
    assert Ledger(path).remaining() == ()


def test_every_kind_of_entry_reads_back_as_it_was_written(path: Path) -> None:
    for entry in EACH_KIND:
        Ledger(path).will_make(entry)

    assert Ledger(path).remaining() == EACH_KIND


def test_what_was_removed_is_not_remaining(path: Path) -> None:
    ledger = Ledger(path)
    for entry in EACH_KIND:
        ledger.will_make(entry)

    ledger.removed(QUEUE)

    assert ledger.remaining() == tuple(entry for entry in EACH_KIND if entry != QUEUE)


def test_a_thing_made_again_after_its_removal_remains(path: Path) -> None:
    ledger = Ledger(path)
    ledger.will_make(QUEUE)
    ledger.removed(QUEUE)

    ledger.will_make(QUEUE)

    assert ledger.remaining() == (QUEUE,)


def test_a_line_torn_by_a_crash_hides_no_other_entry(path: Path) -> None:
    ledger = Ledger(path)
    ledger.will_make(QUEUE)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"event": "made", "ki')

    ledger.will_make(EACH_KIND[0])

    assert ledger.remaining() == (QUEUE, EACH_KIND[0])


def test_workers_append_at_the_same_time_without_losing_a_line(path: Path) -> None:
    entries = [QueueEntry(region="us-east-1", queue_name=f"qa-{number}") for number in range(40)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda entry: Ledger(path).will_make(entry), entries))

    assert set(Ledger(path).remaining()) == set(entries)


def test_a_kind_from_a_newer_version_is_refused_by_name(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"event": "made", "at": "", "kind": "satellite"}), encoding="utf-8")

    with pytest.raises(QaError) as refused:
        Ledger(path).remaining()

    assert str(refused.value) == (
        f"{path} has an entry of kind 'satellite'; known are item, object, documents, queue, subscription, "
        "alarm-state, mute-rule, stack-tag. Update qa."
    )


def test_each_thing_is_told_in_words() -> None:
    assert list(map(str, EACH_KIND)) == [
        "item id=qa-1, at=7 of t in us-east-1",
        "object qa-1/x of b in us-east-1",
        "objects transactions/qa-1… of b in us-west-2",
        "queue qa-1f2e3d4c in us-east-1",
        "subscription of arn:queue to arn:topic",
        "drill of alarm errors in us-east-1",
        "mute rule qa-1f2e3d4c in us-east-1",
    ]
