"""Policies that let in whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import RIGHTS, Severity, add, checked, finding, put, together

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

KEY_POLICY = "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement"
TRUST = "Resources/PrimaryLambdaExecutionRole/Properties/AssumeRolePolicyDocument/Statement"
ROLE = "Resources/PrimaryLambdaExecutionRole/Properties"
IN_ORGANISATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
OVER_TLS = {"Bool": {"aws:SecureTransport": "true"}}
SCRIPT: dict[str, Any] = {
    "Type": "AWS::Lambda::Permission",
    "Condition": "IsPrimary",
    "Properties": {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "PrimaryTransactionProcessor"},
        "Principal": "s3.amazonaws.com",
    },
}


def _allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource, **more}


def _topic_policy(statement: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::SNS::TopicPolicy",
        "Condition": "IsPrimary",
        "Properties": {
            "Topics": [{"Ref": "PrimarySNSTopic"}],
            "PolicyDocument": {"Statement": [statement]},
        },
    }


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a key that everybody may use": (
        add(KEY_POLICY, _allow("kms:Decrypt", Condition=OVER_TLS)),
        (
            finding(
                "open-to-everybody",
                "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement/4/Principal",
                message="Everybody may kms:Decrypt",
                actual="*",
                expected="principals by name, or a condition that says who",
                fix='name the account: {"AWS": {"Fn::Sub": "arn:…:iam::${AWS::AccountId}:root"}}',
            ),
        ),
    ),
    "a role that everybody may take on": (
        add(TRUST, {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}),
        (
            finding(
                "open-to-everybody",
                (
                    "Resources/PrimaryLambdaExecutionRole/Properties/AssumeRolePolicyDocument/Statement/1/Pri"
                    "ncipal"
                ),
                message="Everybody may sts:AssumeRole",
                actual="*",
                expected="principals by name, or a condition that says who",
                fix='name the account: {"AWS": {"Fn::Sub": "arn:…:iam::${AWS::AccountId}:root"}}',
            ),
        ),
    ),
    "a topic that everybody may publish to": (
        put("Resources/Policy", _topic_policy(_allow("sns:Publish", {"Ref": "PrimarySNSTopic"}))),
        (
            finding(
                "open-to-everybody",
                "Resources/Policy/Properties/PolicyDocument/Statement/0/Principal",
                severity=Severity.WARNING,
                message="Everybody may sns:Publish",
                actual="*",
                expected="principals by name, or a condition that says who",
                fix='name the account: {"AWS": {"Fn::Sub": "arn:…:iam::${AWS::AccountId}:root"}}',
            ),
        ),
    ),
    "a service that uses the key for any account": (
        add(KEY_POLICY, {**_allow("kms:Decrypt"), "Principal": {"Service": "sns.amazonaws.com"}}),
        (
            finding(
                "unbounded-service",
                "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement/4",
                message="sns.amazonaws.com may act here for any account",
                actual=["sns.amazonaws.com"],
                expected=(
                    "a bound: aws:SourceAccount or aws:SourceArn (SourceAccount or SourceArn of a permission)"
                ),
                fix=('add "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}'),
            ),
        ),
    ),
    "any bucket may call the function": (
        put("Resources/Caller", SCRIPT),
        (
            finding(
                "unbounded-service",
                "Resources/Caller/Properties/Principal",
                severity=Severity.WARNING,
                message="s3.amazonaws.com may act here for any account",
                actual=["s3.amazonaws.com"],
                expected=(
                    "a bound: aws:SourceAccount or aws:SourceArn (SourceAccount or SourceArn of a permission)"
                ),
                fix=('add "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}'),
            ),
        ),
    ),
    "a role that may do everything": (
        put(f"{RIGHTS}/4", {"Effect": "Allow", "Action": "*", "Resource": "*"}),
        (
            finding(
                "full-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/4",
                message="A service takes this role on, and it may do everything",
                actual="*",
                expected="an Allow of what is called, on what it is called on",
                fix="name the actions and resources",
            ),
        ),
    ),
    "a role of administrators": (
        put(f"{ROLE}/ManagedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"]),
        (
            finding(
                "full-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/ManagedPolicyArns/0",
                message="A service takes this role on, and it may do everything",
                actual="arn:aws:iam::aws:policy/AdministratorAccess",
                expected="an Allow of what is called, on what it is called on",
                fix="name the actions and resources",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "everybody of the organisation": together(
        add(KEY_POLICY, _allow("kms:Decrypt", Condition=IN_ORGANISATION)),
        put(
            "Resources/Policy",
            _topic_policy(_allow("sns:Publish", {"Ref": "PrimarySNSTopic"}, Condition=IN_ORGANISATION)),
        ),
    ),
    "everybody may subscribe": put(
        "Resources/Policy",
        _topic_policy(
            {**_allow("sns:*", {"Ref": "PrimarySNSTopic"}), "Principal": {"AWS": {"Ref": "AWS::AccountId"}}}
        ),
    ),
    "a condition that is not known": together(
        put("Parameters/Key", {"Type": "String"}),
        add(
            KEY_POLICY,
            _allow("kms:Decrypt", Condition={"StringEquals": {"kms:CallerAccount": {"Ref": "Key"}}}),
        ),
    ),
    "one bucket may call the function": put(
        "Resources/Caller",
        {**SCRIPT, "Properties": {**SCRIPT["Properties"], "SourceAccount": {"Ref": "AWS::AccountId"}}},
    ),
    "a role that CloudFormation takes on": put(
        "Resources/Maker",
        {
            "Type": "AWS::IAM::Role",
            "Condition": "IsPrimary",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudformation.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                },
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
            },
        },
    ),
    "a role that people take on": put(
        "Resources/Admin",
        {
            "Type": "AWS::IAM::Role",
            "Condition": "IsPrimary",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"AWS": {"Ref": "AWS::AccountId"}},
                        "Action": "sts:AssumeRole",
                    }
                },
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
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
