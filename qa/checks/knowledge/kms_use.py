"""Who uses which key: the calls to KMS that functions and replication make, directly or through a service."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.checks.knowledge.access import ABSENT, Request, arn_of, text_of
from qa.checks.knowledge.code_use import subject, with_code
from qa.checks.knowledge.destinations import destination
from qa.checks.knowledge.naming import (
    BUCKET,
    GLOBAL_TABLE,
    KEY,
    QUEUE,
    REPLICA_KEY,
    TABLE,
    TOPIC,
    get_nested,
    mappings,
    resolve_resource,
)
from qa.checks.knowledge.rights import role_meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_THROUGH = {
    "dynamodb": ("kms:Decrypt",),
    "dynamodb:DescribeTable": (),
    "s3:GetObject": ("kms:Decrypt",),
    "s3:PutObject": ("kms:GenerateDataKey",),
    "sns:Publish": ("kms:GenerateDataKey", "kms:Decrypt"),
    "sqs:ReceiveMessage": ("kms:Decrypt",),
    "sqs:SendMessage": ("kms:GenerateDataKey", "kms:Decrypt"),
}
"""What the code calls → what the service then asks of KMS in the caller's name."""
_VIA, _S3_CONTEXT = "kms:viaservice", "kms:encryptioncontext:aws:s3:arn"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Use:
    """A call that somebody makes, and the rights it takes."""

    stack: RegionalStack
    user: EvaluatedResource
    """The function or the bucket."""
    role: EvaluatedResource
    request: Request
    why: str
    """The call, e.g. "s3:PutObject on Documents"."""
    key: EvaluatedResource | None = None
    """The stack's key that the call is about."""


@lru_cache(maxsize=2)
def code_uses(context: Context) -> tuple[Use, ...]:
    """Return the calls that functions make, with what services then ask of KMS for them."""
    return tuple(_code_uses(context))


def _code_uses(context: Context) -> Iterator[Use]:
    for stack, function, code in with_code(context):
        role = role_meant(function.properties.get("Role"), stack)
        for action in sorted(code.needs) if role else ():
            found = subject(action, code, function, stack=stack, context=context)
            if role is None or found is None:
                continue
            why = f"{action} on {found.resource.logical_id}"
            key = _key_of(found.resource, stack)
            yield Use(
                stack=stack,
                user=function,
                role=role,
                request=_direct(action, found.resource if key is None else key, found.stack, stack),
                why=why,
                key=key,
            )
            if not code.encrypts_itself:
                yield from _through(action, found.resource, function, role, stack=stack, why=why)


def _direct(action: str, resource: EvaluatedResource, home: RegionalStack, stack: RegionalStack) -> Request:
    arn = arn_of(resource, home).replace(f":{home.region}:", f":{stack.region}:")
    is_object = action.startswith("s3:") and action.endswith(("Object", "Tagging"))
    return Request(
        action=action,
        resource=f"{arn}/*" if is_object else arn,
        keys={"aws:securetransport": "true", _VIA: ABSENT},
    )


def _through(
    action: str,
    resource: EvaluatedResource,
    function: EvaluatedResource,
    role: EvaluatedResource,
    *,
    stack: RegionalStack,
    why: str,
) -> Iterator[Use]:
    service = action.partition(":")[0]
    value = encryption_key(resource, stack)
    key = key_meant(value, stack)
    text = arn_of(key, stack) if key else None
    for right in _THROUGH.get(action, _THROUGH.get(service, ())) if text else ():
        keys = {"aws:securetransport": "true", _VIA: f"{service}.{stack.region}.amazonaws.com"}
        if service == "s3":
            keys[_S3_CONTEXT] = s3_context(resource, stack)
        yield Use(
            stack=stack,
            user=function,
            role=role,
            request=Request(action=right, resource=str(text), keys=keys),
            why=why,
            key=key,
        )


def encryption_key(resource: EvaluatedResource, stack: RegionalStack) -> object:
    """Return the customer key that a bucket, table, topic or queue names for itself in a region."""
    properties = resource.properties
    if resource.type == BUCKET:
        return get_nested(_default_encryption(resource), "ServerSideEncryptionByDefault", "KMSMasterKeyID")
    if resource.type == TABLE:
        return get_nested(properties, "SSESpecification", "KMSMasterKeyId")
    if resource.type == GLOBAL_TABLE:
        for _, replica in mappings(properties.get("Replicas")):
            if replica.get("Region") == stack.region:
                return get_nested(replica, "SSESpecification", "KMSMasterKeyId")
    return properties.get("KmsMasterKeyId") if resource.type in {TOPIC, QUEUE} else None


