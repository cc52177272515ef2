"""Checks 55-60: the roles, and that they may do what they need and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .findings import Finding, differs, finding, require, unless
from .policies import Right, listed, rights, role_rights, role_statements, statements
from .stack import ABSENT, ACCOUNT, below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stack import Stack

PROCESSOR, REPLICATION = "LambdaExecutionRole", "ReplicationRole"


def test_each_role_is_assumed_by_its_service_alone(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        roles = stack.of_type("AWS::IAM::Role")
        services = {f"{stack.side}{PROCESSOR}": "lambda", f"{stack.side}{REPLICATION}": "s3"}
        for role in sorted({*roles, *services}):
            trust = "AssumeRolePolicyDocument"
            actual = [
                {key: value for key, value in statement.items() if key != "Sid"}
                for statement in statements(stack, role, trust)
            ]
            expected = {
                "Effect": "Allow",
                "Principal": {"Service": f"{services.get(role, 'no service of the design')}.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
            do = "let the service that works under the role assume it, and nobody else"
            yield from unless(stack, role, trust, actual=actual, expected=[expected], do=do)

    require(each for stack in stacks for each in findings(stack))


def test_no_role_may_do_everything_of_a_service(stacks: tuple[Stack, Stack]) -> None:
    require(
        finding(stack, role, path, actual=action, expected="actions by name", do="name the actions")
        for stack in stacks
        for role in stack.of_type("AWS::IAM::Role")
        for path, statement in role_statements(stack, role)
        for action in [*listed(statement.get("Action", ABSENT)), *_negated(statement, "NotAction")]
        if action == "NotAction" or str(action).rpartition(":")[2].startswith("*")
    )


def test_no_role_may_touch_every_resource(stacks: tuple[Stack, Stack]) -> None:
    require(
        finding(stack, role, path, actual=resource, expected="resources by name", do="name the resources")
        for stack in stacks
        for role in stack.of_type("AWS::IAM::Role")
        for path, statement in role_statements(stack, role)
        for resource in [*listed(statement.get("Resource", ABSENT)), *_negated(statement, "NotResource")]
        if resource == "NotResource" or str(resource).split(":", 5)[-1].startswith("*")
    )


def test_the_processors_role_holds_exactly_the_rights_it_needs(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        bucket, key = _bucket(stack), stack.meaning(f"${{{stack.side}KMSKey.Arn}}")
        here = f"{stack.region}:{ACCOUNT}"
        group = f"/aws/lambda/transaction-processor-{stack.side.lower()}-{stack.suffix}"
        logs = f"arn:aws:logs:{here}:log-group:{group}:*"
        table = f"arn:aws:dynamodb:{here}:table/transactions-table-{stack.suffix}"
        through_s3 = _through_s3(stack.region, bucket)
        expected = {
            Right("dynamodb:PutItem", table),
            Right("s3:PutObject", f"{bucket}/transactions/*"),
            Right("kms:Encrypt", key),
            Right("kms:GenerateDataKey", key, through_s3),
            Right("kms:Decrypt", key, through_s3),
            Right("logs:CreateLogStream", logs),
            Right("logs:PutLogEvents", logs),
        }
        yield from _rights_differ(stack, f"{stack.side}{PROCESSOR}", expected)

    require(found for stack in stacks for found in findings(stack))


def test_the_replication_role_holds_exactly_the_rights_it_needs(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack, other: Stack) -> Iterator[Finding]:
        source, destination = _bucket(stack), _bucket(other)
        source_key = stack.meaning(f"${{{stack.side}KMSKey.Arn}}")
        destination_key = other.meaning(f"${{{other.side}KMSKey.Arn}}")
        from_s3 = _through_s3(stack.region, source)
        to_s3 = _through_s3(other.region, destination)
        expected = {
            Right("s3:GetReplicationConfiguration", source),
            Right("s3:ListBucket", source),
            Right("s3:GetObjectVersionForReplication", f"{source}/*"),
            Right("s3:GetObjectVersionAcl", f"{source}/*"),
            Right("s3:GetObjectVersionTagging", f"{source}/*"),
            Right("s3:ReplicateObject", f"{destination}/*"),
            Right("s3:ReplicateDelete", f"{destination}/*"),
            Right("s3:ReplicateTags", f"{destination}/*"),
            Right("kms:Decrypt", source_key, from_s3),
            Right("kms:Encrypt", destination_key, to_s3),
            Right("kms:Decrypt", destination_key, to_s3),
        }
        yield from _rights_differ(stack, f"{stack.side}{REPLICATION}", expected)

    both_ways = (stacks, (stacks[1], stacks[0]))
    require(found for stack, other in both_ways for found in findings(stack, other))


def test_no_role_has_a_fixed_name(stacks: tuple[Stack, Stack]) -> None:
    do = "remove it: IAM is global, the second region's stack would fail on the name"
    require(
        found
        for stack in stacks
        for role in stack.of_type("AWS::IAM::Role")
        for found in differs(stack, role, "RoleName", ABSENT, do=do)
    )


def _rights_differ(stack: Stack, role: str, expected: set[Right]) -> Iterator[Finding]:
    held = role_rights(stack, role)
    for right in sorted(expected - held):
        do = "allow it: the work fails without"
        yield finding(stack, role, "Policies", actual="not allowed", expected=right, do=do)
    for right in sorted(held - expected):
        path = next(
            (path for path, said in role_statements(stack, role) if right in rights(said)), "Policies"
        )
        do = "remove it: the work is done without"
        yield finding(stack, role, path, actual=right, expected="not allowed", do=do)
    managed = stack.property(role, "ManagedPolicyArns")
    do = "state the rights inline: a managed policy is wider than the work"
    yield from unless(stack, role, "ManagedPolicyArns", actual=managed, expected=ABSENT, do=do)


def _through_s3(region: str, bucket: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return (
        ("StringEquals", "kms:EncryptionContext:aws:s3:arn", (bucket,)),
        ("StringEquals", "kms:ViaService", (f"s3.{region}.amazonaws.com",)),
    )


def _bucket(stack: Stack) -> str:
    return f"arn:aws:s3:::documents-{stack.side.lower()}-{ACCOUNT}-{stack.suffix}"


def _negated(statement: dict[str, object], key: str) -> list[str]:
    return [] if below(statement, key) is ABSENT else [key]
