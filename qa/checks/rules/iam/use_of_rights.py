"""Rights that replication and services take in somebody's name, and what takes them away again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.access import applies, holds, reaches
from qa.checks.knowledge.kms_use import code_uses, replication_uses
from qa.checks.knowledge.rights import (
    granted_by_resources,
    policies_of,
    resource_policies,
    rights_of,
    role_meant,
    statements,
)
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.access import Request
    from qa.checks.knowledge.kms_use import Use
    from qa.checks.knowledge.rights import Statement
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource, Path

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_REPLICATION = f"{_S3}replication-failure-codes.html"
_KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/"
_THROUGH = f"{_KMS}conditions-kms.html#conditions-kms-via-service"
_DENY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
_INSTEAD = {
    "kms:Encrypt": "kms:GenerateDataKey",
    "s3:GetObjectVersionForReplication": "s3:GetObjectVersion",
}
"""A right that may do instead."""
_OF_SOME_OBJECTS = ("s3:GetObjectVersionTagging", "s3:ReplicateTags", "s3:ReplicateDelete", "s3:ListBucket")
"""Rights that not every object takes."""
_BY_TLS = {"aws:securetransport": "true"}


@rule("replication-rights", severity=Severity.ERROR, source=_REPLICATION)
def replication_rights(context: Context) -> Iterator[Fault]:
    """A replication role without a right that S3 takes with it.

    On the source bucket s3:GetReplicationConfiguration and s3:ListBucket, on its objects
    s3:GetObjectVersionForReplication, …Acl and …Tagging, on the destination's objects s3:ReplicateObject
    and s3:ReplicateTags; for KMS kms:Decrypt on the source's key and kms:Encrypt on the replicas' key,
    each through S3 of the key's region (kms:ViaService). With a bucket key the encryption context
    aws:s3:arn is the bucket's ARN, without it the object's: a condition on the wrong one lets no object
    through. Objects then stay behind with the status FAILED, and nothing else shows it. A warning for what
    not every object takes (tags). Not judged: roles and policies outside the stack.
    """
    lacking: dict[tuple[str, str], list[tuple[Use, str]]] = {}
    for use in replication_uses(context):
        reason = _refused(use, context)
        if reason:
            lacking.setdefault((use.stack.region, use.user.logical_id), []).append((use, reason))
    for found in lacking.values():
        use, reasons = found[0][0], dict.fromkeys(reason for _, reason in found)
        actions = {
            reason: ", ".join(dict.fromkeys(one.request.action for one, why in found if why == reason))
            for reason in reasons
        }
        is_partial = all(one.request.action in _OF_SOME_OBJECTS for one, _ in found)
        yield Fault(
            path=_place(found),
            region=use.stack.region,
            severity=Severity.WARNING if is_partial else None,
            message=f"S3 replicates {use.user.logical_id} with this role, which lacks rights: "
            + "; ".join(f"{names} ({reason})" for reason, names in actions.items()),
            actual=sorted({one.request.action for one, _ in found}),
            expected="; ".join(
                dict.fromkeys(f"{one.request.action} on {one.request.resource}" for one, _ in found)
            ),
            fix=f"allow it in {use.role.logical_id}",
        )


@rule("encryption-rights", severity=Severity.ERROR, source=_THROUGH)
def encryption_rights(context: Context) -> Iterator[Fault]:
    """A function that may use a bucket, topic, queue or table, but not its key.

    S3, SNS, SQS and DynamoDB call KMS in the name of their caller: PutObject takes
    kms:GenerateDataKey, GetObject kms:Decrypt, Publish and SendMessage both, on the key that the resource
    names. The call is refused otherwise. Rights may be bounded by kms:ViaService, and for S3 by the
    encryption context (the bucket's ARN with a bucket key, the object's without). A warning for tables,
    where DynamoDB may have the key in its cache. Not judged: what `function-rights` leaves alone, and
    code that names an encryption of its own.
    """
    for use in code_uses(context):
        is_through = use.request.action.startswith("kms:") and not use.why.startswith("kms:")
        reason = _refused(use, context) if is_through else None
        if reason:
            yield Fault(
                path=_place([(use, reason)]),
                region=use.stack.region,
                severity=Severity.WARNING if use.why.startswith("dynamodb:") else None,
                message=f"The code of {use.user.logical_id} calls {use.why}, for which the role lacks "
                f"{use.request.action} ({reason})",
                actual=None,
                expected=f"an Allow of {use.request.action} on {use.request.resource}",
                fix=f"allow it in {use.role.logical_id}",
            )


def _place(found: list[tuple[Use, str]]) -> Path:
    """Return the statement that names a right and does not give it; the role's policies if none does."""
    for use, _ in found:
        for owner, steps, document in policies_of(use.role, use.stack):
            for one in statements(document) or ():
                if one.is_allow and one.names(use.request.action):
                    return use.stack.path_of(owner, *steps, *one.steps)
    return found[0][0].stack.path_of(found[0][0].role.logical_id, "Policies")


