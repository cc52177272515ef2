"""Rights that replication and services take, and what takes them away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import (
    BUCKET,
    CODE,
    RIGHTS,
    Severity,
    add,
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

REPLICATOR = "Resources/PrimaryReplicationRole/Properties/Policies/0/PolicyDocument/Statement"
CONTEXT = "Condition/StringEquals/kms:EncryptionContext:aws:s3:arn"
VIA = "Condition/StringEquals/kms:ViaService"
KEY_POLICY = "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement"
ENCRYPTION = f"{BUCKET}/BucketEncryption/ServerSideEncryptionConfiguration/0"
DOCUMENTS = "Resources/PrimaryDocumentsBucketPolicy/Properties/PolicyDocument/Statement"
OBJECTS = {"Fn::Sub": "${PrimaryDocumentsBucket.Arn}/*"}
MANAGED = "Resources/PrimaryReplicationRole/Properties/ManagedPolicyArns"
ROLES_ARN = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/keeper"}


def _deny(action: str, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a replication role that may not write replicas": (
        drop(f"{REPLICATOR}/2"),
        (
            finding(
                "replication-rights",
                "Resources/PrimaryReplicationRole/Properties/Policies",
                message=(
                    "S3 replicates PrimaryDocumentsBucket with this role, which lacks rights: "
                    "s3:ReplicateObject, s3:ReplicateTags (not allowed)"
                ),
                actual=["s3:ReplicateObject", "s3:ReplicateTags"],
                expected=(
                    "s3:ReplicateObject on arn:aws:s3:::documents-secondary-123456789012-dev/*; "
                    "s3:ReplicateTags on arn:aws:s3:::documents-secondary-123456789012-dev/*"
                ),
                fix="allow it in PrimaryReplicationRole",
            ),
        ),
    ),
    "a replication role that may not read tags": (
        drop(f"{REPLICATOR}/1/Action/2"),
        (
            finding(
                "replication-rights",
                "Resources/PrimaryReplicationRole/Properties/Policies",
                severity=Severity.WARNING,
                message=(
                    "S3 replicates PrimaryDocumentsBucket with this role, which lacks rights: "
                    "s3:GetObjectVersionTagging (not allowed)"
                ),
                actual=["s3:GetObjectVersionTagging"],
                expected=("s3:GetObjectVersionTagging on arn:aws:s3:::documents-primary-123456789012-dev/*"),
                fix="allow it in PrimaryReplicationRole",
            ),
        ),
    ),
    "the encryption context of objects, with a bucket key": (
        replace(f"{REPLICATOR}/4/{CONTEXT}/Fn::Sub", "Suffix}", "Suffix}/*"),
        (
            finding(
                "replication-rights",
                "Resources/PrimaryReplicationRole/Properties/Policies/0/PolicyDocument/Statement/4",
                message=(
                    "S3 replicates PrimaryDocumentsBucket with this role, which lacks rights: "
                    "kms:Encrypt (allowed under a condition that does not hold: "
                    "kms:EncryptionContext:aws:s3:arn is "
                    "arn:aws:s3:::documents-secondary-123456789012-dev)"
                ),
                actual=["kms:Encrypt"],
                expected="kms:Encrypt on arn:aws:kms:us-west-2:123456789012:key/${PrimaryKMSKey}",
                fix="allow it in PrimaryReplicationRole",
            ),
        ),
    ),
    "the encryption context of the bucket, without a bucket key": (
        put(f"{ENCRYPTION}/BucketKeyEnabled", value=False),
        (
            finding(
                "replication-rights",
                "Resources/PrimaryReplicationRole/Properties/Policies/0/PolicyDocument/Statement/3",
                message=(
                    "S3 replicates PrimaryDocumentsBucket with this role, which lacks rights: "
                    "kms:Decrypt (allowed under a condition that does not hold: "
                    "kms:EncryptionContext:aws:s3:arn is "
                    "arn:aws:s3:::documents-primary-123456789012-dev/*)"
                ),
                actual=["kms:Decrypt"],
                expected="kms:Decrypt on arn:aws:kms:us-east-1:123456789012:key/${PrimaryKMSKey}",
                fix="allow it in PrimaryReplicationRole",
            ),
            finding(
                "encryption-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/3",
                message=(
                    "The code of PrimaryTransactionProcessor calls s3:PutObject on "
                    "PrimaryDocumentsBucket, for which the role lacks kms:GenerateDataKey (allowed "
                    "under a condition that does not hold: kms:EncryptionContext:aws:s3:arn is "
                    "arn:aws:s3:::documents-primary-123456789012-dev/*)"
                ),
                actual=None,
                expected=(
                    "an Allow of kms:GenerateDataKey on "
                    "arn:aws:kms:us-east-1:123456789012:key/${PrimaryKMSKey}"
                ),
                fix="allow it in PrimaryLambdaExecutionRole",
            ),
        ),
    ),
    "replicas sealed through S3 of the wrong region": (
        put(f"{REPLICATOR}/4/{VIA}", {"Fn::Sub": "s3.${AWS::Region}.amazonaws.com"}),
        (
            finding(
                "via-service-region",
                (
                    "Resources/PrimaryReplicationRole/Properties/Policies/0/PolicyDocument/Statement/4/Condit"
                    "ion"
                ),
                message=(
                    "The key is in us-west-2, the right is bounded to s3 in us-east-1: it never applies"
                ),
                actual=["s3.us-east-1.amazonaws.com"],
                expected="kms:ViaService of us-west-2",
                fix='write {"Fn::Sub": "<service>.${AWS::Region}.amazonaws.com"}',
            ),
            finding(
                "replication-rights",
                "Resources/PrimaryReplicationRole/Properties/Policies/0/PolicyDocument/Statement/4",
                message=(
                    "S3 replicates PrimaryDocumentsBucket with this role, which lacks rights: "
                    "kms:Encrypt (allowed under a condition that does not hold: kms:ViaService is "
                    "s3.us-west-2.amazonaws.com)"
                ),
                actual=["kms:Encrypt"],
                expected="kms:Encrypt on arn:aws:kms:us-west-2:123456789012:key/${PrimaryKMSKey}",
                fix="allow it in PrimaryReplicationRole",
            ),
        ),
    ),
    "a function that may not use the bucket's key": (
        drop(f"{RIGHTS}/3"),
        (
            finding(
                "encryption-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies",
                message=(
                    "The code of PrimaryTransactionProcessor calls s3:PutObject on "
                    "PrimaryDocumentsBucket, for which the role lacks kms:GenerateDataKey (not "
                    "allowed)"
                ),
                actual=None,
                expected=(
                    "an Allow of kms:GenerateDataKey on "
                    "arn:aws:kms:us-east-1:123456789012:key/${PrimaryKMSKey}"
                ),
                fix="allow it in PrimaryLambdaExecutionRole",
            ),
        ),
    ),
    "a function that may use the key through another service": (
        put(f"{RIGHTS}/3/{VIA}", {"Fn::Sub": "dynamodb.${AWS::Region}.amazonaws.com"}),
        (
            finding(
                "encryption-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/3",
                message=(
                    "The code of PrimaryTransactionProcessor calls s3:PutObject on "
                    "PrimaryDocumentsBucket, for which the role lacks kms:GenerateDataKey (allowed "
                    "under a condition that does not hold: kms:ViaService is "
                    "s3.us-east-1.amazonaws.com)"
                ),
                actual=None,
                expected=(
                    "an Allow of kms:GenerateDataKey on "
                    "arn:aws:kms:us-east-1:123456789012:key/${PrimaryKMSKey}"
                ),
                fix="allow it in PrimaryLambdaExecutionRole",
            ),
        ),
    ),
    "the role denies what the code does": (
        add(RIGHTS, _deny("dynamodb:Put*")),
        (
            finding(
                "explicit-deny",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/5",
                message=(
                    "PrimaryTransactionProcessor needs dynamodb:PutItem on TransactionsTable, and "
                    "this denies it"
                ),
                actual=["dynamodb:Put*"],
                expected="no Deny, or a condition that leaves this out",
                fix="narrow the Deny to those it is intended for",
            ),
        ),
    ),
    "the bucket's policy denies what the code does": (
        add(DOCUMENTS, _deny("s3:Put*", OBJECTS, Principal="*")),
        (
            finding(
                "explicit-deny",
                "Resources/PrimaryDocumentsBucketPolicy/Properties/PolicyDocument/Statement/1",
                message=(
                    "PrimaryTransactionProcessor needs s3:PutObject on PrimaryDocumentsBucket, and "
                    "this denies it"
                ),
                actual=["s3:Put*"],
                expected="no Deny, or a condition that leaves this out",
                fix="narrow the Deny to those it is intended for",
            ),
        ),
    ),
    "the key's policy denies what the code does": (
        add(KEY_POLICY, _deny("kms:Encrypt", Principal={"AWS": "*"})),
        (
            finding(
                "explicit-deny",
                "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement/4",
                message=(
                    "PrimaryTransactionProcessor needs kms:Encrypt on PrimaryKMSKey, and this denies it"
                ),
                actual=["kms:Encrypt"],
                expected="no Deny, or a condition that leaves this out",
                fix="narrow the Deny to those it is intended for",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a managed policy may give the replication its rights": together(
        drop(f"{REPLICATOR}/2"), put(MANAGED, ["arn:aws:iam::aws:policy/AmazonS3FullAccess"])
    ),
    "the destination's policy gives the right": together(
        drop(f"{REPLICATOR}/2"),
        add(
            "Resources/SecondaryDocumentsBucketPolicy/Properties/PolicyDocument/Statement",
            {
                "Effect": "Allow",
                "Principal": {"AWS": ROLES_ARN},
                "Action": ["s3:ReplicateObject", "s3:ReplicateTags"],
                "Resource": "*",
            },
        ),
    ),
    "an old right does as well": put(f"{REPLICATOR}/1/Action/0", "s3:GetObjectVersion"),
    "objects below a prefix alone": replace(f"{REPLICATOR}/1/Resource/Fn::Sub", "/*", "/transactions/*"),
    "the code names an encryption of its own": together(
        drop(f"{RIGHTS}/3"), replace(CODE, "IfNoneMatch:", "ServerSideEncryption: 'AES256', IfNoneMatch:")
    ),
    "a Deny with a condition that is not known": add(
        RIGHTS, _deny("dynamodb:*", Condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}})
    ),
    "a Deny for all but one": add(
        DOCUMENTS,
        {"Effect": "Deny", "NotPrincipal": {"AWS": ROLES_ARN}, "Action": "s3:PutObject", "Resource": OBJECTS},
    ),
    "a Deny of other objects": add(
        DOCUMENTS, _deny("s3:*", {"Fn::Sub": "${PrimaryDocumentsBucket.Arn}/secret/*"}, Principal="*")
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
