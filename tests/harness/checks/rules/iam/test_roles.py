"""Roles: trust, and AWS's managed policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import WEST, Severity, checked, finding, put, together

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a function's role that Lambda cannot assume": (
        put(
            "Resources/PrimaryLambdaExecutionRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal/Service",
            "ec2.amazonaws.com",
        ),
        (
            finding(
                "role-trust",
                "Resources/PrimaryLambdaExecutionRole/Properties/AssumeRolePolicyDocument",
                message=("PrimaryTransactionProcessor is given this role, but lambda cannot assume it"),
                actual=["ec2.amazonaws.com"],
                expected="lambda.amazonaws.com among the trusted services",
                fix='trust it: "Principal": {"Service": "lambda.amazonaws.com"}',
            ),
        ),
    ),
    "a replication role that S3 cannot assume": (
        put(
            "Resources/SecondaryReplicationRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal",
            {"AWS": {"Ref": "AWS::AccountId"}},
        ),
        (
            finding(
                "role-trust",
                "Resources/SecondaryReplicationRole/Properties/AssumeRolePolicyDocument",
                region=WEST,
                message="SecondaryDocumentsBucket is given this role, but s3 cannot assume it",
                actual=[],
                expected="s3.amazonaws.com among the trusted services",
                fix='trust it: "Principal": {"Service": "s3.amazonaws.com"}',
            ),
        ),
    ),
    "a managed policy without its path": (
        put(
            "Resources/PrimaryReplicationRole/Properties/ManagedPolicyArns",
            [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AWSLambdaBasicExecutionRole"}],
        ),
        (
            finding(
                "managed-policy",
                "Resources/PrimaryReplicationRole/Properties/ManagedPolicyArns/0",
                severity=Severity.ERROR,
                message="There is no AWS managed policy 'AWSLambdaBasicExecutionRole'",
                actual="arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
                expected="the ARN of a policy in AWS's list",
                fix="did you mean policy/service-role/AWSLambdaBasicExecutionRole?",
            ),
        ),
    ),
    "a managed policy that is not in AWS's list": (
        put(
            "Resources/PrimaryReplicationRole/Properties/ManagedPolicyArns",
            ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAcces"],
        ),
        (
            finding(
                "managed-policy",
                "Resources/PrimaryReplicationRole/Properties/ManagedPolicyArns/0",
                message="There is no AWS managed policy 'AmazonDynamoDBFullAcces'",
                actual="arn:aws:iam::aws:policy/AmazonDynamoDBFullAcces",
                expected="the ARN of a policy in AWS's list",
                fix="did you mean policy/AmazonDynamoDBFullAccess?",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "the role is trusted in capitals": put(
        "Resources/PrimaryLambdaExecutionRole/Properties/AssumeRolePolicyDocument/Statement/0/Effect", "ALLOW"
    ),
    "the role is trusted in the regional form": together(
        put(
            "Resources/Machine",
            {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {
                                    "Service": [{"Fn::Sub": "states.${AWS::Region}.amazonaws.com"}]
                                },
                                "Action": "sts:AssumeRole",
                            }
                        ],
                    }
                },
            },
        ),
        put(
            "Resources/Steps",
            {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {"RoleArn": {"Fn::GetAtt": ["Machine", "Arn"]}, "DefinitionString": "{}"},
            },
        ),
    ),
    "a managed policy of the account": put(
        "Resources/PrimaryReplicationRole/Properties/ManagedPolicyArns",
        [{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/ours"}],
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
