"""Keys that nobody can administer, that cannot be replicated, or that a service cannot work with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.access import text_of
from qa.checks.knowledge.kms_use import encryption_key, key_meant
from qa.checks.knowledge.naming import (
    BUCKET,
    GLOBAL_TABLE,
    KEY,
    LOG_GROUP,
    QUEUE,
    REPLICA_KEY,
    TABLE,
    TOPIC,
    listed,
    mappings,
    plain,
    region_of,
    resolve_resource,
    resources_of_type,
)
from qa.checks.knowledge.rights import statements
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.rights import Statement
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource, Path

_GUIDE = "https://docs.aws.amazon.com/kms/latest/developerguide/"
_LOCKOUT = "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html"
_ALIAS = f"{_GUIDE}kms-alias.html"
_REPLICA = f"{_GUIDE}multi-region-keys-replicate.html"
_SPEC = f"{_GUIDE}symm-asymm-choose-key-spec.html"
_VIA = f"{_GUIDE}conditions-kms.html#conditions-kms-via-service"
_SYMMETRIC = "SYMMETRIC_DEFAULT"
_LOCAL_SERVICES = ("s3", "secretsmanager", "sns", "sqs", "ssm")
"""Services that use keys of the region of the call only; DynamoDB does so across regions."""
_SERVICE = re.compile(r"([a-z0-9-]+)\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?")


@rule("key-locked-out", severity=Severity.ERROR, source=_LOCKOUT)
def key_locked_out(context: Context) -> Iterator[Fault]:
    """A key policy that nobody may ever change.

    "The new key policy will not allow you to update the key policy in the future": KMS refuses a policy
    that gives kms:PutKeyPolicy to no principal of an account. With BypassPolicyLockoutSafetyCheck it takes
    it, and only AWS Support can help then: a warning.
    """
    for stack, key in resources_of_type(context, KEY, REPLICA_KEY):
        policy = statements(key.properties.get("KeyPolicy"))
        if policy is None or any(_may_administer(one) for one in policy):
            continue
        is_forced = str(key.properties.get("BypassPolicyLockoutSafetyCheck")).lower() == "true"
        yield Fault(
            path=stack.path_of(key.logical_id, "KeyPolicy"),
            region=stack.region,
            severity=Severity.WARNING if is_forced else None,
            message="Nobody may change this policy later: kms:PutKeyPolicy is given to no account, "
            "role or user",
            actual=sorted({str(who) for one in policy for who in (*one.aws, *one.services)}),
            expected="kms:PutKeyPolicy, best kms:*, for the account's root",
            fix="add the root statement: kms:* for arn:…:iam::<account>:root",
        )


def _may_administer(statement: Statement) -> bool:
    is_about = statement.names("kms:PutKeyPolicy") or not statement.is_readable
    return statement.is_allow and is_about and (bool(statement.aws) or statement.is_by_exception)


@rule("alias-target", severity=Severity.ERROR, source=_ALIAS)
def alias_target(context: Context) -> Iterator[Fault]:
    """An alias of something that is no key of its region.

    An alias leads to a customer key of the same account and region, by ID or ARN: not to another alias,
    and not to a key of the other region, where an alias of that region's own replica belongs.
    """
    for stack, alias in resources_of_type(context, "AWS::KMS::Alias"):
        value = alias.properties.get("TargetKeyId")
        found, text = resolve_resource(value, stack, (stack,)), text_of(value, stack) or ""
        is_alias = text.startswith("alias/") or ":alias/" in text
        region = region_of(value, stack) if found is None else None
        if is_alias or (found is not None and found.resource.type == "AWS::KMS::Alias"):
            words = "An alias leads to a key, not to another alias"
        elif region not in {None, stack.region}:
            words = f"The key is in {region}, the alias in {stack.region}"
        else:
            continue
        yield Fault(
            path=stack.path_of(alias.logical_id, "TargetKeyId"),
            region=stack.region,
            message=words,
            actual=plain(value),
            expected=f"a key in {stack.region}",
            fix="name the region's own key or replica key",
        )


@rule("replica-key-source", severity=Severity.ERROR, source=_REPLICA)
def replica_key_source(context: Context) -> Iterator[Fault]:
    """A replica key of a key that cannot be replicated there.

    The primary is a multi-Region key (MultiRegion true) in another region than the replica, and is named
    by its ARN. A Ref or GetAtt of a key always means one of the stack's own region: hand the ARN over as
    a parameter.
    """
    for stack, replica in resources_of_type(context, REPLICA_KEY):
        value = replica.properties.get("PrimaryKeyArn")
        message = _unreplicable(value, stack, context)
        if message:
            yield Fault(
                path=stack.path_of(replica.logical_id, "PrimaryKeyArn"),
                region=stack.region,
                message=message,
                actual=plain(value),
                expected="the ARN of a multi-Region key in another region: arn:…:key/mrk-…",
                fix="hand the ARN of the other stack's key over as a parameter",
            )


def _unreplicable(value: object, stack: RegionalStack, context: Context) -> str | None:
    """Return why a key cannot be replicated into the stack's region; None if it may be."""
    found = resolve_resource(value, stack, context.stacks)
    key = found if found and found.resource.type in {KEY, REPLICA_KEY} else None
    if (key.stack.region if key else region_of(value, stack)) == stack.region:
        return f"The primary key is in {stack.region} as well: a replica is in another region"
    is_single = key is not None and key.resource.properties.get("MultiRegion", False) in (False, "false")
    if is_single or (isinstance(value, str) and re.search(r":key/(?!mrk-)[0-9a-f-]{36}$", value)):
        return "The primary is a single-Region key, which cannot be replicated"
    return None


