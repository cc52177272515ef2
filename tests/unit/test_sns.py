"""Checks 61-63: the topics that alarms speak through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .findings import Finding, differs, finding, require, unless
from .policies import conditions, listed, principals, statements
from .stack import ACCOUNT, below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stack import Stack

BOUNDS = ("aws:sourceaccount", "aws:sourceowner", "aws:principalaccount")


def test_each_region_has_one_topic_named_for_it(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        topic = f"{stack.side}SNSTopic"
        topics = stack.of_type("AWS::SNS::Topic")
        do = "an alarm can act on a topic of its own region only: keep one in each"
        yield from unless(stack, topic, "", actual=topics, expected=(topic,), do=do)
        name = f"dr-alerts-{stack.side.lower()}-{stack.suffix}"
        yield from differs(stack, topic, "TopicName", name, do="end the name with the suffix")

    require(found for stack in stacks for found in findings(stack))


def test_no_topic_is_open_to_other_accounts(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        for policy in (
            *stack.of_type("AWS::SNS::TopicPolicy"),
            *stack.of_type("AWS::SNS::TopicInlinePolicy"),
        ):
            for index, statement in enumerate(statements(stack, policy, "PolicyDocument")):
                if _admits_others(statement):
                    path = f"PolicyDocument/Statement/{index}"
                    expected = f"principals of {ACCOUNT}, or everybody under aws:SourceAccount {ACCOUNT}"
                    do = "bound the statement, or remove the policy: the default admits the own account"
                    yield finding(stack, policy, path, actual=statement, expected=expected, do=do)

    require(found for stack in stacks for found in findings(stack))


def test_no_topic_is_encrypted_with_the_aws_managed_key(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        for topic in stack.of_type("AWS::SNS::Topic"):
            key = stack.property(topic, "KmsMasterKeyId")
            if str(key).endswith("alias/aws/sns"):
                do = "remove it: CloudWatch may not use that key, and its messages are dropped in silence"
                yield finding(
                    stack, topic, "KmsMasterKeyId", actual=key, expected="no key, or an own one", do=do
                )

    require(found for stack in stacks for found in findings(stack))


def _admits_others(statement: dict[str, Any]) -> bool:
    bounded = any(
        operator.startswith(("StringEquals", "ArnEquals", "ArnLike"))
        and (key.lower() in BOUNDS or key.lower() == "aws:sourcearn")
        and all(ACCOUNT in value for value in values)
        for operator, key, values in conditions(statement)
    )
    own = {ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"}
    named = {"*"} if below(statement, "Principal") == "*" else principals(statement, "AWS")
    foreign = {name for name in named if name not in own and f"::{ACCOUNT}:" not in name}
    service = listed(below(statement, "Principal/Service"))
    return (
        statement.get("Effect") == "Allow"
        and not bounded
        and bool(foreign or service or "NotPrincipal" in statement)
    )
