"""Checks 74-75: several environments in one account, and none that cannot be taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .findings import Finding, differs, finding, require, unless, walk
from .stack import ACCOUNT, NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stack import Stack

LENGTHS = {
    "AWS::CloudWatch::Alarm": 255,
    "AWS::DynamoDB::GlobalTable": 255,
    "AWS::KMS::Alias": 256,
    "AWS::Lambda::Function": 64,
    "AWS::Logs::LogGroup": 512,
    "AWS::S3::Bucket": 63,
    "AWS::SNS::Topic": 256,
}
STATEFUL = frozenset(
    {
        "AWS::DynamoDB::GlobalTable",
        "AWS::KMS::Key",
        "AWS::KMS::ReplicaKey",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
    }
)


def test_every_name_carries_the_suffix_and_fits(longest_named: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack, logical_id: str, kind: str) -> Iterator[Finding]:
        name = stack.property(logical_id, NAMES[kind])
        parts = (ACCOUNT, stack.suffix) if kind == "AWS::S3::Bucket" else (stack.suffix,)
        ending = "".join(f"-{part}" for part in parts)
        if not isinstance(name, str) or not name.endswith(ending):
            do = "end the name with it, or two environments meet in one account"
            yield finding(stack, logical_id, NAMES[kind], actual=name, expected=f"…{ending}", do=do)
        elif len(name) > LENGTHS[kind]:
            actual, expected = f"{len(name)} characters: {name}", f"at most {LENGTHS[kind]}"
            yield finding(
                stack, logical_id, NAMES[kind], actual=actual, expected=expected, do="shorten the name"
            )

    require(
        each
        for stack in longest_named
        for logical_id, resource in stack.resources.items()
        if resource.type in NAMES
        for each in findings(stack, logical_id, resource.type)
    )


def test_nothing_is_left_behind_when_a_stack_is_deleted(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        for logical_id, resource in stack.resources.items():
            if resource.type in STATEFUL:
                actual = (resource.deletion_policy, resource.update_replace_policy)
                do = "set DeletionPolicy and UpdateReplacePolicy to Delete: environments are disposable"
                yield from unless(stack, logical_id, "", actual=actual, expected=("Delete", "Delete"), do=do)
            for path, _ in walk(resource.properties):
                if path[-1] == "DeletionProtectionEnabled":
                    do = "switch it off: what is protected blocks the tear-down"
                    below_properties = "/".join(map(str, path))
                    yield from differs(stack, logical_id, below_properties, expected=False, do=do)

    require(each for stack in stacks for each in findings(stack))
