"""Checks 17-25: the keys and their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .findings import Finding, differs, finding, require, unless
from .policies import conditions, has_wildcard_principal, listed, principals, statements
from .stack import ABSENT, ACCOUNT, PRIMARY_KEY_ARN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stack import Stack

USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey")


def test_each_region_has_one_key_and_an_alias_of_it(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        key, alias = f"{stack.side}KMSKey", f"{stack.side}KMSKeyAlias"
        keys = stack.of_type("AWS::KMS::Key") + stack.of_type("AWS::KMS::ReplicaKey")
        yield from unless(stack, key, "", actual=keys, expected=(key,), do="keep exactly one key per region")
        aliases = stack.of_type("AWS::KMS::Alias")
        yield from unless(
            stack, alias, "", actual=aliases, expected=(alias,), do="keep exactly one alias per region"
        )
        target = str(stack.property(alias, "TargetKeyId")).replace(".Arn}", "}")
        do = "let the alias name its own region's key"
        yield from unless(stack, alias, "TargetKeyId", actual=target, expected=f"${{{key}}}", do=do)
        name = f"alias/transaction-encryption-{stack.suffix}"
        yield from differs(stack, alias, "AliasName", name, do="name it alike in both regions")

    require(found for stack in stacks for found in findings(stack))


def test_the_primary_key_rotates(east: Stack) -> None:
    do = "set it to true; the replica in the other region rotates with its primary"
    require(differs(east, "PrimaryKMSKey", "EnableKeyRotation", expected=True, do=do))


def test_the_key_is_symmetric_and_one_key_in_both_regions(east: Stack, west: Stack) -> None:
    def findings() -> Iterator[Finding]:
        do = "what East encrypts must open in West when East is lost"
        yield from differs(east, "PrimaryKMSKey", "MultiRegion", expected=True, do=do)
        for path, expected in (("KeySpec", "SYMMETRIC_DEFAULT"), ("KeyUsage", "ENCRYPT_DECRYPT")):
            actual = east.property("PrimaryKMSKey", path)
            actual = expected if actual is ABSENT else actual
            do = "only a symmetric key encrypts with a context and rotates"
            yield from unless(east, "PrimaryKMSKey", path, actual=actual, expected=expected, do=do)
        kind = west.type_of("SecondaryKMSKey")
        do = "make it a replica of the primary key"
        yield from unless(west, "SecondaryKMSKey", "", actual=kind, expected="AWS::KMS::ReplicaKey", do=do)
        do = "refer to the parameter PrimaryKMSKeyArn"
        yield from differs(west, "SecondaryKMSKey", "PrimaryKeyArn", PRIMARY_KEY_ARN, do=do)

    require(findings())


def test_the_account_keeps_full_rights_on_its_keys(stacks: tuple[Stack, Stack]) -> None:
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }

    def findings(stack: Stack) -> Iterator[Finding]:
        key = f"{stack.side}KMSKey"
        said = [_without_sid(statement) for statement in statements(stack, key, "KeyPolicy")]
        if root not in said:
            do = "restore the root statement: without it nobody can ever change the policy again"
            yield finding(stack, key, "KeyPolicy/Statement", actual=said, expected=root, do=do)

    require(found for stack in stacks for found in findings(stack))


def test_lambda_may_use_the_keys(stacks: tuple[Stack, Stack]) -> None:
    require(found for stack in stacks for found in _service_lacks(stack, "lambda.amazonaws.com", USE))


def test_dynamodb_may_use_the_keys_and_create_grants(stacks: tuple[Stack, Stack]) -> None:
    actions = ("kms:CreateGrant", *USE)
    require(found for stack in stacks for found in _service_lacks(stack, "dynamodb.amazonaws.com", actions))


def test_s3_may_use_the_keys(stacks: tuple[Stack, Stack]) -> None:
    actions = ("kms:Decrypt", "kms:GenerateDataKey")
    require(found for stack in stacks for found in _service_lacks(stack, "s3.amazonaws.com", actions))


def test_services_use_the_keys_only_for_this_account(stacks: tuple[Stack, Stack]) -> None:
    bound = ("StringEquals", "aws:SourceAccount", (ACCOUNT,))

    def findings(stack: Stack) -> Iterator[Finding]:
        key = f"{stack.side}KMSKey"
        for index, statement in enumerate(statements(stack, key, "KeyPolicy")):
            if principals(statement, "Service") and bound not in conditions(statement):
                path = f"KeyPolicy/Statement/{index}"
                do = "add the condition, or a service may act on another account's behalf"
                yield finding(stack, key, path, actual=conditions(statement), expected=bound, do=do)

    require(found for stack in stacks for found in findings(stack))


def test_no_key_policy_is_open_to_everybody(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        key = f"{stack.side}KMSKey"
        for index, statement in enumerate(statements(stack, key, "KeyPolicy")):
            if has_wildcard_principal(statement):
                path = f"KeyPolicy/Statement/{index}/Principal"
                actual = statement.get("Principal", "NotPrincipal")
                expected = "the account's root or a service"
                yield finding(
                    stack, key, path, actual=actual, expected=expected, do="name who may use the key"
                )

    require(each for stack in stacks for each in findings(stack))


def _service_lacks(stack: Stack, service: str, actions: tuple[str, ...]) -> Iterator[Finding]:
    key = f"{stack.side}KMSKey"
    said = {
        str(action)
        for statement in statements(stack, key, "KeyPolicy")
        if service in principals(statement, "Service") and statement.get("Effect") == "Allow"
        for action in listed(statement.get("Action", ABSENT))
    }
    do = f"give {service} these actions in a statement of its own, by service principal"
    yield from unless(stack, key, "KeyPolicy/Statement", actual=sorted(said), expected=sorted(actions), do=do)


def _without_sid(statement: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in statement.items() if name != "Sid"}
