"""What is in use is not deleted, and nobody trusts a principal that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .refusals import refusal
from .serving import document, statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from .serving import Served

ALLOW = document(statement("s3:GetObject"))
NOBODY = "arn:aws:iam::123456789012:role/nobody"


def attached(iam: Any) -> Callable[[], object]:
    arn = iam.create_policy(PolicyName="reading", PolicyDocument=ALLOW)["Policy"]["Arn"]
    iam.create_group(GroupName="readers")
    iam.attach_group_policy(GroupName="readers", PolicyArn=arn)
    return lambda: iam.delete_policy(PolicyArn=arn)


def with_a_key(iam: Any) -> Callable[[], object]:
    iam.create_user(UserName="ada")
    iam.create_access_key(UserName="ada")
    return lambda: iam.delete_user(UserName="ada")


def in_a_group(iam: Any) -> Callable[[], object]:
    _fill(iam)
    return lambda: iam.delete_user(UserName="ada")


def with_users(iam: Any) -> Callable[[], object]:
    _fill(iam)
    return lambda: iam.delete_group(GroupName="readers")


def with_a_policy(iam: Any) -> Callable[[], object]:
    iam.create_group(GroupName="readers")
    iam.put_group_policy(GroupName="readers", PolicyName="own", PolicyDocument=ALLOW)
    return lambda: iam.delete_group(GroupName="readers")


def _fill(iam: Any) -> None:
    iam.create_user(UserName="ada")
    iam.create_group(GroupName="readers")
    iam.add_user_to_group(UserName="ada", GroupName="readers")


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (attached, "Cannot delete a policy attached to entities."),
        (with_a_key, "Cannot delete entity, must delete access keys first."),
        (in_a_group, "Cannot delete entity, must remove users from group first."),
        (with_users, "Cannot delete entity, must remove users from group first."),
        (with_a_policy, "Cannot delete entity, must delete policies first."),
    ],
)
def test_what_is_in_use_is_not_deleted(
    prepare: Callable[[Any], Callable[[], object]], words: str, aws: Served
) -> None:
    delete = prepare(aws.client("iam"))

    assert refusal(delete) == (409, "DeleteConflict", words)


def test_what_is_not_in_use_is_deleted(aws: Served) -> None:
    iam = aws.client("iam")
    arn = iam.create_policy(PolicyName="reading", PolicyDocument=ALLOW)["Policy"]["Arn"]
    _fill(iam)
    iam.remove_user_from_group(UserName="ada", GroupName="readers")

    iam.delete_policy(PolicyArn=arn)
    iam.delete_user(UserName="ada")
    iam.delete_group(GroupName="readers")

    assert (iam.list_users()["Users"], iam.list_groups()["Groups"]) == ([], [])
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_a_role_trusts_nobody_who_is_not_there(aws: Served) -> None:
    iam = aws.client("iam")
    aws.role("worker")
    trust = statement("sts:AssumeRole", Principal={"AWS": NOBODY})
    del trust["Resource"]

    response = [
        refusal(lambda: iam.create_role(RoleName="other", AssumeRolePolicyDocument=document(trust))),
        refusal(lambda: iam.update_assume_role_policy(RoleName="worker", PolicyDocument=document(trust))),
    ]

    words = f'Invalid principal in policy: "AWS":"{NOBODY}"'
    assert response == [(400, "MalformedPolicyDocument", words)] * 2


@pytest.mark.parametrize(
    "policy", ["a", "{}", '{"Version": "2012-10-17", "Statement": {"Effect": "Perhaps"}}']
)
def test_a_role_is_not_made_with_a_trust_policy_that_cannot_be_read(account: Served, policy: str) -> None:
    iam = account.client("iam")

    told = refusal(lambda: iam.create_role(RoleName="misled", AssumeRolePolicyDocument=policy))

    assert told == (400, "MalformedPolicyDocument", "Syntax errors in policy.")
    assert "misled" not in {role["RoleName"] for role in iam.list_roles()["Roles"]}
