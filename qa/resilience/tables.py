"""Checks of global tables: what is written in one region arrives in the others, and can be got back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Unpack

from qa.probe import dynamodb, s3
from qa.wait import WaitRejectedError, WaitTimeoutError, hold, until

from .buckets import BUCKETS, destination_of
from .pairs import pairs_of
from .ready import Common, Given, Test, ready
from .records import NOTE, TABLES, records_of, replica_in
from .verdicts import red

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa.probe.dynamodb import Item

    from .naming import Name, Thing
    from .records import Records
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

RECENT = timedelta(minutes=15)
"""How old the last moment may be to which a table can be restored; AWS says five minutes."""
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


def table_converges(
    table: Name, *, item: Mapping[str, str] | None = None, writes: int = 5, **common: Unpack[Common]
) -> Test:
    """Simultaneous writes of one item in all regions end equal everywhere, as one of what was written.

    AWS lets the last writer win: writes that were acknowledged and are gone are counted, as `qa.lost_writes`,
    and are not red. `writes` is how many items are written.

    Red: regions that stay different, or hold what nobody wrote.
    Needs: DynamoDB.
    """

    def body(scene: Scene, given: Given) -> None:
        records = replicated(scene, given, table, item)
        with ThreadPoolExecutor(writes) as pool:
            lost = list(
                pool.map(lambda _: _race(records, given.seconds(scene), stated=given.within), range(writes))
            )
        scene.record("qa.lost_writes", f"{sum(lost)} of {writes * len(records.tables)}")

    return ready(15, "table_converges", common, body)


def _race(records: Records, within: float, *, stated: float | None) -> int:
    """Write one item in all regions at once and return how many of the writes are gone in the end."""
    regions = tuple(records.tables)
    planned = records.planned(regions[0])
    versions = {region: {**planned, NOTE: {"S": f"by {region}"}} for region in regions}
    together = threading.Barrier(len(regions))

    def write(region: str) -> None:
        together.wait(30)
        records.put(region, versions[region])

    with records.removing(regions[0], planned):
        with ThreadPoolExecutor(len(regions)) as writers:
            list(writers.map(write, regions))
        winner = _converged(records, regions, planned, within=within, stated=stated)
    if winner not in versions.values():
        raise red(
            records.tables[regions[0]],
            found=f"{winner} in all regions",
            expected="one of what was written at once",
            fix="Look for another writer of this table.",
        )
    return len(regions) - 1


def _converged(
    records: Records, regions: tuple[str, ...], item: Item, *, within: float, stated: float | None
) -> Item | None:
    """Wait until all regions were equal in three reads on end, and return what they hold."""
    recent: list[tuple[Item | None, ...]] = []

    def read_all() -> list[tuple[Item | None, ...]]:
        recent.append(tuple(records.read(region, item) for region in regions))
        return recent[-3:]

    try:
        seen = until(
            read_all,
            lambda rows: len(rows) == 3 and all(each == rows[0][0] for row in rows for each in row),
            what=records.text(item),
            within=within,
            every=0.2,
        )
    except WaitTimeoutError as apart:
        held = dict(zip(regions, (_text(each) for each in recent[-1]), strict=True))
        raise records.scene.too_late(
            next(iter(records.tables.values())),
            found=f"{held} {apart.elapsed:.1f} s after simultaneous writes",
            expected="the same item in all regions",
            fix="The replicas have diverged: look at the replication in both directions.",
            stated=stated is not None,
        ) from apart
    return seen[-1][0]


def restorable(table_or_bucket: Name, **common: Unpack[Common]) -> Test:
    """A table has point-in-time recovery that is recent, or a bucket its versions, in each region.

    Point-in-time recovery is set per replica. Nothing is restored.

    Red: recovery or versioning off in a region; a table that could only be restored to a moment more than
    15 minutes ago.
    Needs: DynamoDB or S3.
    """

    def body(scene: Scene, given: Given) -> None:
        kinds = TABLES | BUCKETS
        regions = given.regions or scene.estate.regions
        things = scene.estate.everywhere(table_or_bucket, kinds, linked=_linked(scene), regions=regions)

        def check(region: str) -> None:
            thing = things[region]
            if thing.type in BUCKETS:
                _expect_versioned(scene, thing)
            else:
                _expect_recovery(scene, thing)

        scene.in_each(things, check)

    return ready(20, "restorable", common, body)


def _linked(scene: Scene) -> Callable[[Thing, str], str | None]:
    """Return how a table or a bucket is linked with its like in another region."""

    def linked(thing: Thing, region: str) -> str | None:
        of = destination_of(scene) if thing.type in BUCKETS else replica_in(scene)
        return of(thing, region)

    return linked


def _expect_versioned(scene: Scene, bucket: Thing) -> None:
    found = s3.versioning(scene.clients.s3(bucket.region), bucket.name)
    if found != "Enabled":
        raise red(
            bucket,
            found=f"versioning {found or 'never enabled'}",
            expected="Enabled",
            fix="Enable it: what is overwritten or deleted now cannot be got back, and nothing replicates.",
        )


def _expect_recovery(scene: Scene, table: Thing) -> None:
    client = scene.clients.dynamodb(table.region)
    recovery = dynamodb.recovery(client, table.name)
    if recovery.status != "ENABLED":
        raise red(
            table,
            found=f"point-in-time recovery {recovery.status}",
            expected="ENABLED",
            fix="Enable it for this replica: it is set per replica.",
        )
    if recovery.latest is not None and datetime.now(UTC) - recovery.latest > RECENT:
        raise red(
            table,
            found=f"that it can be restored to {recovery.latest:%Y-%m-%d %H:%M} UTC at the latest",
            expected=f"a moment within the last {RECENT.total_seconds() / 60:.0f} minutes",
            fix="Look at the table's continuous backups.",
        )
