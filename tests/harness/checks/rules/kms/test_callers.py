"""Keys whose policy does not let in the roles that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    checked,
    finding,
    put,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

KEY_POLICY = "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement"
ROLES_ARN = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/keeper"}

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a key policy of its keeper alone": (
        put(
            "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement",
            [{"Effect": "Allow", "Principal": {"AWS": ROLES_ARN}, "Action": "kms:*", "Resource": "*"}],
        ),
        (
            finding(
                "key-shuts-out",
                "Resources/PrimaryKMSKey/Properties/KeyPolicy",
                message=(
                    "The policy lets in neither the account nor PrimaryLambdaExecutionRole, with "
                    "which PrimaryTransactionProcessor needs kms:Encrypt"
                ),
                actual=["arn:aws:iam::123456789012:role/keeper"],
                expected="an Allow of kms:Encrypt for the account's root, or for the role",
                fix="add the root statement: kms:* for arn:…:iam::<account>:root",
            ),
            finding(
                "key-shuts-out",
                "Resources/PrimaryKMSKey/Properties/KeyPolicy",
                message=(
                    "The policy lets in neither the account nor PrimaryReplicationRole, with which "
                    "PrimaryDocumentsBucket needs kms:Decrypt"
                ),
                actual=["arn:aws:iam::123456789012:role/keeper"],
                expected="an Allow of kms:Decrypt for the account's root, or for the role",
                fix="add the root statement: kms:* for arn:…:iam::<account>:root",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a key policy that lets the account's callers in": put(
        f"{KEY_POLICY}/0/Principal/AWS", {"Ref": "AWS::AccountId"}
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
