"""Checks with a region taken away: the others go on without it, and it comes back."""

from __future__ import annotations

import dataclasses
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from qa.embedded.control import Control
from qa.errors import QaError
from qa.probe import cloudwatch, dynamodb, s3
from qa.stack.events import DeployError
from qa.stack.ledger import StackTagEntry
from qa.stack.stack_tags import put_tag, take_tag
from qa.wait import WaitTimeoutError, until

from .alarms import ALARMS
from .barred import BarredError, clients_without
from .events import FUNCTIONS, Event, ItemLeft, Left, Sent, expect_answer, invoke, item_key, new_event
from .functions import expect_ready
from .ready import Common, Given, Test, ready
from .records import EVERY, TABLES, records_of, replica_in
from .stacks import names_of
from .verdicts import NotExercisedError, red

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from .naming import Name, Thing
    from .records import Records
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check


def survives_loss(
    region: str,
    *,
    calls: Name,
    event: Event,
    expect: object = None,
    leaves: Sequence[Left] = (),
    rto: float | None = None,
    **common: Unpack[Common],
) -> Test:
    """With a region lost to the caller and to all code, old records are readable and new work is done.

    `calls` is a function; `event`, `expect` and `leaves` are those of `function_answers`. The items
    that it leaves of an event before the loss are the old records. `rto` is the objective in seconds, which
    leaves out the detection of the loss and the decision; the time is measured in any case.

    Red: a hidden client, key, table or endpoint of the lost region in the way of the others; an old record
    that is not there; more seconds than `rto`.
    Needs: faults, hence the embedded AWS, and all that the function calls. It runs alone.
    """

    def body(scene: Scene, given: Given) -> None:
        regions = given.regions or scene.estate.regions
        functions = scene.estate.everywhere(calls, FUNCTIONS, regions=regions)
        survivors = {name: each for name, each in functions.items() if name != region}
        _expect_survivors(scene, region, survivors, calls)
        old = _worked_before(scene, given, functions, (event, expect, leaves))
        new = {name: new_event(scene, event, leaves) for name in survivors}

        def check(survivor: str) -> None:
            begun = time.monotonic()
            alone = _without(scene, region, survivor)
            _expect_old(alone, survivor, old, lost=region)
            _expect_new(alone, survivors[survivor], new[survivor], expect, lost=region)
            _expect_within(scene, survivors[survivor], time.monotonic() - begun, rto)

        with region_lost(scene, region):
            scene.in_each(survivors, check)

    return ready(5, "survives_loss", common, body, alone=True)


@contextmanager
def region_lost(scene: Scene, region: str) -> Iterator[None]:
    """Keep everybody from a region inside the block, functions included: nobody gets an answer there.

    Raises NotExercisedError where nobody can take a region away.
    """
    control = _control(
        scene, f"nothing keeps functions from {region} at this target; on the embedded AWS it is taken away"
    )
    fault = control.start_fault("region-lost", region=region)
    try:
        yield
    finally:
        control.end_fault(fault)


def _control(scene: Scene, reason: str) -> Control:
    """Return the control routes of the run's own embedded AWS; NotExercisedError with the reason without."""
    target = scene.estate.live.target
    if not scene.is_embedded or target.endpoint is None or target.credentials is None:
        raise NotExercisedError(reason)
    return Control(target.endpoint, secret=target.credentials.secret_access_key)


def _without(scene: Scene, lost: str, survivor: str) -> Scene:
    return dataclasses.replace(
        scene, clients=clients_without(scene.clients, lost, surviving=survivor), reasons=scene.reasons
    )


def _expect_survivors(scene: Scene, region: str, survivors: Mapping[str, Thing], calls: Name) -> None:
    if region not in scene.estate.regions:
        raise QaError(f"{region!r} is no region of this run; its regions: {', '.join(scene.estate.regions)}.")
    if not survivors:
        raise red(
            calls,
            found=f"a function in {region} only",
            expected="one in another region, too",
            fix=f"With {region} it would be gone.",
        )