def s3_context(bucket: EvaluatedResource, stack: RegionalStack) -> str:
    """Return the encryption context of a bucket's objects: the bucket's ARN with a bucket key, or theirs."""
    arn = arn_of(bucket, stack)
    return arn if has_bucket_key(bucket) else f"{arn}/*"


def has_bucket_key(bucket: EvaluatedResource) -> bool:
    """Say whether a bucket encrypts with a bucket key."""
    return str(get_nested(_default_encryption(bucket), "BucketKeyEnabled")).lower() == "true"


def key_meant(value: object, stack: RegionalStack) -> EvaluatedResource | None:
    """Return the key of the stack that a reference, an ARN or an alias means; None if it is not known."""
    found = resolve_resource(value, stack, (stack,))
    return _key_of(found.resource, stack) if found else None


def _key_of(resource: EvaluatedResource, stack: RegionalStack) -> EvaluatedResource | None:
    """Return a key, or the key that an alias stands for; None for anything else."""
    if resource.type == "AWS::KMS::Alias":
        found = resolve_resource(resource.properties.get("TargetKeyId"), stack, (stack,))
        resource = found.resource if found else resource
    return resource if resource.type in {KEY, REPLICA_KEY} else None


@lru_cache(maxsize=2)
def replication_uses(context: Context) -> tuple[Use, ...]:
    """Return the calls that S3 makes with the buckets' replication roles, rule by rule."""
    return tuple(_replication_uses(context))


def _replication_uses(context: Context) -> Iterator[Use]:
    for stack in () if context.is_rewritten else context.stacks:
        for bucket in stack.of_type(BUCKET):
            configuration = bucket.properties.get("ReplicationConfiguration")
            role = role_meant(get_nested(configuration, "Role"), stack)
            for _, rule in mappings(get_nested(configuration, "Rules")) if role else ():
                if role is None or rule.get("Status") != "Enabled":
                    continue
                for request, key in _replicating(rule, bucket, stack, context):
                    why = f"replication of {bucket.logical_id}"
                    yield Use(stack=stack, user=bucket, role=role, request=request, why=why, key=key)


def _replicating(
    rule: dict[str, Any], bucket: EvaluatedResource, stack: RegionalStack, context: Context
) -> Iterator[tuple[Request, EvaluatedResource | None]]:
    source, plain_keys = arn_of(bucket, stack), {"aws:securetransport": "true"}
    for action in ("s3:GetReplicationConfiguration", "s3:ListBucket"):
        yield Request(action=action, resource=source, keys=plain_keys), None
    for action in (
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
    ):
        yield Request(action=action, resource=f"{source}/*", keys=plain_keys), None
    target = destination(rule, stack, context)  # of another bucket a policy elsewhere may give the rights
    deletes = get_nested(rule, "DeleteMarkerReplication", "Status") == "Enabled"
    actions = ("s3:ReplicateObject", "s3:ReplicateTags", *(("s3:ReplicateDelete",) if deletes else ()))
    for action in actions if target else ():
        arn = arn_of(target.resource, target.stack) if target else ""
        yield Request(action=action, resource=f"{arn}/*", keys=plain_keys), None
    if get_nested(rule, "SourceSelectionCriteria", "SseKmsEncryptedObjects", "Status") == "Enabled":
        yield from _recrypting(rule, bucket, stack, context)


def _recrypting(
    rule: dict[str, Any], bucket: EvaluatedResource, stack: RegionalStack, context: Context
) -> Iterator[tuple[Request, EvaluatedResource | None]]:
    value = encryption_key(bucket, stack)
    key, text = key_meant(value, stack), text_of(value, stack)
    if text and _is_key(text):
        keys = {_VIA: f"s3.{stack.region}.amazonaws.com", _S3_CONTEXT: s3_context(bucket, stack)}
        yield Request(action="kms:Decrypt", resource=text, keys=keys), key
    found = destination(rule, stack, context)
    text = text_of(get_nested(rule, "Destination", "EncryptionConfiguration", "ReplicaKmsKeyID"), stack)
    if text and _is_key(text) and found:
        keys = {_VIA: f"s3.{found.stack.region}.amazonaws.com"}
        if has_bucket_key(bucket) is has_bucket_key(found.resource):  # where they differ it is not known
            keys[_S3_CONTEXT] = s3_context(found.resource, found.stack)
        yield Request(action="kms:Encrypt", resource=text, keys=keys), None


def _is_key(text: str) -> bool:
    """Say whether a text may be a key's ARN, as policies name keys: no alias and no ID."""
    return text.startswith(("arn:", "${")) and "alias/" not in text


def _default_encryption(bucket: EvaluatedResource) -> object:
    return get_nested(bucket.properties, "BucketEncryption", "ServerSideEncryptionConfiguration", 0)