@rule("key-spec", severity=Severity.ERROR, source=_SPEC)
def key_spec(context: Context) -> Iterator[Fault]:
    """An asymmetric or HMAC key where only a symmetric one works.

    Buckets, tables, topics, queues and log groups take symmetric encryption keys only (KeySpec
    SYMMETRIC_DEFAULT), and only these rotate by themselves.
    """
    for stack, key in resources_of_type(context, KEY):
        spec = key.properties.get("KeySpec", _SYMMETRIC)
        is_other = isinstance(spec, str) and spec != _SYMMETRIC
        if is_other and str(key.properties.get("EnableKeyRotation")).lower() == "true":
            yield _unfit(stack, key, "EnableKeyRotation", "A key of this spec does not rotate by itself")
    for stack, user in resources_of_type(context, BUCKET, GLOBAL_TABLE, LOG_GROUP, QUEUE, TABLE, TOPIC):
        value = user.properties.get("KmsKeyId") if user.type == LOG_GROUP else encryption_key(user, stack)
        found = key_meant(value, stack) if value is not None else None
        spec = found.properties.get("KeySpec", _SYMMETRIC) if found else _SYMMETRIC
        if found and found.type == KEY and isinstance(spec, str) and spec != _SYMMETRIC:
            yield _unfit(stack, found, "KeySpec", f"{user.logical_id} takes symmetric keys only")


def _unfit(stack: RegionalStack, key: EvaluatedResource, name: str, message: str) -> Fault:
    return Fault(
        path=stack.path_of(key.logical_id, name),
        region=stack.region,
        message=message,
        actual=plain(key.properties.get("KeySpec")),
        expected=_SYMMETRIC,
        fix=f'write "KeySpec": "{_SYMMETRIC}" in a new key (the property cannot be changed)',
    )


@rule("via-service-region", severity=Severity.WARNING, source=_VIA)
def via_service_region(context: Context) -> Iterator[Fault]:
    """A right on a key that is bounded to a service of another region.

    S3, SNS, SQS, Secrets Manager and Systems Manager use keys of the region of the call only: an Allow on
    a key of one region with kms:ViaService of another never applies. DynamoDB's global tables call
    across regions and are left alone.
    """
    for stack, resource in resources_of_type(context, KEY, REPLICA_KEY, *_POLICY_HOLDERS):
        for path, document in _documents(resource):
            for one in statements(document) or ():
                regions = _key_regions(resource, one, stack)
                bound_to = {
                    (service, region)
                    for name in _via_services(one)
                    for service, region in [_service_of(name)]
                    if service
                }
                is_bound = bool(bound_to) and all(service in _LOCAL_SERVICES for service, _ in bound_to)
                if one.is_allow and regions and is_bound and regions.isdisjoint({at for _, at in bound_to}):
                    yield Fault(
                        path=stack.path_of(resource.logical_id, *path, *one.steps, "Condition"),
                        region=stack.region,
                        message=f"The key is in {' and '.join(sorted(regions))}, the right is bounded to "
                        f"{' and '.join(sorted(f'{service} in {at}' for service, at in bound_to))}: "
                        "it never applies",
                        actual=sorted(map(str, _via_services(one))),
                        expected=f"kms:ViaService of {' or '.join(sorted(regions))}",
                        fix='write {"Fn::Sub": "<service>.${AWS::Region}.amazonaws.com"}',
                    )


_POLICY_HOLDERS = (
    "AWS::IAM::Role",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
)


def _documents(resource: EvaluatedResource) -> Iterator[tuple[Path, object]]:
    for key in ("KeyPolicy", "PolicyDocument"):
        if key in resource.properties:
            yield (key,), resource.properties[key]
    for index, policy in mappings(resource.properties.get("Policies")):
        yield ("Policies", index, "PolicyDocument"), policy.get("PolicyDocument")


def _key_regions(resource: EvaluatedResource, statement: Statement, stack: RegionalStack) -> set[str]:
    """Return the regions of the keys a statement is about; empty where one of them is not known."""
    if resource.type in {KEY, REPLICA_KEY}:
        return {stack.region}
    parts = [(text_of(value, stack) or "").split(":", 5) for value in statement.resources]
    is_known = all(re.match(r"[\w-]*:kms:[a-z0-9-]+$", ":".join(one[1:4])) for one in parts)
    return {one[3] for one in parts} if is_known else set()


def _via_services(statement: Statement) -> list[Any]:
    """Return the services that an Allow is bounded to, by name or pattern."""
    return [
        name
        for operator, members in statement.conditions.items()
        if operator in {"StringEquals", "StringLike"} and isinstance(members, dict)
        for key, names in members.items()
        if key.lower() == "kms:viaservice"
        for name in listed(names)
    ]


def _service_of(name: object) -> tuple[str, str]:
    """Return service and region; ("?", "") for a pattern or what is not known."""
    found = None if isinstance(name, Unknown) else _SERVICE.fullmatch(str(name))
    return (found[1], found[2]) if found else ("?", "")
