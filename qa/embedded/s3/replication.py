"""Documents go to the other region some time after they were put, if the role may do it."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from moto.s3.models import FakeKey, s3_backends

from qa.embedded.kms import KmsRefusalError
from qa.embedded.world import Caller, Question

from .encryption import Encryption, of, use_as
from .refusals import S3RefusalError, denied, invalid_request
from .replica import place_replica
from .rules import Rule, replication_of

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

    from qa.embedded.world import World

log = logging.getLogger(__name__)
S3 = Caller(service="s3.amazonaws.com")
SESSION = "s3-replication"
RETRY_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One version to replicate, under the rule that was in force when it was put."""

    bucket: str
    key_name: str
    version_id: str
    rule: Rule
    role_arn: str


_statuses: WeakKeyDictionary[FakeKey, str] = WeakKeyDictionary()
_noted = threading.local()


def status_of(key: FakeKey) -> str | None:
    """Return PENDING, COMPLETED, FAILED or REPLICA; None for a version that no rule covered."""
    return _statuses.get(key)


def note(bucket: FakeBucket, key: FakeKey) -> None:
    """Mark a new version PENDING if a rule covers it; it starts with `start_noted`."""
    replication = replication_of(bucket)
    rule = replication.rule_for(key) if replication and bucket.is_versioned else None
    if replication is None or rule is None:
        return
    _statuses[key] = "PENDING"
    job = Job(
        bucket=bucket.name,
        key_name=key.name,
        version_id=key.version_id,
        rule=rule,
        role_arn=replication.role_arn,
    )
    _jobs().append(job)


def start_noted(world: World) -> None:
    """Start what this thread's request noted: moto sets tags and metadata only after the put."""
    jobs = _jobs()
    while jobs:
        _later(world, jobs.pop(0), world.settings.document_replication_lag)


def _jobs() -> list[Job]:
    if not hasattr(_noted, "jobs"):
        _noted.jobs = []
    jobs: list[Job] = _noted.jobs
    return jobs


def _later(world: World, job: Job, seconds: float) -> None:
    world.timers.after(seconds, lambda: attempt(world, job))


def attempt(world: World, job: Job) -> None:
    """Replicate one version now; wait while a fault keeps it from its way."""
    buckets = s3_backends[world.account_id]["aws"].buckets
    source, target = buckets.get(job.bucket), buckets.get(job.rule.destination)
    key = _version(source, job)
    if source is None or key is None:
        return  # destroyed before its turn
    there = source.region_name if target is None else target.region_name
    if world.faults.stops_replication("s3", source.region_name, there):
        _later(world, job, max(RETRY_SECONDS, world.settings.document_replication_lag))
        return
    try:
        _replicate(world, job, source, target, key)
    except (S3RefusalError, KmsRefusalError) as refusal:
        log.warning("replication of s3://%s/%s failed: %s", job.bucket, job.key_name, refusal)
        _statuses[key] = "FAILED"
    except Exception:
        # a policy that the judge does not model, for one: final here too, and the timers log it
        _statuses[key] = "FAILED"
        raise
    else:
        _statuses[key] = "COMPLETED"


def _version(bucket: FakeBucket | None, job: Job) -> FakeKey | None:
    versions = [] if bucket is None else bucket.keys.getlist(job.key_name, [])
    return next(
        (each for each in versions if isinstance(each, FakeKey) and each.version_id == job.version_id), None
    )


def _replicate(world: World, job: Job, source: FakeBucket, target: FakeBucket | None, key: FakeKey) -> None:
    if target is None or not target.is_versioned:
        raise invalid_request(
            f"the destination bucket {job.rule.destination!r} is not there or not versioned"
        )
    session = _assume(world, job, source)
    object_arn, target_arn = f"{source.arn}/{key.name}", f"{target.arn}/{key.name}"
    for action, resource in (
        ("s3:GetReplicationConfiguration", source.arn),
        ("s3:ListBucket", source.arn),
        ("s3:GetObjectVersionForReplication", object_arn),
        ("s3:GetObjectVersionAcl", object_arn),
    ):
        _require(world, session, action, resource, source.region_name)
    _require(world, session, "s3:ReplicateObject", target_arn, target.region_name)
    encryption = of(key)
    if encryption.by_kms:
        encryption = _re_encrypted(world, job, source, target, key, session)
    may_tag = _may(world, session, "s3:GetObjectVersionTagging", object_arn, source.region_name) and _may(
        world, session, "s3:ReplicateTags", target_arn, target.region_name
    )
    replica = place_replica(key, source, target, encryption, with_tags=may_tag)
    _statuses[replica] = "REPLICA"


def _assume(world: World, job: Job, source: FakeBucket) -> Caller:
    context = {"aws:SourceArn": source.arn, "aws:SourceAccount": world.account_id}
    _require(world, S3, "sts:AssumeRole", job.role_arn, source.region_name, context)
    return world.authorizer.role_caller(job.role_arn, SESSION)


def _re_encrypted(
    world: World, job: Job, source: FakeBucket, target: FakeBucket, key: FakeKey, session: Caller
) -> Encryption:
    before = of(key)
    use_as(world, source, key.name, before, "kms:Decrypt", session)
    default = (target.encryption or {}).get("Rule", {})
    bucket_key = before.bucket_key or str(default.get("BucketKeyEnabled")).lower() == "true"
    after = Encryption(algorithm="aws:kms", key_arn=job.rule.replica_key_arn, bucket_key=bucket_key)
    arn = use_as(world, target, key.name, after, "kms:Encrypt", session)
    return Encryption(algorithm="aws:kms", key_arn=arn, bucket_key=bucket_key)


def _require(
    world: World,
    caller: Caller,
    action: str,
    resource: str,
    region: str,
    context: dict[str, str] | None = None,
) -> None:
    if not _may(world, caller, action, resource, region, context):
        who = caller.arn or caller.service
        raise denied(f"User: {who} is not authorized to perform: {action} on resource: {resource}")


def _may(
    world: World,
    caller: Caller,
    action: str,
    resource: str,
    region: str,
    context: dict[str, str] | None = None,
) -> bool:
    # S3 speaks TLS to itself: a bucket policy that demands it must not stop replication
    facts = {"aws:SecureTransport": "true", **(context or {})}
    question = Question(caller=caller, action=action, resource=resource, region=region, context=facts)
    return world.authorizer.decide(question).allowed
