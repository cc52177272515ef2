"""Keys: services that must be let in, ciphertext that must outlive a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    CODE,
    add,
    checked,
    finding,
    put,
    replace,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a log group's key without CloudWatch Logs": (
        put(
            "Resources/PrimaryTransactionProcessorLogGroup/Properties/KmsKeyId",
            {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]},
        ),
        (
            finding(
                "key-without-service",
                "Resources/PrimaryKMSKey/Properties/KeyPolicy",
                message=(
                    "The key does not let logs.amazonaws.com in, and "
                    "PrimaryTransactionProcessorLogGroup is encrypted with it"
                ),
                actual=["dynamodb.amazonaws.com", "lambda.amazonaws.com", "s3.amazonaws.com"],
                expected="an Allow of kms:Decrypt and kms:GenerateDataKey for logs.amazonaws.com",
                fix=('add a statement with "Principal": {"Service": "logs.us-east-1.amazonaws.com"}'),
            ),
        ),
    ),
    "an alarm topic's key without CloudWatch": (
        put("Resources/PrimarySNSTopic/Properties/KmsMasterKeyId", {"Ref": "PrimaryKMSKeyAlias"}),
        (
            finding(
                "key-without-service",
                "Resources/PrimaryKMSKey/Properties/KeyPolicy",
                message=(
                    "The key does not let cloudwatch.amazonaws.com in, and LambdaErrorAlarmPrimary "
                    "speaks to PrimarySNSTopic"
                ),
                actual=["dynamodb.amazonaws.com", "lambda.amazonaws.com", "s3.amazonaws.com"],
                expected=("an Allow of kms:Decrypt and kms:GenerateDataKey for cloudwatch.amazonaws.com"),
                fix=('add a statement with "Principal": {"Service": "cloudwatch.amazonaws.com"}'),
            ),
        ),
    ),
    "a queue's key without the topic that feeds it": (
        together(
            put(
                "Resources/Queue",
                {
                    "Type": "AWS::SQS::Queue",
                    "Condition": "IsPrimary",
                    "Properties": {"KmsMasterKeyId": {"Ref": "PrimaryKMSKey"}},
                },
            ),
            put(
                "Resources/Feed",
                {
                    "Type": "AWS::SNS::Subscription",
                    "Condition": "IsPrimary",
                    "Properties": {
                        "Protocol": "sqs",
                        "TopicArn": {"Ref": "PrimarySNSTopic"},
                        "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]},
                    },
                },
            ),
            put(
                "Resources/QueuePolicy",
                {
                    "Type": "AWS::SQS::QueuePolicy",
                    "Condition": "IsPrimary",
                    "Properties": {
                        "Queues": [{"Ref": "Queue"}],
                        "PolicyDocument": {
                            "Statement": {
                                "Effect": "Allow",
                                "Principal": {"Service": "sns.amazonaws.com"},
                                "Action": "sqs:SendMessage",
                                "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                                "Condition": {"ArnEquals": {"aws:SourceArn": {"Ref": "PrimarySNSTopic"}}},
                            }
                        },
                    },
                },
            ),
        ),
        (
            finding(
                "key-without-service",
                "Resources/PrimaryKMSKey/Properties/KeyPolicy",
                message="The key does not let sns.amazonaws.com in, and Feed feeds Queue",
                actual=["dynamodb.amazonaws.com", "lambda.amazonaws.com", "s3.amazonaws.com"],
                expected="an Allow of kms:Decrypt and kms:GenerateDataKey for sns.amazonaws.com",
                fix='add a statement with "Principal": {"Service": "sns.amazonaws.com"}',
            ),
        ),
    ),
    "a single-Region key for replicated ciphertext": (
        put("Resources/PrimaryKMSKey/Properties/MultiRegion", value=False),
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
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "the key lets CloudWatch Logs of the region in": together(
        put(
            "Resources/PrimaryTransactionProcessorLogGroup/Properties/KmsKeyId",
            {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]},
        ),
        add(
            "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement",
            {
                "Effect": "Allow",
                "Principal": {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}},
                "Action": "kms:*",
                "Resource": "*",
                "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*:*:*"}},
            },
        ),
    ),
    "a single-Region key of a function that stores nothing": together(
        put("Resources/PrimaryKMSKey/Properties/MultiRegion", value=False),
        replace(CODE, "new PutItemCommand", "new GetItemCommand"),
        replace(CODE, "PutItemCommand }", "GetItemCommand }"),
        put(
            "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/0/Action",
            "dynamodb:GetItem",
        ),
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
