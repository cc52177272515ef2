"""Replication of buckets: the faults seeded in the design, and what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    BUCKET,
    REPLICATION,
    Severity,
    checked,
    drop,
    finding,
    put,
    replace,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a source that keeps no versions, and so the other's destination": (
        put(f"{BUCKET}/VersioningConfiguration/Status", "Suspended"),
        (
            finding(
                "replication-versioning",
                f"{BUCKET}/VersioningConfiguration/Status",
                message="This bucket replicates, but keeps no versions",
                actual="Suspended",
                expected="Enabled",
                fix='add "VersioningConfiguration": {"Status": "Enabled"}',
            ),
        ),
    ),
    "a bucket that replicates into itself": (
        replace(f"{REPLICATION}/Destination/Bucket/Fn::Sub", "documents-secondary", "documents-primary"),
        (
            finding(
                "replication-to-self",
                f"{REPLICATION}/Destination/Bucket",
                message="The bucket replicates into itself",
                actual="arn:aws:s3:::documents-primary-123456789012-dev",
                expected="the ARN of the bucket in the other region",
                fix="name the other region's bucket, by Fn::Sub: it is not in this stack",
            ),
            finding(
                "replication-rights",
                "Resources/PrimaryReplicationRole/Properties/Policies/0/PolicyDocument/Statement/2",
                message=(
                    "S3 replicates PrimaryDocumentsBucket with this role, which lacks rights: "
                    "s3:ReplicateObject, s3:ReplicateTags (not allowed on "
                    "arn:aws:s3:::documents-primary-123456789012-dev/*); kms:Encrypt (allowed "
                    "under a condition that does not hold: kms:EncryptionContext:aws:s3:arn is "
                    "arn:aws:s3:::documents-primary-123456789012-dev and kms:ViaService is "
                    "s3.us-east-1.amazonaws.com)"
                ),
                actual=["kms:Encrypt", "s3:ReplicateObject", "s3:ReplicateTags"],
                expected=(
                    "s3:ReplicateObject on arn:aws:s3:::documents-primary-123456789012-dev/*; "
                    "s3:ReplicateTags on arn:aws:s3:::documents-primary-123456789012-dev/*; "
                    "kms:Encrypt on arn:aws:kms:us-west-2:123456789012:key/${PrimaryKMSKey}"
                ),
                fix="allow it in PrimaryReplicationRole",
            ),
        ),
    ),
    "KMS objects not selected": (
        drop(f"{REPLICATION}/SourceSelectionCriteria"),
        (
            finding(
                "replication-kms-objects",
                f"{REPLICATION}/SourceSelectionCriteria",
                severity=Severity.WARNING,
                message="The bucket encrypts by KMS, but this rule leaves such objects out",
                actual=None,
                expected="SseKmsEncryptedObjects with Status Enabled",
                fix=(
                    'add "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": '
                    '"Enabled"}}, and a ReplicaKmsKeyID'
                ),
            ),
        ),
    ),
    "no key for the replicas": (
        drop(f"{REPLICATION}/Destination/EncryptionConfiguration"),
        (
            finding(
                "replication-kms-objects",
                f"{REPLICATION}/Destination/EncryptionConfiguration",
                message=("The rule selects KMS-encrypted objects, but names no key for their replicas"),
                actual=None,
                expected="a ReplicaKmsKeyID in the destination's region",
                fix=('add "EncryptionConfiguration": {"ReplicaKmsKeyID": "<key ARN>"} to Destination'),
            ),
        ),
    ),
    "the source's key for the replicas": (
        put(
            f"{REPLICATION}/Destination/EncryptionConfiguration/ReplicaKmsKeyID",
            {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]},
        ),
        (
            finding(
                "replication-key-region",
                f"{REPLICATION}/Destination/EncryptionConfiguration/ReplicaKmsKeyID",
                message="The replicas lie in us-west-2, their key in us-east-1",
                actual="${PrimaryKMSKey.Arn}",
                expected="a key in us-west-2",
                fix="write the ARN with Fn::Sub: arn:…:kms:us-west-2:…:key/mrk-…",
            ),
            finding(
                "replication-rights",
                "Resources/PrimaryReplicationRole/Properties/Policies/0/PolicyDocument/Statement/4",
                message=(
                    "S3 replicates PrimaryDocumentsBucket with this role, which lacks rights: "
                    "kms:Encrypt (not allowed on "
                    "arn:aws:kms:us-east-1:123456789012:key/${PrimaryKMSKey})"
                ),
                actual=["kms:Encrypt"],
                expected="kms:Encrypt on arn:aws:kms:us-east-1:123456789012:key/${PrimaryKMSKey}",
                fix="allow it in PrimaryReplicationRole",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a bucket under AES256 needs no selection": together(
        drop(f"{REPLICATION}/SourceSelectionCriteria"),
        drop(f"{REPLICATION}/Destination/EncryptionConfiguration"),
        put(
            f"{BUCKET}/BucketEncryption/ServerSideEncryptionConfiguration/0",
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}},
        ),
    ),
    "the destination is not of this template": put(
        f"{REPLICATION}/Destination/Bucket", "arn:aws:s3:::archive-of-another-team"
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
