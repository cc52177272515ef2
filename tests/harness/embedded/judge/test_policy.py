"""Policy documents as values."""

from __future__ import annotations

import pytest

from qa.embedded.judge.errors import PolicyError
from qa.embedded.judge.policy import Condition, Effect, Policy, Principals, Statement, parse_policy


def test_a_document_becomes_statements() -> None:
    parsed = parse_policy(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Deny",
                "NotAction": "s3:Get*",
                "NotResource": ["arn:aws:s3:::a", "arn:aws:s3:::b"],
                "NotPrincipal": {"AWS": "123456789012", "Service": ["lambda.amazonaws.com"]},
                "Condition": {"Bool": {"aws:SecureTransport": False}},
            },
        },
        name="own",
    )

    assert parsed == Policy(
        name="own",
        statements=(
            Statement(
                effect=Effect.DENY,
                actions=("s3:Get*",),
                excludes_actions=True,
                resources=("arn:aws:s3:::a", "arn:aws:s3:::b"),
                excludes_resources=True,
                principals=Principals(
                    names=frozenset({("AWS", "123456789012"), ("Service", "lambda.amazonaws.com")}),
                    are_excluded=True,
                ),
                conditions=(Condition(operator="Bool", key="aws:SecureTransport", values=("false",)),),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "own cannot be read: no JSON (Expecting property name enclosed in double quotes"),
        ("{}", "own cannot be read: it has no Statement"),
        ('{"Statement": [{"Action": "*"}]}', "own cannot be read: a statement has no Effect Allow or Deny"),
        (
            '{"Statement": [{"Effect": "Allow", "Resource": "*"}]}',
            "own cannot be read: a statement needs one of Action and NotAction",
        ),
    ],
    ids=["no JSON", "no statement", "no effect", "no action"],
)
def test_a_document_that_cannot_be_read_names_its_policy(document: str, words: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy(document, name="own")

    assert str(refused.value).startswith(words)


def test_context_keys_are_those_of_conditions_and_variables() -> None:
    parsed = parse_policy(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "arn:aws:s3:::docs/${aws:username}/*",
                "Condition": {"StringEquals": {"s3:prefix": "${aws:userid}"}},
            },
        },
        name="own",
    )

    assert parsed.context_keys() == frozenset({"aws:username", "s3:prefix", "aws:userid"})
