"""Keys that nobody can administer, replicate, or work with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import RIGHTS, Severity, add, checked, finding, put, together

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

KEY = "Resources/PrimaryKMSKey/Properties"
ROOT = f"{KEY}/KeyPolicy/Statement/0"
SPARE = "Resources/Spare"
KEY_ID = "01234567-89ab-cdef-0123-456789abcdef"
ACCOUNT = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
POLICY = {"Statement": {"Effect": "Allow", "Principal": ACCOUNT, "Action": "kms:*", "Resource": "*"}}
VIA = f"{RIGHTS}/3/Condition/StringEquals/kms:ViaService"


def _of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::KMS::{kind}", "Condition": "IsPrimary", "Properties": properties}


def _only(**statement: Any) -> dict[str, Any]:
    return {"Statement": {"Effect": "Allow", "Resource": "*", **statement}}


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a policy that nobody may change": (
        put(SPARE, _of("Key", KeyPolicy=_only(Principal=ACCOUNT, Action=["kms:Encrypt", "kms:Decrypt"]))),
        (
            finding(
                "key-locked-out",
                "Resources/Spare/Properties/KeyPolicy",
                message=(
                    "Nobody may change this policy later: kms:PutKeyPolicy is given to no account, "
                    "role or user"
                ),
                actual=["arn:aws:iam::123456789012:root"],
                expected="kms:PutKeyPolicy, best kms:*, for the account's root",
                fix="add the root statement: kms:* for arn:…:iam::<account>:root",
            ),
        ),
    ),
    "a policy that nobody may change, on purpose": (
        put(
            SPARE,
            _of(
                "Key",
                BypassPolicyLockoutSafetyCheck=True,
                KeyPolicy=_only(Principal=ACCOUNT, Action="kms:Encrypt"),
            ),
        ),
        (
            finding(
                "key-locked-out",
                "Resources/Spare/Properties/KeyPolicy",
                severity=Severity.WARNING,
                message=(
                    "Nobody may change this policy later: kms:PutKeyPolicy is given to no account, "
                    "role or user"
                ),
                actual=["arn:aws:iam::123456789012:root"],
                expected="kms:PutKeyPolicy, best kms:*, for the account's root",
                fix="add the root statement: kms:* for arn:…:iam::<account>:root",
            ),
        ),
    ),
    "an alias of an alias": (
        put("Resources/PrimaryKMSKeyAlias/Properties/TargetKeyId", "alias/aws/s3"),
        (
            finding(
                "alias-target",
                "Resources/PrimaryKMSKeyAlias/Properties/TargetKeyId",
                message="An alias leads to a key, not to another alias",
                actual="alias/aws/s3",
                expected="a key in us-east-1",
                fix="name the region's own key or replica key",
            ),
        ),
    ),
    "an alias of the other region's key": (
        put(
            "Resources/PrimaryKMSKeyAlias/Properties/TargetKeyId",
            {"Fn::Sub": "arn:aws:kms:${SecondaryRegion}:${AWS::AccountId}:key/mrk-1"},
        ),
        (
            finding(
                "alias-target",
                "Resources/PrimaryKMSKeyAlias/Properties/TargetKeyId",
                message="The key is in us-west-2, the alias in us-east-1",
                actual="arn:aws:kms:us-west-2:123456789012:key/mrk-1",
                expected="a key in us-east-1",
                fix="name the region's own key or replica key",
            ),
        ),
    ),
    "a replica beside its primary": (
        put(
            SPARE, _of("ReplicaKey", KeyPolicy=POLICY, PrimaryKeyArn={"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]})
        ),
        (
            finding(
                "replica-key-source",
                "Resources/Spare/Properties/PrimaryKeyArn",
                message="The primary key is in us-east-1 as well: a replica is in another region",
                actual="${PrimaryKMSKey.Arn}",
                expected="the ARN of a multi-Region key in another region: arn:…:key/mrk-…",
                fix="hand the ARN of the other stack's key over as a parameter",
            ),
        ),
    ),
    "a replica of a key of one region": (
        put(
            SPARE,
            _of(
                "ReplicaKey",
                KeyPolicy=POLICY,
                PrimaryKeyArn={
                    "Fn::Sub": f"arn:aws:kms:${{SecondaryRegion}}:${{AWS::AccountId}}:key/{KEY_ID}"
                },
            ),
        ),
        (
            finding(
                "replica-key-source",
                "Resources/Spare/Properties/PrimaryKeyArn",
                message="The primary is a single-Region key, which cannot be replicated",
                actual="arn:aws:kms:us-west-2:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
                expected="the ARN of a multi-Region key in another region: arn:…:key/mrk-…",
                fix="hand the ARN of the other stack's key over as a parameter",
            ),
        ),
    ),
    "an asymmetric key that is to rotate": (
        put(
            SPARE,
            _of("Key", KeyPolicy=POLICY, KeySpec="RSA_4096", KeyUsage="SIGN_VERIFY", EnableKeyRotation=True),
        ),
        (
            finding(
                "key-spec",
                "Resources/Spare/Properties/EnableKeyRotation",
                message="A key of this spec does not rotate by itself",
                actual="RSA_4096",
                expected="SYMMETRIC_DEFAULT",
                fix=('write "KeySpec": "SYMMETRIC_DEFAULT" in a new key (the property cannot be changed)'),
            ),
        ),
    ),
    "an asymmetric key of a topic": (
        together(
            put(SPARE, _of("Key", KeyPolicy=POLICY, KeySpec="RSA_4096", KeyUsage="ENCRYPT_DECRYPT")),
            put(
                "Resources/Topic",
                {
                    "Type": "AWS::SNS::Topic",
                    "Condition": "IsPrimary",
                    "Properties": {"KmsMasterKeyId": {"Ref": "Spare"}},
                },
            ),
        ),
        (
            finding(
                "key-spec",
                "Resources/Spare/Properties/KeySpec",
                message="Topic takes symmetric keys only",
                actual="RSA_4096",
                expected="SYMMETRIC_DEFAULT",
                fix=('write "KeySpec": "SYMMETRIC_DEFAULT" in a new key (the property cannot be changed)'),
            ),
        ),
    ),
    "a right through S3 of the other region": (
        add(
            RIGHTS,
            {
                "Effect": "Allow",
                "Action": "kms:Decrypt",
                "Resource": {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]},
                "Condition": {
                    "StringEquals": {"kms:ViaService": {"Fn::Sub": "s3.${SecondaryRegion}.amazonaws.com"}}
                },
            },
        ),
        (
            finding(
                "via-service-region",
                (
                    "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/5/Co"
                    "ndition"
                ),
                message=(
                    "The key is in us-east-1, the right is bounded to s3 in us-west-2: it never applies"
                ),
                actual=["s3.us-west-2.amazonaws.com"],
                expected="kms:ViaService of us-east-1",
                fix='write {"Fn::Sub": "<service>.${AWS::Region}.amazonaws.com"}',
            ),
        ),
    ),
    "a key policy's right through SQS of the other region": (
        add(
            f"{KEY}/KeyPolicy/Statement",
            {
                "Effect": "Allow",
                "Principal": ACCOUNT,
                "Action": "kms:Decrypt",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:ViaService": {"Fn::Sub": "sqs.${SecondaryRegion}.amazonaws.com"}}
                },
            },
        ),
        (
            finding(
                "via-service-region",
                "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement/4/Condition",
                message=(
                    "The key is in us-east-1, the right is bounded to sqs in us-west-2: it never applies"
                ),
                actual=["sqs.us-west-2.amazonaws.com"],
                expected="kms:ViaService of us-east-1",
                fix='write {"Fn::Sub": "<service>.${AWS::Region}.amazonaws.com"}',
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a role administers the key": put(
        SPARE,
        _of(
            "Key",
            KeyPolicy=_only(
                Principal={"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/keeper"}},
                Action="kms:Put*",
            ),
        ),
    ),
    "who administers the key is not known": together(
        put("Parameters/Keeper", {"Type": "String"}),
        put(SPARE, _of("Key", KeyPolicy=_only(Principal={"AWS": {"Ref": "Keeper"}}, Action="kms:*"))),
    ),
    "an alias of a key by its ID": put("Resources/PrimaryKMSKeyAlias/Properties/TargetKeyId", KEY_ID),
    "an asymmetric key that signs": put(
        SPARE, _of("Key", KeyPolicy=POLICY, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    ),
    "DynamoDB calls across regions": add(
        RIGHTS,
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]},
            "Condition": {
                "StringEquals": {"kms:ViaService": {"Fn::Sub": "dynamodb.${SecondaryRegion}.amazonaws.com"}}
            },
        },
    ),
    "a right through S3 of any region": add(
        RIGHTS,
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]},
            "Condition": {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}},
        },
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
