"""Checks of global tables: what is written in one region arrives in the others, and can be got back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from qa.probe import dynamodb
from qa.wait import WaitRejectedError, WaitTimeoutError, hold

from .pairs import pairs_of
from .ready import Common, Given, Test, ready
from .records import NOTE, TABLES, records_of, replica_in
from .verdicts import red

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.probe.dynamodb import Item

    from .naming import Name, Thing
    from .records import Records
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

STAYS_GONE = 3.0
"""Seconds in which a deleted item must not come back."""


def table_replicates(
    table: Name,
    *,
    rpo: float | None = None,
    item: Mapping[str, str] | None = None,
    mesh: bool = False,
    **common: Unpack[Common],
) -> Test:
    """A put, an update and a delete in each region are seen, equal, in every other.

    `rpo` is the objective in seconds: what takes longer is red, and the largest is measured. `item` gives
    text attributes that an item needs besides its keys. `mesh` looks at all ordered pairs, not only to and
    from the primary.

    Red: replication has stopped, works one way or takes longer than `rpo`; a replica is lost or not ACTIVE; a
    deleted item comes back.
    Needs: DynamoDB.
    """

    def body(scene: Scene, given: Given) -> None:
        records = replicated(scene, given, table, item)
        pairs = pairs_of(tuple(records.tables), mesh=mesh)
        bound = rpo if rpo is not None else given.seconds(scene)
        stated = rpo is not None or given.within is not None
        lags: list[float] = []

        def check(region: str) -> None:
            for target in (there for here, there in pairs if here == region):
                lags.extend(_round_trip(records, region, target, bound=bound, stated=stated))

        scene.in_each(records.tables, check)
        for lag in lags:
            scene.measure("replication_lag", lag)
        if rpo is not None and lags:
            scene.measure("rpo", max(lags), bound=rpo)

    return ready(2, "table_replicates", common, body, watches=STAYS_GONE)


def replicated(scene: Scene, given: Given, table: Name, item: Mapping[str, str] | None) -> Records:
    """Return a table that has a healthy replica in each region; red where one is missing."""
    scene.will_write(f"write items of its own to {table}, whose stream carries them to its consumers")
    regions = given.regions or scene.estate.regions
    tables = scene.estate.everywhere(table, TABLES, linked=replica_in(scene), regions=regions)
    for region in regions:
        if region not in tables:
            raise red(
                f"{next(iter(tables.values()))}",
                found=f"no replica in {region}",
                expected=f"a replica in each of {', '.join(regions)}",
                fix="Add the replica, or name the regions that are meant: regions=(…).",
            )
    for here, thing in tables.items():
        _expect_active(scene, thing, [each for each in regions if each != here])
    return records_of(scene, tables, item)


def _expect_active(scene: Scene, table: Thing, others: list[str]) -> None:
    state = dynamodb.table_state(scene.clients.dynamodb(table.region), table.name)
    seen = {} if state is None else {each: state.other_replicas.get(each, "no replica") for each in others}
    if state is None or set(seen.values()) - {"ACTIVE"}:
        raise red(
            table,
            found="no table" if state is None else f"replicas {seen}",
            expected=f"an ACTIVE replica in {', '.join(others)}",
            fix="A lost replica must be added again; one that is being made needs time.",
        )


def _round_trip(records: Records, home: str, away: str, *, bound: float, stated: bool) -> list[float]:
    """Put, change and delete one item and see each arrive; return the seconds of put and update."""
    made = records.new(home)
    try:
        lags = [_arrival(records, home, away, (made, made), bound=bound, stated=stated, what="put")]
        changed = records.change(home, made, f"as changed in {home}")
        lags.append(_arrival(records, home, away, (made, changed), bound=bound, stated=stated, what="update"))
    finally:
        records.delete(home, made)
    _arrival(records, home, away, (made, None), bound=bound, stated=stated, what="delete")
    _expect_gone(records, (home, away), made)
    return lags


def _arrival(
    records: Records,
    home: str,
    away: str,
    items: tuple[Item, Item | None],
    *,
    bound: float,
    stated: bool,
    what: str,
) -> float:
    made, expected = items
    try:
        return records.seconds_until(away, made, expected, within=bound)
    except WaitTimeoutError as late:
        raise records.scene.too_late(
            records.tables[away],
            found=f"{_text(late.last)} {late.elapsed:.1f} s after the {what} in {home}",
            expected=f"{_text(expected)} within {bound:g} s",
            fix=f"Look at the replication from {home} to {away}: ReplicationLatency, the replica's status, "
            "its key.",
            stated=stated,
        ) from late


def _text(item: object) -> str:
    if not isinstance(item, dict):
        return "no item"
    note = item.get(NOTE, {}).get("S")
    return f"the item {note}" if note else f"the item {item}"


def _expect_gone(records: Records, regions: tuple[str, ...], item: Item) -> None:
    try:
        hold(
            lambda: {region: records.read(region, item) for region in regions},
            lambda seen: not any(seen.values()),
            what=f"deleted item {records.text(item)}",
            seconds=STAYS_GONE,
        )
    except WaitRejectedError as back:
        where = [region for region, seen in back.last.items() if seen] if isinstance(back.last, dict) else []
        raise red(
            records.tables[where[0] if where else regions[0]],
            found=f"the deleted item {records.text(item)} again",
            expected="that it stays deleted",
            fix="Look for a writer that restores items, such as a stream consumer without a condition.",
        ) from back
