"""Checks of two regions against one another: alike in settings, and data only where it may be."""

from __future__ import annotations

import fnmatch
import json
import re
from typing import TYPE_CHECKING, Any, Unpack

from qa.probe import dynamodb, kms, s3, sns

from .alarms import ALARMS, TOPICS, alarm_of
from .buckets import BUCKETS
from .events import FUNCTIONS
from .keys import KEYS
from .live_settings import READERS
from .naming import Thing, plain_name, region_of
from .pairing import SIDES, Held, pair
from .ready import Common, Given, Test, ready
from .records import TABLES
from .verdicts import red

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

ONE_FOR_ALL = frozenset({"AWS::DynamoDB::GlobalTable"})
"""Types of which one stack owns the thing of all regions."""
MOST = 12
"""Differences that a failure lists."""


def regions_match(*, except_: Collection[str] = (), **common: Unpack[Common]) -> Test:
    """Paired resources are alike in settings and rights, live, but for region, account, names and exceptions.

    Compared are functions, alarms, buckets, keys, roles, topics, log groups and tables, the first region with
    each other. `except_` has patterns of `LogicalId.Setting`, such as `"ApiFunction.Environment.STAGE"` or
    `"*.RetentionInDays"`.

    Red: a timeout, threshold, variable, right or retention that one region lacks; a resource that only one
    region has although no condition of the template says so.
    Needs: the services of the compared types.
    """

    def body(scene: Scene, given: Given) -> None:
        primary, *others = given.regions or scene.estate.regions

        def check(region: str) -> None:
            found = [each for each in _differences(scene, primary, region) if not _excepted(each, except_)]
            if found:
                raise red(
                    f"{region}, compared with {primary}",
                    found=f"{len(found)} difference(s): {'; '.join(found[:MOST])}",
                    expected="the same settings and rights",
                    fix='Set both alike, or except what is meant: except_=("LogicalId.Setting",).',
                )

        scene.in_each(others, check)

    return ready(8, "regions_match", common, body)


def _excepted(difference: str, patterns: Collection[str]) -> bool:
    name = difference.partition(" ")[0]
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _differences(scene: Scene, here: str, there: str) -> Iterator[str]:
    own, others = scene.estate.held(here), scene.estate.held(there)
    partners: list[tuple[Held, Held]] = []
    for each in own:
        if each.type not in READERS:
            continue
        found = pair(each, own, others)
        if found.partner is not None:
            partners.append((each, found.partner))
        elif not _is_meant_alone(scene, each):
            yield f"{each.logical_id} is only in {here}"
    paired = {partner.logical_id for _, partner in partners}
    for each in others:
        if each.type in READERS and each.logical_id not in paired and not _is_meant_alone(scene, each):
            yield f"{each.logical_id} is only in {there}"
    names = {region: _names(scene, partners, region, (here, there)) for region in (here, there)}
    for mine, partner in partners:
        yield from _of_pair(scene, mine, partner, names)


def _is_meant_alone(scene: Scene, held: Held) -> bool:
    """Say whether a resource is in one region on purpose: a condition says so, or it is of all regions."""
    resource = scene.estate.template(held.region, held.stack).resources.get(held.logical_id)
    return held.type in ONE_FOR_ALL or (resource is not None and resource.condition is not None)


