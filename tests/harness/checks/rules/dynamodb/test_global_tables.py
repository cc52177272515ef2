"""Tables and their keys: the faults seeded in the design, and what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    OWN_KEY,
    REPLICAS,
    TABLE,
    VARIABLES,
    WEST,
    Severity,
    checked,
    finding,
    put,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a plain table with replicas, which West's function uses": (
        put(f"{TABLE}/Type", "AWS::DynamoDB::Table"),
        (
            finding(
                "table-with-replicas",
                REPLICAS,
                message="AWS::DynamoDB::Table has no Replicas: it is a table of one region",
                actual=[
                    {
                        "Region": "us-east-1",
                        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                        "TableClass": "STANDARD",
                        "DeletionProtectionEnabled": False,
                        "Tags": [{"Key": "Region", "Value": "primary"}],
                    },
                    {
                        "Region": "us-west-2",
                        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                        "TableClass": "STANDARD",
                        "DeletionProtectionEnabled": False,
                        "Tags": [{"Key": "Region", "Value": "secondary"}],
                    },
                ],
                expected="AWS::DynamoDB::GlobalTable with every region among its Replicas",
                fix=(
                    "change the Type to AWS::DynamoDB::GlobalTable and add the stack's own region to Replicas"
                ),
            ),
            finding(
                "environment-target",
                "Resources/SecondaryTransactionProcessor/Properties/Environment/Variables/TABLE_NAME",
                severity=Severity.WARNING,
                region=WEST,
                message=(
                    "The code takes this as TableName; it is TransactionsTable "
                    "(AWS::DynamoDB::Table, us-east-1)"
                ),
                actual="transactions-table-dev",
                expected=(
                    "a resource in us-west-2 of type AWS::DynamoDB::GlobalTable or AWS::DynamoDB::Table"
                ),
                fix="name the stack's own resource for TableName",
            ),
        ),
    ),
    "a key for the whole global table": (
        put(f"{TABLE}/Properties/SSESpecification/KMSMasterKeyId", {"Ref": "PrimaryKMSKey"}),
        (
            finding(
                "global-table-key",
                f"{TABLE}/Properties/SSESpecification/KMSMasterKeyId",
                message=(
                    "A global table takes no key for all regions: a key encrypts in its own region only"
                ),
                actual="${PrimaryKMSKey}",
                expected=("SSEType KMS alone, or a KMSMasterKeyId in the SSESpecification of every replica"),
                fix=("remove KMSMasterKeyId, or name the key of each region in Replicas[].SSESpecification"),
            ),
        ),
    ),
    "the primary's key for the other region's replica": (
        together(
            OWN_KEY,
            put(
                f"{REPLICAS}/1/SSESpecification",
                {"KMSMasterKeyId": {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]}},
            ),
        ),
        (
            finding(
                "replica-key-region",
                f"{REPLICAS}/1/SSESpecification/KMSMasterKeyId",
                message="The replica in us-west-2 is given a key of us-east-1",
                actual="${PrimaryKMSKey.Arn}",
                expected="a key in us-west-2",
                fix="name the key's replica in us-west-2: arn:…:kms:us-west-2:…:key/mrk-…",
            ),
        ),
    ),
    "a single-Region key by ID for the other region's replica": (
        together(
            OWN_KEY,
            put("Resources/PrimaryKMSKey/Properties/MultiRegion", value=False),
            put(f"{VARIABLES}/KMS_KEY_ID", {"Ref": "PrimaryKMSKeyAlias"}),
            put(f"{REPLICAS}/1/SSESpecification", {"KMSMasterKeyId": {"Ref": "PrimaryKMSKey"}}),
        ),
        (
            finding(
                "single-region-ciphertext",
                "Resources/PrimaryKMSKey/Properties/MultiRegion",
                message=(
                    "PrimaryTransactionProcessor encrypts with this key and writes to "
                    "TransactionsTable: without this region nobody can open the replica"
                ),
                actual=False,
                expected="MultiRegion true, and an AWS::KMS::ReplicaKey in the other region",
                fix=("make a new multi-Region key (the property cannot be changed) and replicate it"),
            ),
            finding(
                "replica-key-region",
                f"{REPLICAS}/1/SSESpecification/KMSMasterKeyId",
                message="The replica in us-west-2 is given a key of us-east-1",
                actual="${PrimaryKMSKey}",
                expected="a key in us-west-2",
                fix="name the key's replica in us-west-2: arn:…:kms:us-west-2:…:key/mrk-…",
            ),
        ),
    ),
    "a literal key of another region": (
        together(
            OWN_KEY,
            put(
                f"{REPLICAS}/1/SSESpecification",
                {"KMSMasterKeyId": {"Fn::Sub": "arn:aws:kms:${PrimaryRegion}:${AWS::AccountId}:key/mrk-1"}},
            ),
        ),
        (
            finding(
                "replica-key-region",
                f"{REPLICAS}/1/SSESpecification/KMSMasterKeyId",
                message="The replica in us-west-2 is given a key of us-east-1",
                actual="arn:aws:kms:us-east-1:123456789012:key/mrk-1",
                expected="a key in us-west-2",
                fix="name the key's replica in us-west-2: arn:…:kms:us-west-2:…:key/mrk-…",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "each replica has the key of its region": together(
        OWN_KEY,
        put(
            f"{REPLICAS}/1/SSESpecification",
            {
                "KMSMasterKeyId": {
                    "Fn::Sub": "arn:aws:kms:${SecondaryRegion}:${AWS::AccountId}:key/${PrimaryKMSKey}"
                }
            },
        ),
    ),
    "the multi-Region key's ID is the same in both regions": together(
        OWN_KEY, put(f"{REPLICAS}/1/SSESpecification", {"KMSMasterKeyId": {"Ref": "PrimaryKMSKey"}})
    ),
    "a plain table without replicas has a key of its own": put(
        "Resources/Spare",
        {
            "Type": "AWS::DynamoDB::Table",
            "Condition": "IsPrimary",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "SSESpecification": {
                    "SSEEnabled": True,
                    "SSEType": "KMS",
                    "KMSMasterKeyId": {"Ref": "PrimaryKMSKey"},
                },
            },
        },
    ),
    "the key is a parameter": together(
        OWN_KEY,
        put("Parameters/KeyOfWest", {"Type": "String"}),
        put(f"{REPLICAS}/1/SSESpecification", {"KMSMasterKeyId": {"Ref": "KeyOfWest"}}),
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