def _refused(use: Use, context: Context) -> str | None:
    """Return why a role's rights are not enough for a call; None when they may be."""
    request, stack = use.request, use.stack
    found, is_whole = rights_of(use.role, stack)
    actions = (request.action, _INSTEAD.get(request.action, request.action))
    granted = (granted_by_resources(action, one) for action in actions for one in context.stacks)
    if not is_whole or any(granted):
        return None
    allowing = [one for one in found if one.is_allow and any(one.names(action) for action in actions)]
    if not allowing:
        return "not allowed"
    reaching = [one for one in allowing if reaches(one.resources, request.resource, stack) is not False]
    if not reaching:
        return f"not allowed on {request.resource}"
    if any(holds(one.conditions, request.keys, stack) is not False for one in reaching):
        return None
    keys = {key for one in reaching for key in _failing(one, request, stack)}
    words = " and ".join(f"{key} is {request.keys.get(key.lower()) or 'not there'}" for key in sorted(keys))
    return f"allowed under a condition that does not hold: {words}"


def _failing(statement: Statement, request: Request, stack: RegionalStack) -> Iterator[str]:
    for operator, members in statement.conditions.items():
        for key, expected in members.items() if isinstance(members, dict) else ():
            if holds({operator: {key: expected}}, request.keys, stack) is False:
                yield key


@rule("explicit-deny", severity=Severity.ERROR, source=_DENY)
def explicit_deny(context: Context) -> Iterator[Fault]:
    """A Deny that hits what the code or the replication needs.

    A Deny counts more than any Allow. Looked at are the policies of the role, and the policies of the
    stack's buckets, keys, topics and queues, where they deny everybody or this role. A Deny that may be
    bounded to others, by a condition or an exception, is left alone.
    """
    seen: set[tuple[str, Path, str]] = set()
    for use in (*code_uses(context), *replication_uses(context)):
        for path, statement in _denying(use):
            key = (use.stack.region, path, use.user.logical_id)
            if key not in seen:
                seen.add(key)
                yield Fault(
                    path=path,
                    region=use.stack.region,
                    message=f"{use.user.logical_id} needs {_need(use)}, and this denies it",
                    actual=sorted(map(str, statement.actions)),
                    expected="no Deny, or a condition that leaves this out",
                    fix="narrow the Deny to those it is intended for",
                )


def _need(use: Use) -> str:
    action = use.request.action
    return use.why if use.why.startswith(action) else f"{action} for {use.why}"


def _denying(use: Use) -> Iterator[tuple[Path, Statement]]:
    stack = use.stack
    for owner, steps, document in policies_of(use.role, stack):
        for one in statements(document) or ():
            if one.effect == "Deny" and applies(one, use.request, stack) is True:
                yield stack.path_of(owner, *steps, *one.steps), one
    for holder, key, one in _denials(stack):
        is_hit = _is_principal(one, use.role, stack) and not one.is_by_exception
        if is_hit and _is_about(holder, one, use):
            yield stack.path_of(holder.logical_id, key, *one.steps), one


@lru_cache(maxsize=8)
def _denials(stack: RegionalStack) -> list[tuple[EvaluatedResource, str, Statement]]:
    """Return the Deny statements of resource policies; not those that only ask for TLS: they are many."""
    return [
        (owner, key, one)
        for owner, key in resource_policies(stack)
        for one in statements(owner.properties.get(key)) or ()
        if one.effect == "Deny" and holds(one.conditions, _BY_TLS, stack) is not False
    ]


def _is_about(owner: EvaluatedResource, statement: Statement, use: Use) -> bool:
    """Say whether a policy's statement surely is about a request; a key's policy is about its key."""
    if owner.type in {"AWS::KMS::Key", "AWS::KMS::ReplicaKey"}:
        is_key = use.key is owner and statement.names(use.request.action)
        return is_key and holds(statement.conditions, use.request.keys, use.stack) is True
    return applies(statement, use.request, use.stack) is True


def _is_principal(statement: Statement, role: EvaluatedResource, stack: RegionalStack) -> bool:
    """Say whether a statement surely is about a role."""
    return any(one == "*" or role_meant(one, stack) is role for one in statement.aws)
