"""Buckets whose objects do not arrive in the other region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.destinations import destination
from qa.checks.knowledge.naming import BUCKET, get_nested, mappings, plain, region_of, resources_of_type
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_REQUIREMENTS = f"{_GUIDE}replication.html#replication-requirements"
_KMS = f"{_GUIDE}replication-config-for-kms-objects.html"
_CONFIGURATION = "ReplicationConfiguration"
_KMS_ALGORITHMS = ("aws:kms", "aws:kms:dsse")


@rule("replication-versioning", severity=Severity.ERROR, source=_REQUIREMENTS)
def replication_versioning(context: Context) -> Iterator[Fault]:
    """Replication between buckets that do not both keep versions.

    S3 refuses the configuration: "Versioning must be 'Enabled' on the bucket to apply a replication
    configuration", "Destination bucket must have versioning enabled". The destination is judged when the
    template makes it, in whichever region.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        rules = list(_rules(bucket))
        if rules and _is_unversioned(bucket):
            yield _unversioned(stack, bucket, "This bucket replicates, but keeps no versions")
        for _, replication in rules:
            target = destination(replication, stack, context)
            if target and not _rules(target.resource) and _is_unversioned(target.resource):
                words = f"{bucket.logical_id} replicates into this bucket, which keeps no versions"
                yield _unversioned(target.stack, target.resource, words)


def _unversioned(stack: RegionalStack, bucket: EvaluatedResource, message: str) -> Fault:
    return Fault(
        path=stack.path_of(bucket.logical_id, "VersioningConfiguration", "Status"),
        region=stack.region,
        message=message,
        actual=get_nested(bucket.properties, "VersioningConfiguration", "Status"),
        expected="Enabled",
        fix='add "VersioningConfiguration": {"Status": "Enabled"}',
    )


@rule("replication-to-self", severity=Severity.ERROR, source=_REQUIREMENTS)
def replication_to_self(context: Context) -> Iterator[Fault]:
    """A bucket that replicates into itself.

    S3 refuses it: "Destination bucket cannot be the same as the source bucket". In a template for two
    regions it is mostly the wrong one of two names.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        for index, replication in _rules(bucket):
            target = destination(replication, stack, context)
            if target and target.resource is bucket:
                yield Fault(
                    path=stack.path_of(
                        bucket.logical_id, _CONFIGURATION, "Rules", index, "Destination", "Bucket"
                    ),
                    region=stack.region,
                    message="The bucket replicates into itself",
                    actual=plain(get_nested(replication, "Destination", "Bucket")),
                    expected="the ARN of the bucket in the other region",
                    fix="name the other region's bucket, by Fn::Sub: it is not in this stack",
                )


@rule("replication-kms-objects", severity=Severity.ERROR, source=_KMS)
def replication_kms_objects(context: Context) -> Iterator[Fault]:
    """Replication that leaves out what the bucket encrypts with KMS.

    Objects under a KMS key replicate only if the rule selects them (SseKmsEncryptedObjects Enabled) and
    names a key of the destination's region (ReplicaKmsKeyID). Without the first nothing happens, without
    a word (a warning: what is uploaded under another encryption replicates all the same); without the
    second S3 refuses the rule.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        for index, replication in _rules(bucket):
            selected = get_nested(replication, "SourceSelectionCriteria", "SseKmsEncryptedObjects", "Status")
            key = get_nested(replication, "Destination", "EncryptionConfiguration", "ReplicaKmsKeyID")
            path = (bucket.logical_id, _CONFIGURATION, "Rules", index)
            if _encrypts_by_kms(bucket) and selected in (None, "Disabled") and not _is_open(replication):
                yield Fault(
                    path=stack.path_of(*path, "SourceSelectionCriteria"),
                    region=stack.region,
                    severity=Severity.WARNING,
                    message="The bucket encrypts by KMS, but this rule leaves such objects out",
                    actual=selected,
                    expected="SseKmsEncryptedObjects with Status Enabled",
                    fix='add "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}}, '
                    "and a ReplicaKmsKeyID",
                )
            elif selected == "Enabled" and key is None and not _is_open(replication):
                yield Fault(
                    path=stack.path_of(*path, "Destination", "EncryptionConfiguration"),
                    region=stack.region,
                    message="The rule selects KMS-encrypted objects, but names no key for their replicas",
                    actual=None,
                    expected="a ReplicaKmsKeyID in the destination's region",
                    fix='add "EncryptionConfiguration": {"ReplicaKmsKeyID": "<key ARN>"} to Destination',
                )


@rule("replication-key-region", severity=Severity.ERROR, source=_KMS)
def replication_key_region(context: Context) -> Iterator[Fault]:
    """A key for replicas that is not in the destination's region.

    Replicas are encrypted where they lie: the key must be in the destination bucket's region. With another
    every replication fails. Judged when the template makes the destination.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        for index, replication in _rules(bucket):
            target = destination(replication, stack, context)
            key = get_nested(replication, "Destination", "EncryptionConfiguration", "ReplicaKmsKeyID")
            region = region_of(key, stack)
            if target and target.resource is not bucket and region not in {None, target.stack.region}:
                yield Fault(
                    path=stack.path_of(
                        *(bucket.logical_id, _CONFIGURATION, "Rules", index),
                        *("Destination", "EncryptionConfiguration", "ReplicaKmsKeyID"),
                    ),
                    region=stack.region,
                    message=f"The replicas lie in {target.stack.region}, their key in {region}",
                    actual=plain(key),
                    expected=f"a key in {target.stack.region}",
                    fix=f"write the ARN with Fn::Sub: arn:…:kms:{target.stack.region}:…:key/mrk-…",
                )


def _rules(bucket: EvaluatedResource) -> list[tuple[int, dict[str, Any]]]:
    """Return the replication rules that are on, with their indexes."""
    found = mappings(get_nested(bucket.properties, _CONFIGURATION, "Rules"))
    return [(index, one) for index, one in found if one.get("Status") != "Disabled"]


def _is_unversioned(bucket: EvaluatedResource) -> bool:
    configuration = bucket.properties.get("VersioningConfiguration")
    status = get_nested(configuration, "Status")
    return not isinstance(configuration, Unknown) and not isinstance(status, Unknown) and status != "Enabled"


def _encrypts_by_kms(bucket: EvaluatedResource) -> bool:
    return any(
        get_nested(one, "ServerSideEncryptionByDefault", "SSEAlgorithm") in _KMS_ALGORITHMS
        for _, one in mappings(
            get_nested(bucket.properties, "BucketEncryption", "ServerSideEncryptionConfiguration")
        )
    )


def _is_open(replication: dict[str, Any]) -> bool:
    """Say whether only AWS knows what the rule selects or encrypts with."""
    parts = (
        replication.get("SourceSelectionCriteria"),
        get_nested(replication, "SourceSelectionCriteria", "SseKmsEncryptedObjects"),
        replication.get("Destination"),
        get_nested(replication, "Destination", "EncryptionConfiguration"),
    )
    return any(isinstance(part, Unknown) for part in parts)
