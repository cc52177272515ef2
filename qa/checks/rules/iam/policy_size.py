"""How long a policy IAM, KMS, S3, SNS and SQS take at most."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    KEY,
    REPLICA_KEY,
    ROLE,
    known_part,
    listed,
    mappings,
    resources_of_type,
)
from qa.checks.knowledge.rights import policies_of
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource, Path

_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
_USER, _GROUP = "AWS::IAM::User", "AWS::IAM::Group"
_INLINE = {ROLE: 10_240, _USER: 2_048, _GROUP: 5_120}
"""Characters of all inline policies together; white space does not count."""
_DOCUMENTS = {
    KEY: ("KeyPolicy", 32_768),
    REPLICA_KEY: ("KeyPolicy", 32_768),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument", 6_144),
    "AWS::S3::BucketPolicy": ("PolicyDocument", 20_480),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", 30_720),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", 8_192),
}
_TRUST_DEFAULT, _TRUST_MOST = 2_048, 4_096
_ATTACHED_DEFAULT = 10


@rule("policy-size", severity=Severity.ERROR, source=_IAM)
def policy_size(context: Context) -> Iterator[Fault]:
    """A policy that is longer than its service takes.

    All inline policies of a role together 10,240 characters, of a user 2,048, of a group 5,120; a managed
    policy 6,144 (white space not counted). A bucket policy 20 KB, a key policy 32 KB, a topic policy
    30 KB, a queue policy 8 KB. A trust policy 2,048 characters, up to 4,096 on request: a warning in
    between, and so are more than 10 managed policies. What only AWS knows is counted as nothing, so that
    the policy is as long at least.
    """
    for stack, holder in resources_of_type(context, *_INLINE, *_DOCUMENTS):
        yield from _inline(holder, stack)
        key, most = _DOCUMENTS.get(holder.type, ("AssumeRolePolicyDocument", _TRUST_DEFAULT))
        size = _least_size(holder.properties.get(key))
        if size > most:
            is_adjustable = holder.type == ROLE and size <= _TRUST_MOST
            yield _oversize(stack, holder, (key,), size=size, most=most, is_adjustable=is_adjustable)
        attached = len(listed(holder.properties.get("ManagedPolicyArns")))
        if attached > _ATTACHED_DEFAULT:
            yield Fault(
                path=stack.path_of(holder.logical_id, "ManagedPolicyArns"),
                region=stack.region,
                severity=Severity.WARNING,
                message=f"{attached} managed policies are attached; an account's quota is 10 at first",
                actual=attached,
                expected="at most 10, or a raised quota",
                fix="join policies, or have the quota raised",
            )


def _inline(holder: EvaluatedResource, stack: RegionalStack) -> Iterator[Fault]:
    if holder.type == ROLE:
        documents = [document for _, _, document in policies_of(holder, stack)]
    else:
        documents = [one.get("PolicyDocument") for _, one in mappings(holder.properties.get("Policies"))]
    size, most = sum(map(_least_size, documents)), _INLINE.get(holder.type)
    if most is not None and size > most:
        yield _oversize(stack, holder, ("Policies",), size=size, most=most)


def _oversize(
    stack: RegionalStack,
    holder: EvaluatedResource,
    path: Path,
    *,
    size: int,
    most: int,
    is_adjustable: bool = False,
) -> Fault:
    return Fault(
        path=stack.path_of(holder.logical_id, *path),
        region=stack.region,
        severity=Severity.WARNING if is_adjustable else None,
        message=f"{path[0]} has {size:,} characters at least; {most:,} are taken",
        actual=size,
        expected=f"at most {most:,} characters",
        fix="use wildcards and lists, or several managed policies",
    )


def _least_size(document: object) -> int:
    """Return how many characters a document has at least, white space not counted."""
    if not isinstance(document, dict):
        return 0
    text = json.dumps(known_part(document), ensure_ascii=False, separators=(",", ":"), default=str)
    return len(re.sub(r"\s", "", text))
