"""Tables that DynamoDB refuses, and tables made twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    OWN_KEY,
    REPLICAS,
    TABLE,
    WEST,
    Severity,
    add,
    checked,
    drop,
    finding,
    put,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

PROPERTIES = f"{TABLE}/Properties"
KEY_OF_WEST = {"Fn::Sub": "arn:aws:kms:${SecondaryRegion}:${AWS::AccountId}:key/${PrimaryKMSKey}"}
AUTO_SCALED = {
    "MinCapacity": 1,
    "MaxCapacity": 9,
    "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70},
}

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a table without a capacity": (
        put(f"{PROPERTIES}/BillingMode", "PROVISIONED"),
        (
            finding(
                "table-capacity",
                "Resources/TransactionsTable/Properties/BillingMode",
                message="The table is PROVISIONED and says no capacity",
                actual="PROVISIONED",
                expected="BillingMode PAY_PER_REQUEST, or WriteProvisionedThroughputSettings",
                fix='write "BillingMode": "PAY_PER_REQUEST"',
            ),
        ),
    ),
    "a capacity where none is taken": (
        put(f"{REPLICAS}/0/ReadProvisionedThroughputSettings", {"ReadCapacityUnits": 1}),
        (
            finding(
                "table-capacity",
                "Resources/TransactionsTable/Properties/Replicas/0/ReadProvisionedThroughputSettings",
                severity=Severity.WARNING,
                message="The table is PAY_PER_REQUEST and takes no capacity",
                actual={"ReadCapacityUnits": 1},
                expected="no capacity, or BillingMode PROVISIONED",
                fix="remove ReadProvisionedThroughputSettings",
            ),
        ),
    ),
    "a plain table's capacity where none is taken": (
        put(
            "Resources/Spare",
            {
                "Type": "AWS::DynamoDB::Table",
                "Condition": "IsPrimary",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                },
            },
        ),
        (
            finding(
                "table-capacity",
                "Resources/Spare/Properties/ProvisionedThroughput",
                message="The table is PAY_PER_REQUEST and takes no capacity",
                actual={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
                expected="no capacity, or BillingMode PROVISIONED",
                fix="remove ProvisionedThroughput",
            ),
        ),
    ),
    "an attribute of no key": (
        add(f"{PROPERTIES}/AttributeDefinitions", {"AttributeName": "amount", "AttributeType": "N"}),
        (
            finding(
                "table-attributes",
                "Resources/TransactionsTable/Properties/AttributeDefinitions",
                message="The attributes do not fit the keys: amount is defined and in no key",
                actual=["amount", "timestamp", "transactionId"],
                expected="timestamp, transactionId",
                fix="define the attributes of the keys, and no others",
            ),
        ),
    ),
    "a key that is not defined": (
        drop(f"{PROPERTIES}/AttributeDefinitions/1"),
        (
            finding(
                "table-attributes",
                "Resources/TransactionsTable/Properties/AttributeDefinitions",
                message="The attributes do not fit the keys: timestamp is in a key and not defined",
                actual=["transactionId"],
                expected="timestamp, transactionId",
                fix="define the attributes of the keys, and no others",
            ),
        ),
    ),
    "a customer key for one replica": (
        put(f"{REPLICAS}/1/SSESpecification", {"KMSMasterKeyId": KEY_OF_WEST}),
        (
            finding(
                "replica-without-key",
                "Resources/TransactionsTable/Properties/Replicas/0/SSESpecification",
                message="KMSMasterKeyId must be specified for each replica, and this one has none",
                actual=None,
                expected="a KMSMasterKeyId of the replica's region, or none for any replica",
                fix='add "SSESpecification": {"KMSMasterKeyId": "<key of this region>"}',
            ),
        ),
    ),
    "the same table in both stacks": (
        drop(f"{TABLE}/Condition"),
        (
            finding(
                "global-table-twice",
                "Resources/TransactionsTable",
                region=WEST,
                message="The stack of us-east-1 makes this table, with its replica in us-west-2",
                actual="transactions-table-dev",
                expected="the table in the stack of one region",
                fix="give it a Condition that holds in us-east-1 alone",
            ),
        ),
    ),
    "a table of its own in both stacks": (
        put(
            "Resources/Spare",
            {
                "Type": "AWS::DynamoDB::GlobalTable",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                    "Replicas": [
                        {"Region": {"Ref": "PrimaryRegion"}},
                        {"Region": {"Ref": "SecondaryRegion"}},
                    ],
                },
            },
        ),
        (
            finding(
                "global-table-twice",
                "Resources/Spare",
                severity=Severity.WARNING,
                region=WEST,
                message="The stack of us-east-1 makes this table, with its replica in us-west-2",
                actual=None,
                expected="the table in the stack of one region",
                fix="give it a Condition that holds in us-east-1 alone",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a capacity that scales": together(
        put(f"{PROPERTIES}/BillingMode", "PROVISIONED"),
        put(
            f"{PROPERTIES}/WriteProvisionedThroughputSettings",
            {"WriteCapacityAutoScalingSettings": AUTO_SCALED},
        ),
        put(
            f"{REPLICAS}/0/ReadProvisionedThroughputSettings",
            {"ReadCapacityAutoScalingSettings": AUTO_SCALED},
        ),
    ),
    "a billing mode that is not known": together(
        put("Parameters/Mode", {"Type": "String"}), put(f"{PROPERTIES}/BillingMode", {"Ref": "Mode"})
    ),
    "an attribute of an index": together(
        add(f"{PROPERTIES}/AttributeDefinitions", {"AttributeName": "amount", "AttributeType": "N"}),
        put(
            f"{PROPERTIES}/GlobalSecondaryIndexes",
            [
                {
                    "IndexName": "amounts",
                    "KeySchema": [{"AttributeName": "amount", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        ),
    ),
    "an attribute that is not known": together(
        put("Parameters/Key", {"Type": "String"}),
        put(f"{PROPERTIES}/AttributeDefinitions/1/AttributeName", {"Ref": "Key"}),
    ),
    "a customer key for each replica": together(
        OWN_KEY, put(f"{REPLICAS}/1/SSESpecification", {"KMSMasterKeyId": KEY_OF_WEST})
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