def _of_pair(
    scene: Scene, mine: Held, partner: Held, names: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterator[str]:
    settings = []
    for each in (mine, partner):
        thing = Thing(region=each.region, physical_id=each.physical_id, type=each.type)
        read = READERS[each.type](scene, thing)
        settings.append({key: _neutral(value, names[each.region]) for key, value in read.items()})
    first, second = settings
    for key in sorted(first.keys() | second.keys()):
        if first.get(key) != second.get(key):
            yield (
                f"{mine.logical_id}.{key} is {_short(first.get(key))} in {mine.region} and "
                f"{_short(second.get(key))} in {partner.region}"
            )


def _short(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return text if len(text) <= 160 else f"{text[:160]}…"


def _names(
    scene: Scene, partners: Sequence[tuple[Held, Held]], region: str, both: tuple[str, str]
) -> list[tuple[str, str]]:
    """Return what a region's own names become, longest first, so that both regions speak alike."""
    other = both[1] if region == both[0] else both[0]
    found = {region: "{region}", other: "{other}", scene.estate.account: "{account}"}
    for mine, partner in partners:
        for each in (mine, partner):
            word = mine.logical_id if each.region == region else f"other {mine.logical_id}"
            for name in {each.physical_id, plain_name(each.physical_id)}:
                # a multi-Region key has one ID in both regions: then it is nobody's own
                found[name] = f"<{mine.logical_id}>" if _is_shared(mine, partner) else f"<{word}>"
    return sorted(found.items(), key=lambda each: -len(each[0]))


def _is_shared(mine: Held, partner: Held) -> bool:
    return plain_name(mine.physical_id) == plain_name(partner.physical_id)


def _neutral(value: Any, names: Sequence[tuple[str, str]]) -> Any:
    if isinstance(value, dict):
        pairs = ((_neutral(key, names), _neutral(each, names)) for key, each in value.items())
        return dict(sorted(pairs, key=str))
    if isinstance(value, list | tuple):
        return [_neutral(each, names) for each in value]
    if not isinstance(value, str):
        return value
    for name, word in names:
        value = value.replace(name, word)
    return _SIDE.sub("{side}", value)


_WORDS = "|".join(sorted(SIDES - {"1", "2", "one", "two"}))
_SIDE = re.compile(rf"(?<![a-z0-9])(?:{_WORDS})(?![a-z0-9])", re.IGNORECASE)


def data_stays_in(allowed: Collection[str], **common: Unpack[Common]) -> Test:
    """No replica, copy, subscription, alarm action, variable or key of the stacks leads out of the regions.

    Red: a table's replica, a bucket's replication, a key's replica, a topic's subscriber, an alarm's action
    or a function's variable of a region that is not in the list.
    Needs: the services of these types.
    """

    def body(scene: Scene, given: Given) -> None:
        def check(region: str) -> None:
            paths = {
                path: where
                for held in scene.estate.held(region)
                for path, where in _paths(scene, held)
                if where not in allowed
            }
            if region not in allowed and scene.estate.held(region):
                paths = {f"the stacks of {region}": region, **paths}
            if paths:
                listed = "; ".join(f"{path} to {where}" for path, where in paths.items())
                raise red(
                    f"the data of {region}",
                    found=f"ways out: {listed}",
                    expected=f"only {', '.join(sorted(allowed))}",
                    fix="Take the way out, or add the region to the list.",
                )

        scene.in_each(given.regions or scene.estate.regions, check)

    return ready(21, "data_stays_in", common, body)


def _paths(scene: Scene, held: Held) -> Iterator[tuple[str, str]]:
    """Yield by which way data of a thing gets to which region."""
    thing = Thing(
        region=held.region, physical_id=held.physical_id, logical_id=held.logical_id, type=held.type
    )
    if held.type in TABLES:
        state = dynamodb.table_state(scene.clients.dynamodb(held.region), thing.name)
        yield from ((f"a replica of {thing}", each) for each in (state.other_replicas if state else ()))
    elif held.type in BUCKETS:
        yield from _copies(scene, thing)
    elif held.type in KEYS:
        regions = kms.regions_of(scene.clients.kms(held.region), thing.physical_id)
        yield from ((f"a replica of {thing}", each) for each in regions)
    else:
        yield from (
            (f"{what} of {thing}", region_of(arn) or held.region) for what, arn in _arns(scene, thing)
        )


def _copies(scene: Scene, bucket: Thing) -> Iterator[tuple[str, str]]:
    client = scene.clients.s3(bucket.region)
    found = s3.replication(client, bucket.name)
    for rule in found.rules if found else ():
        target = plain_name(rule.destination)
        region = s3.bucket_region(client, target)
        yield f"rule {rule.rule_id!r} of {bucket} with copies in {target}", region or "nowhere"


def _arns(scene: Scene, thing: Thing) -> Iterator[tuple[str, str]]:
    """Yield the ARNs that a thing sends to."""
    if thing.type in TOPICS:
        for each in sns.subscriptions(scene.clients.sns(thing.region), thing.physical_id):
            yield "a subscription", each.endpoint
    elif thing.type in ALARMS:
        yield from (("an action", each) for each in alarm_of(scene, thing).actions)
    elif thing.type in FUNCTIONS:
        for name, value in READERS["AWS::Lambda::Function"](scene, thing).items():
            if name.startswith("Environment.") and isinstance(value, str):
                yield f"variable {name.removeprefix('Environment.')}", value