def _worked_before(
    scene: Scene,
    given: Given,
    functions: Mapping[str, Thing],
    work: tuple[Event, object, Sequence[Left]],
) -> tuple[Old, ...]:
    """Let the first region work on an event, and wait until the others have its items; return these."""
    event, expect, leaves = work
    items = [each for each in leaves if isinstance(each, ItemLeft)]
    if not items:
        return ()
    sent = new_event(scene, event, leaves)
    expect_answer(scene, next(iter(functions.values())), sent, expect)
    old = []
    for left in items:
        tables = scene.estate.everywhere(left.table, TABLES, linked=replica_in(scene))
        key = item_key(scene, next(iter(tables.values())), left, sent)
        old += [Old(table=tables[region], key=key) for region in functions if region in tables]
    for each in old:
        _await_item(scene, each, within=given.seconds(scene))
    return tuple(old)


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """An item that was written before the loss, in one region."""

    table: Thing
    key: dynamodb.Item

    def read(self, scene: Scene) -> dynamodb.Item | None:
        """Return the item as its region has it."""
        return dynamodb.item(scene.clients.dynamodb(self.table.region), self.table.name, self.key)


def _await_item(scene: Scene, old: Old, *, within: float) -> None:
    try:
        until(
            lambda: old.read(scene),
            lambda item: item is not None,
            what=str(old.table),
            within=within,
            every=EVERY,
        )
    except WaitTimeoutError as late:
        raise scene.too_late(
            old.table,
            found=f"no item {old.key} {late.elapsed:.1f} s after the work",
            expected="the replicated item",
            fix="Look at the replication, or at the key that `leaves` names.",
            stated=False,
        ) from late


def _expect_old(scene: Scene, region: str, old: Sequence[Old], *, lost: str) -> None:
    for each in old:
        if each.table.region == region and each.read(scene) is None:
            raise red(
                each.table,
                found=f"no item {each.key} without {lost}",
                expected=f"the record that {lost} wrote before",
                fix="Replicate the table.",
            )


def _expect_new(scene: Scene, function: Thing, sent: Sent, expect: object, *, lost: str) -> None:
    try:
        expect_answer(scene, function, sent, expect)
    except BarredError as barred:
        raise red(
            function,
            found=str(barred),
            expected=f"no request to {lost}",
            fix="Use the region's own endpoint and names.",
        ) from barred
    except AssertionError as failed:
        raise AssertionError(
            f"{failed} This is without {lost}: look for a client, key, table, bucket or endpoint of it in "
            "code, variables and rights."
        ) from failed


def _expect_within(scene: Scene, function: Thing, seconds: float, rto: float | None) -> None:
    scene.measure("rto", seconds, bound=rto)
    if rto is not None and seconds > rto:
        raise red(
            function,
            found=f"{seconds:.1f} s until old records were read and new work was done",
            expected=f"at most {rto:g} s",
            fix="Look at time-outs and retries against the lost region.",
        )


def stays_in_region(
    calls: Name,
    event: Event,
    *,
    leaves: Sequence[Left] = (),
    allow: Collection[str] = (),
    **common: Unpack[Common],
) -> Test:
    """Serving an event, a region's function sends nothing to another region.

    `allow` names what may go elsewhere, as `service:Operation` or `service:*`, such as `"iam:*"`.

    Red: a client of another region, an SDK's default region, a secret, topic or bucket of another region.
    Needs: the request log of the embedded AWS, and all that the function calls. It runs alone.
    """

    def body(scene: Scene, given: Given) -> None:
        functions = scene.estate.everywhere(calls, FUNCTIONS, regions=given.regions or scene.estate.regions)
        control = _control(
            scene, "no request of a function is seen at this target; on the embedded AWS it is"
        )
        for region, function in functions.items():  # one after the other: the log does not tell them apart
            sent = new_event(scene, event, leaves)
            last = max((each["number"] for each in control.requests()), default=0)
            invoke(scene, function, sent)
            abroad = [
                f"{each['service']}:{each['operation']} in {where}"
                for each in control.requests()
                if each["number"] > last and not each["administrator"]
                for where in [_goes_to(scene, each, region)]
                if where != region and not _is_allowed(each, allow)
            ]
            if abroad:
                raise red(
                    function,
                    found=f"requests to other regions: {', '.join(dict.fromkeys(abroad))}",
                    expected=f"requests to {region} alone",
                    fix="Give the client the region of the function (AWS_REGION), and name the region's own "
                    "things; what must go elsewhere is named in allow=.",
                )

    return ready(6, "stays_in_region", common, body, alone=True)


def _goes_to(scene: Scene, request: Mapping[str, Any], home: str) -> str:
    """Return the region that serves a request: of S3 that of the bucket, whatever it is signed for."""
    if request["bucket"]:
        return s3.bucket_region(scene.clients.s3(home), request["bucket"]) or request["region"]
    return str(request["region"])


