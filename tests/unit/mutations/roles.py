"""Mutations for checks 55-60: the roles."""

from __future__ import annotations

from .change import Change, Mutation, add, drop, either_side, put, replace, together

TRUSTED = "test_each_role_is_assumed_by_its_service_alone"
ACTIONS = "test_no_role_may_do_everything_of_a_service"
RESOURCES = "test_no_role_may_touch_every_resource"
PROCESSOR = "test_the_processors_role_holds_exactly_the_rights_it_needs"
REPLICATION = "test_the_replication_role_holds_exactly_the_rights_it_needs"
CONTEXT = "Condition/StringEquals/kms:EncryptionContext:aws:s3:arn"


def _role(side: str, kind: str = "LambdaExecution") -> str:
    return f"Resources/{side}{kind}Role/Properties"


def _statement(side: str, index: int, kind: str = "LambdaExecution") -> str:
    return f"{_role(side, kind)}/Policies/0/PolicyDocument/Statement/{index}"


def _swapped(own: str, other: str) -> Change:
    """Swap source and destination in what the role may do with objects."""
    arn = "arn:${{AWS::Partition}}:s3:::documents-{}-${{AWS::AccountId}}-${{EnvironmentSuffix}}/*"
    return together(
        put(f"{_statement(own, 1, 'Replication')}/Resource", {"Fn::Sub": arn.format(other.lower())}),
        put(f"{_statement(own, 2, 'Replication')}/Resource", {"Fn::Sub": arn.format(own.lower())}),
    )


ROLES: tuple[Mutation, ...] = (
    *either_side(
        TRUSTED,
        "the account's root too",
        lambda own, _: put(
            f"{_role(own)}/AssumeRolePolicyDocument/Statement/0/Principal/AWS",
            {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"},
        ),
    ),
    *either_side(
        TRUSTED,
        "replication trusts Lambda",
        lambda own, _: put(
            f"{_role(own, 'Replication')}/AssumeRolePolicyDocument/Statement/0/Principal/Service",
            "lambda.amazonaws.com",
        ),
    ),
    *either_side(ACTIONS, "s3:*", lambda own, _: put(f"{_statement(own, 1)}/Action", "s3:*")),
    *either_side(ACTIONS, "*", lambda own, _: put(f"{_statement(own, 0, 'Replication')}/Action", ["*"])),
    *either_side(RESOURCES, "*", lambda own, _: put(f"{_statement(own, 2)}/Resource", "*")),
    *either_side(
        RESOURCES,
        "every bucket",
        lambda own, _: put(f"{_statement(own, 2, 'Replication')}/Resource", "arn:aws:s3:::*"),
    ),
    *either_side(PROCESSOR, "no PutItem", lambda own, _: drop(_statement(own, 0))),
    *either_side(PROCESSOR, "Decrypt without S3", lambda own, _: drop(f"{_statement(own, 3)}/Condition")),
    *either_side(
        PROCESSOR,
        "the table of every region",
        lambda own, _: put(
            f"{_statement(own, 0)}/Resource",
            {
                "Fn::Sub": "arn:${AWS::Partition}:dynamodb:*:${AWS::AccountId}"
                ":table/transactions-table-${EnvironmentSuffix}"
            },
        ),
    ),
    *either_side(
        PROCESSOR,
        "a managed policy",
        lambda own, _: put(f"{_role(own)}/ManagedPolicyArns", ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]),
    ),
    *either_side(REPLICATION, "source and destination swapped", _swapped),
    *either_side(
        REPLICATION,
        "the context bucket/*",
        lambda own, _: replace(
            f"{_statement(own, 4, 'Replication')}/{CONTEXT}/Fn::Sub", "Suffix}", "Suffix}/*"
        ),
    ),
    *either_side(
        REPLICATION,
        "one right more",
        lambda own, _: add(f"{_statement(own, 2, 'Replication')}/Action", "s3:PutObject"),
    ),
    *either_side(
        "test_no_role_has_a_fixed_name", "a name", lambda own, _: put(f"{_role(own)}/RoleName", "processor")
    ),
)
