"""Bucket policies that let in everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    BUCKET,
    get_nested,
    resolve_resource,
    resources_of_type,
)
from qa.checks.knowledge.rights import is_unbounded, statements
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.rights import Statement
    from qa.template import EvaluatedResource

_BLOCK = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"


@rule("public-bucket-policy", severity=Severity.ERROR, source=_BLOCK)
def public_bucket_policy(context: Context) -> Iterator[Fault]:
    """A public bucket policy on a bucket that takes none, or that lets everybody write or list.

    S3 refuses a policy that lets everybody in ("Access Denied", s3:PutBucketPolicy) while
    BlockPublicPolicy is on, as it is on every bucket that says nothing. Where it is off, reading for
    everybody is a web site; writing, deleting and listing for everybody is a warning.
    """
    for stack, policy in resources_of_type(context, "AWS::S3::BucketPolicy"):
        found = resolve_resource(policy.properties.get("Bucket"), stack, (stack,))
        bucket = found.resource if found and found.resource.type == BUCKET else None
        for one in statements(policy.properties.get("PolicyDocument")) or ():
            is_open = one.is_allow and "*" in one.aws and is_unbounded(one) and not one.is_by_exception
            message = _public(one, bucket) if is_open else None
            if message:
                is_blocked = message.startswith("S3 refuses")
                yield Fault(
                    path=stack.path_of(policy.logical_id, "PolicyDocument", *one.steps),
                    region=stack.region,
                    severity=None if is_blocked else Severity.WARNING,
                    message=message,
                    actual=sorted(map(str, one.actions)),
                    expected="principals by name, or a condition that says who",
                    fix="name the principals"
                    + (", or set BlockPublicPolicy and RestrictPublicBuckets to false" if is_blocked else ""),
                )


def _public(statement: Statement, bucket: EvaluatedResource | None) -> str | None:
    if bucket is not None:
        block = bucket.properties.get("PublicAccessBlockConfiguration", {})
        flag = True if block == {} else get_nested(block, "BlockPublicPolicy")
        if not isinstance(block, Unknown) and (flag is True or flag == "true"):
            return "S3 refuses this policy: it lets everybody in, and the bucket blocks public policies"
    writes = ("s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:PutBucketPolicy")
    open_ones = [action for action in writes if statement.names(action)]
    return f"Everybody may {', '.join(open_ones)}" if open_ones else None
