"""What nobody in particular may do: bucket policies, access control lists and what blocks them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qa.embedded.world import Decision

from .rights import bucket_named

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

    from qa.embedded.world import Question

LISTING = frozenset({"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"})
READING = frozenset({"s3:GetObject", "s3:GetObjectVersion"})
WITH_LISTS = frozenset({"ObjectWriter", "BucketOwnerPreferred"})


def decide(question: Question, decision: Decision, account_id: str) -> Decision:
    """Return the decision once public access block and access control lists have had their say."""
    if not question.caller.is_anonymous:
        return decision
    if not question.resource.startswith("arn:aws:s3:::"):
        return decision
    name, _, key = question.resource.removeprefix("arn:aws:s3:::").partition("/")
    bucket = bucket_named(name, account_id)
    if bucket is None or decision.explicit_deny:
        return decision
    block = bucket.public_access_block
    if decision.allowed and block is not None and block.restrict_public_buckets:
        return Decision(allowed=False, reason="because the bucket restricts public buckets")
    if not decision.allowed and _lists_allow(bucket, key, question.action):
        return replace(decision, allowed=True, reason="")
    return decision


def _lists_allow(bucket: FakeBucket, key: str, action: str) -> bool:
    block = bucket.public_access_block
    if not _has_lists(bucket) or (block is not None and block.ignore_public_acls):
        return False
    if action in LISTING:
        return bool(bucket.acl is not None and bucket.acl.public_read)
    found = bucket.keys.get(key) if action in READING else None
    return bool(found is not None and found.acl is not None and found.acl.public_read)


def _has_lists(bucket: FakeBucket) -> bool:
    # a bucket without a rule is BucketOwnerEnforced, as AWS makes them since April 2023
    return str(bucket.ownership_rule) in WITH_LISTS