def _is_allowed(request: Mapping[str, Any], allow: Collection[str]) -> bool:
    return not {f"{request['service']}:{request['operation']}", f"{request['service']}:*"}.isdisjoint(allow)


def update_survives_loss(region: str, stack: str | None = None, **common: Unpack[Common]) -> Test:
    """With a region lost, the stacks of the others still take an update: a change set is made and executed.

    The update puts a tag of the run on the stack, and another one takes it away again.

    Red: a change set that fails or is rolled back without the lost region: a template, code or package in its
    bucket, a parameter or custom resource of it.
    Needs: faults, hence the embedded AWS, and CloudFormation. It runs alone.
    """

    def body(scene: Scene, given: Given) -> None:
        survivors = [each for each in given.regions or scene.estate.regions if each != region]

        def check(survivor: str) -> None:
            for name in names_of(scene, survivor, stack):
                _expect_update(scene, survivor, name, lost=region)

        with region_lost(scene, region):
            scene.in_each(survivors, check)

    return ready(9, "update_survives_loss", common, body, alone=True)


def _expect_update(scene: Scene, region: str, stack_name: str, *, lost: str) -> None:
    entry = StackTagEntry(region=region, stack_name=stack_name, tag=scene.run_id)
    scene.ledger.will_make(entry)
    try:
        found = put_tag(scene.clients, entry)
    except DeployError as failed:
        found = str(failed)
    if found != "UPDATE_COMPLETE":
        raise red(
            f"stack {stack_name} in {region}",
            found=f"{found} without {lost}",
            expected="UPDATE_COMPLETE",
            fix="Look at its first failed event: what the stack is made of must lie in its own region.",
        )
    take_tag(scene.clients, entry)
    scene.ledger.removed(entry)


def comes_back(region: str, *, table: Name, calls: Name | None = None, **common: Unpack[Common]) -> Test:
    """After a lost region is back, it has what was written meanwhile, deletions too, and works again.

    While the region is lost, one item is written in another region and one that both had is deleted there.
    `calls` is a function that must be ready again.

    Red: an item that does not arrive after the return; a deleted one that comes back; a function that is not
    ready; an alarm that still rings.
    Needs: faults, hence the embedded AWS, and DynamoDB. It runs alone.
    """

    def body(scene: Scene, given: Given) -> None:
        regions = given.regions or scene.estate.regions
        tables = scene.estate.everywhere(table, TABLES, linked=replica_in(scene), regions=regions)
        records = records_of(scene, tables, None)
        survivor = next(each for each in regions if each != region)
        doomed = records.new(survivor)
        _expect_in(records, region, doomed, doomed, given.seconds(scene))
        with region_lost(scene, region):
            made = records.new(survivor)
            records.delete(survivor, doomed)
        try:
            _expect_in(records, region, made, made, given.seconds(scene))
            _expect_in(records, region, doomed, None, given.seconds(scene))
        finally:
            records.delete(survivor, made)
        _expect_works(scene, given, region, calls)

    return ready(24, "comes_back", common, body, alone=True)


def _expect_in(
    records: Records, region: str, item: dynamodb.Item, expected: dynamodb.Item | None, within: float
) -> None:
    try:
        records.seconds_until(region, item, expected, within=within)
    except WaitTimeoutError as late:
        raise red(
            records.tables[region],
            found=f"{'no' if late.last is None else 'the old'} item {records.text(item)} "
            f"{late.elapsed:.1f} s after the return",
            expected="what was written, and not what was deleted, while it was lost",
            fix="Look at the replication to it: it has stopped, or a writer restores what was deleted.",
        ) from late


def _expect_works(scene: Scene, given: Given, region: str, calls: Name | None) -> None:
    if calls is not None:
        function = scene.estate.everywhere(calls, FUNCTIONS, regions=(region,))[region]
        expect_ready(scene, function, within=given.seconds(scene))
    for name in sorted(each.physical_id for each in scene.estate.held(region, ALARMS)):
        alarm = cloudwatch.alarms(scene.clients.cloudwatch(region), [name]).get(name)
        if alarm is not None and alarm.state == "ALARM":
            raise red(
                f"{name} in {region}",
                found=f"ALARM after the return: {alarm.reason}",
                expected="that it does not ring any more",
                fix="Look at its metric: something of the loss goes on.",
            )
