"""Checks of buckets: objects arrive in the paired bucket, as they were put."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Unpack

from qa.probe import s3
from qa.stack.ledger import ObjectEntry
from qa.wait import WaitRejectedError, WaitTimeoutError, until

from .naming import plain_name, region_of
from .ready import Common, Given, Test, ready
from .verdicts import NotExercisedError, red, refusals_of_the_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.probe.s3 import ReplicationRule

    from .naming import Name, Thing
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

BUCKETS = frozenset({"AWS::S3::Bucket"})
ROLE = (
    "Look at the rule's role: s3:GetObjectVersionForReplication… at the source, s3:ReplicateObject at the "
    "destination, kms:Decrypt on the source's key and kms:Encrypt on the destination's."
)


def objects_replicate(bucket: Name, **common: Unpack[Common]) -> Test:
    """Objects arrive in the paired bucket, in each direction that has a rule, unchanged, under the local key.

    `within` states an objective, such as the 900 s of Replication Time Control.

    Red: FAILED; an object that no rule selects (KMS-encrypted objects not selected); no rule at all; other
    bytes, another version, or a copy under a key of another region.
    Needs: S3, KMS and IAM.
    """

    def body(scene: Scene, given: Given) -> None:
        scene.will_write(f"put an object of its own into {bucket}, whose notifications carry it on")
        regions = given.regions or scene.estate.regions
        buckets = scene.estate.everywhere(bucket, BUCKETS, linked=destination_of(scene), regions=regions)
        rules = {region: _rules(scene, each) for region, each in buckets.items()}
        if not any(rules.values()):
            raise red(
                next(iter(buckets.values())),
                found="no replication rule that is Enabled, in any region",
                expected="one to the bucket of another region",
                fix="Add a ReplicationConfiguration, or take the check out if the data may be lost.",
            )

        def check(region: str) -> None:
            for rule in rules[region]:
                _expect_arrival(scene, given, buckets[region], rule)

        scene.in_each([region for region in buckets if rules[region]], check)

    return ready(7, "objects_replicate", common, body)


def destination_of(scene: Scene) -> Callable[[Thing, str], str | None]:
    """Return how S3 links a bucket with one in another region: a rule's destination that lies there."""

    def linked(bucket: Thing, region: str) -> str | None:
        names = [plain_name(rule.destination) for rule in _rules(scene, bucket)]
        there = [name for name in names if _region_of(scene, name, bucket.region) == region]
        return there[0] if len(there) == 1 else None

    return linked


def _region_of(scene: Scene, bucket: str, asked_in: str) -> str | None:
    """Return the region of a bucket: of the run's own by its stacks, else by S3; None if there is none."""
    for region in scene.estate.regions:
        if any(each.physical_id == bucket for each in scene.estate.held(region, BUCKETS)):
            return region
    return s3.bucket_region(scene.clients.s3(asked_in), bucket)


def _rules(scene: Scene, bucket: Thing) -> tuple[ReplicationRule, ...]:
    with refusals_of_the_stack():
        found = s3.replication(scene.clients.s3(bucket.region), bucket.name)
    return () if found is None else tuple(each for each in found.rules if each.status == "Enabled")


def _expect_arrival(scene: Scene, given: Given, home: Thing, rule: ReplicationRule) -> None:
    if rule.tags:
        raise NotExercisedError(f"rule {rule.rule_id!r} of {home} selects by tags {sorted(rule.tags)}")
    target = plain_name(rule.destination)
    away_region = _region_of(scene, target, home.region)
    if away_region is None:
        raise red(
            home,
            found=f"rule {rule.rule_id!r} to {target}, which does not exist",
            expected="a bucket",
            fix="Create the destination, or correct the rule.",
        )
    key = f"{rule.prefix}{scene.run_id}/{secrets.token_hex(6)}.json"
    for region, name in ((home.region, home.name), (away_region, target)):
        scene.ledger.will_make(ObjectEntry(region=region, bucket=name, key=key))
    body = json.dumps({"from": home.region, "noise": secrets.token_hex(64)}).encode()
    with refusals_of_the_stack():
        version = s3.put_document(scene.clients.s3(home.region), home.name, key, body)
    _await(scene, given, home, (key, version, rule))
    copy = s3.document(scene.clients.s3(away_region), target, key)
    found = "nothing" if copy is None else _differences(copy, body, version, away_region)
    if found:
        raise red(
            f"{target} in {away_region}",
            found=f"{found} of {key!r}",
            expected=f"the bytes and the version put in {home.region}, a replica under its own key",
            fix=f"Look at the destination of rule {rule.rule_id!r}: another writer, or its ReplicaKmsKeyID.",
        )


def _await(scene: Scene, given: Given, home: Thing, sent: tuple[str, str, ReplicationRule]) -> None:
    key, version, rule = sent
    client, seconds = scene.clients.s3(home.region), given.seconds(scene)
    to = f"rule {rule.rule_id!r} to {plain_name(rule.destination)}"
    try:
        until(
            lambda: s3.replication_status(client, home.name, key, version),
            lambda status: status == "COMPLETED",
            # no status at all: no rule selects the object, and none ever will
            reject=lambda status: status in ("FAILED", "absent", None),
            what=key,
            within=seconds,
        )
    except WaitRejectedError as ended:
        selects = "" if rule.selects_kms_encrypted else " It does not select KMS-encrypted objects."
        raise red(
            home,
            found=f"replication {ended.last or 'of no rule'} by {to}",
            expected="COMPLETED",
            fix=f"{ROLE}{selects}",
        ) from ended
    except WaitTimeoutError as late:
        raise scene.too_late(
            home,
            found=f"replication still {late.last} after {late.elapsed:.0f} s by {to}",
            expected=f"COMPLETED within {seconds:g} s",
            fix=ROLE,
            stated=given.within is not None,
        ) from late


def _differences(copy: s3.Document, body: bytes, version: str, region: str) -> str:
    """Return in what a copy is not what was put, in words; empty if in nothing."""
    wrong = []
    if copy.body != body:
        wrong.append("other bytes")
    if copy.version_id != version:
        wrong.append(f"version {copy.version_id}")
    if copy.replication != "REPLICA":
        wrong.append(f"an object that is no replica ({copy.replication})")
    if copy.key_arn is not None and region_of(copy.key_arn) not in {None, region}:
        wrong.append(f"the key {copy.key_arn}")
    return ", ".join(wrong)
