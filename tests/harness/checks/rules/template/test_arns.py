"""Regions and accounts written out in ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    ERRORS,
    OWN_KEY,
    REPLICAS,
    RIGHTS,
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
    "a region in the ARN of a right, in the one stack that has it": (
        put(f"{RIGHTS}/2/Resource", {"Fn::Sub": "arn:aws:kms:us-east-1:${AWS::AccountId}:key/*"}),
        (
            finding(
                "literal-region",
                f"{RIGHTS}/2/Resource/Fn::Sub",
                severity=Severity.NOTE,
                message="The ARN names us-east-1 in so many words",
                actual="arn:aws:kms:us-east-1:${AWS::AccountId}:key/*",
                expected="${AWS::Region}, or a parameter for the other region",
                fix='write {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/*"}',
            ),
        ),
    ),
    "East's region in West": (
        put(
            "Resources/SecondaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/2/Resource",
            {"Fn::Sub": "arn:aws:kms:us-east-1:${AWS::AccountId}:key/*"},
        ),
        (
            finding(
                "literal-region",
                "Resources/SecondaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/2/Resource/Fn::Sub",
                region=WEST,
                message="The ARN names us-east-1 in so many words",
                actual="arn:aws:kms:us-east-1:${AWS::AccountId}:key/*",
                expected="${AWS::Region}, or a parameter for the other region",
                fix='write {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/*"}',
            ),
        ),
    ),
    "an account in the action of an alarm": (
        put(f"{ERRORS}/AlarmActions/0", {"Fn::Sub": "arn:aws:sns:${AWS::Region}:210987654321:alerts"}),
        (
            finding(
                "literal-account",
                f"{ERRORS}/AlarmActions/0/Fn::Sub",
                message="The ARN names the account 210987654321 in so many words",
                actual="arn:aws:sns:${AWS::Region}:210987654321:alerts",
                expected="${AWS::AccountId}",
                fix='write {"Fn::Sub": "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:alerts"}',
            ),
        ),
    ),
    "another account's queue in the stacks of both regions": (
        put(
            "Resources/Feed",
            {
                "Type": "AWS::SNS::Subscription",
                "Properties": {
                    "Protocol": "sqs",
                    "TopicArn": {"Fn::Sub": "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:orders"},
                    "Endpoint": {"Fn::Sub": "arn:aws:sqs:${AWS::Region}:210987654321:orders"},
                },
            },
        ),
        (
            finding(
                "literal-account",
                "Resources/Feed/Properties/Endpoint/Fn::Sub",
                region=None,
                message="The ARN names the account 210987654321 in so many words",
                actual="arn:aws:sqs:${AWS::Region}:210987654321:orders",
                expected="${AWS::AccountId}",
                fix='write {"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:orders"}',
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a replica names its region and the key there": together(
        OWN_KEY,
        put(
            f"{REPLICAS}/1/SSESpecification",
            {"KMSMasterKeyId": {"Fn::Sub": "arn:aws:kms:us-west-2:${AWS::AccountId}:key/${PrimaryKMSKey}"}},
        ),
    ),
    "another account is let in": put(
        "Resources/PrimaryDocumentsBucketPolicy/Properties/PolicyDocument/Statement/0/Principal",
        {"AWS": "arn:aws:iam::210987654321:root"},
    ),
    "another account is kept out": put(
        "Resources/PrimaryDocumentsBucketPolicy/Properties/PolicyDocument/Statement/0/NotPrincipal",
        {"AWS": "arn:aws:iam::210987654321:root"},
    ),
    "the management account's organization is named": put(
        "Resources/Guard",
        {
            "Type": "AWS::ControlTower::EnabledControl",
            "Properties": {
                "ControlIdentifier": {"Fn::Sub": "arn:aws:controltower:${AWS::Region}::control/X"},
                "TargetIdentifier": "arn:aws:organizations::210987654321:ou/o-1/ou-1",
            },
        },
    ),
    "a replica key names its primary": put(
        "Resources/Replica",
        {
            "Type": "AWS::KMS::ReplicaKey",
            "Properties": {
                "KeyPolicy": {},
                "PrimaryKeyArn": {"Fn::Sub": "arn:aws:kms:eu-west-1:${AWS::AccountId}:key/mrk-1"},
            },
        },
    ),
    "a distribution takes its certificate from Virginia": put(
        "Resources/Site",
        {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {
                "DistributionConfig": {
                    "Enabled": True,
                    "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
                    "ViewerCertificate": {
                        "AcmCertificateArn": "arn:aws:acm:us-east-1:210987654321:certificate/1"
                    },
                }
            },
        },
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
