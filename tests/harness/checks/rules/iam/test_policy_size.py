"""How long a policy IAM, KMS, S3, SNS and SQS take at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import (
    RIGHTS,
    Severity,
    add,
    checked,
    finding,
    put,
    short,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

ROLE = "Resources/PrimaryLambdaExecutionRole/Properties"
TRUST = f"{ROLE}/AssumeRolePolicyDocument/Statement"
ACCOUNT = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
LONG = "arn:aws:s3:::a-bucket-of-others/" + "x" * 100


def _reads(times: int) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [LONG] * times}


def _trusts(times: int) -> dict[str, Any]:
    names = [f"service-{number:03}.amazonaws.com" for number in range(times)]
    return {"Effect": "Allow", "Principal": {"Service": names}, "Action": "sts:AssumeRole"}


def _managed(times: int) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::ManagedPolicy",
        "Condition": "IsPrimary",
        "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [_reads(times)]}},
    }


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "inline policies that are too long together": (
        together(add(RIGHTS, _reads(80)), short),
        (
            finding(
                "policy-size",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies",
                message="Policies has 11,528 characters at least; 10,240 are taken",
                actual=11528,
                expected="at most 10,240 characters",
                fix="use wildcards and lists, or several managed policies",
            ),
        ),
    ),
    "a managed policy that is too long": (
        together(put("Resources/Reading", _managed(46)), short),
        (
            finding(
                "policy-size",
                "Resources/Reading/Properties/PolicyDocument",
                message="PolicyDocument has 6,304 characters at least; 6,144 are taken",
                actual=6304,
                expected="at most 6,144 characters",
                fix="use wildcards and lists, or several managed policies",
            ),
        ),
    ),
    "a trust policy beyond the first quota": (
        together(add(TRUST, _trusts(80)), short),
        (
            finding(
                "policy-size",
                "Resources/PrimaryLambdaExecutionRole/Properties/AssumeRolePolicyDocument",
                severity=Severity.WARNING,
                message="AssumeRolePolicyDocument has 2,441 characters at least; 2,048 are taken",
                actual=2441,
                expected="at most 2,048 characters",
                fix="use wildcards and lists, or several managed policies",
            ),
        ),
    ),
    "a trust policy beyond every quota": (
        together(add(TRUST, _trusts(200)), short),
        (
            finding(
                "policy-size",
                "Resources/PrimaryLambdaExecutionRole/Properties/AssumeRolePolicyDocument",
                message="AssumeRolePolicyDocument has 5,801 characters at least; 2,048 are taken",
                actual=5801,
                expected="at most 2,048 characters",
                fix="use wildcards and lists, or several managed policies",
            ),
        ),
    ),
    "a bucket policy that is too long": (
        together(
            add(
                "Resources/PrimaryDocumentsBucketPolicy/Properties/PolicyDocument/Statement",
                {**_reads(160), "Effect": "Deny", "Principal": {"AWS": ACCOUNT}},
            ),
            short,
        ),
        (
            finding(
                "template-size",
                "",
                region=None,
                message="The template has 56,749 bytes; in a request it may have 51,200",
                actual=56749,
                expected="at most 51,200 bytes",
                fix="shorten it, or deploy it through a bucket",
            ),
            finding(
                "policy-size",
                "Resources/PrimaryDocumentsBucketPolicy/Properties/PolicyDocument",
                message="PolicyDocument has 21,893 characters at least; 20,480 are taken",
                actual=21893,
                expected="at most 20,480 characters",
                fix="use wildcards and lists, or several managed policies",
            ),
        ),
    ),
    "more managed policies than an account attaches": (
        put(
            "Resources/Reader",
            {
                "Type": "AWS::IAM::Group",
                "Condition": "IsPrimary",
                "Properties": {
                    "ManagedPolicyArns": [
                        {"Fn::Sub": f"arn:aws:iam::${{AWS::AccountId}}:policy/p{number}"}
                        for number in range(11)
                    ]
                },
            },
        ),
        (
            finding(
                "policy-size",
                "Resources/Reader/Properties/ManagedPolicyArns",
                severity=Severity.WARNING,
                message="11 managed policies are attached; an account's quota is 10 at first",
                actual=11,
                expected="at most 10, or a raised quota",
                fix="join policies, or have the quota raised",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "inline policies that just fit": together(add(RIGHTS, _reads(60)), short),
    "a managed policy that just fits": together(put("Resources/Reading", _managed(43)), short),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
