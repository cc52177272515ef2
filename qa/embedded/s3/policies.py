"""Bucket policies: which are taken, and which are public."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qa.embedded.judge.statements import principal_exists, principals

from .refusals import denied, malformed_policy

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

    from qa.embedded.world import World

# A condition on one of these with fixed values keeps strangers out, see "The meaning of public" in
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
NARROWING = frozenset(
    {"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:userid"}
    | {"aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceorgid", "aws:sourceowner"}
    | {"aws:sourcevpc", "aws:sourcevpce", "s3:dataaccesspointaccount", "s3:dataaccesspointarn"}
    | {"s3:x-amz-server-side-encryption-aws-kms-key-id"}
)
NARROWING_OPERATORS = ("StringEquals", "StringLike", "ArnEquals", "ArnLike", "IpAddress")
EVERYWHERE = ("*", "0.0.0.0/0", "::/0")


def put_policy(world: World, bucket: FakeBucket, text: bytes) -> None:
    """Store a bucket's policy. Raises S3RefusalError: malformed, or public while that is blocked."""
    statements = _statements(text)
    for statement in statements:
        _check(world, statement, bucket)
    block = bucket.public_access_block
    if block is not None and block.block_public_policy and is_public(text):
        raise denied(
            f"User: {world.authorizer.current().arn} is not authorized to perform: s3:PutBucketPolicy on "
            f'resource: "{bucket.arn}" because public policies are blocked by the BlockPublicPolicy block '
            "public access setting."
        )
    bucket.policy = text


def is_public(text: bytes | str) -> bool:
    """Say whether a policy lets anybody in, as GetBucketPolicyStatus reports it."""
    return any(
        statement.get("Effect") == "Allow" and _for_anybody(statement) and not _is_narrowed(statement)
        for statement in _statements(text)
    )


def _statements(text: bytes | str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
    except ValueError as wrong:
        raise malformed_policy("Policies must be valid JSON and the first byte must be '{'") from wrong
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise malformed_policy("Missing required field Statement")
    return statements


def _check(world: World, statement: dict[str, Any], bucket: FakeBucket) -> None:
    for field in ("Effect", "Principal", "Action", "Resource"):
        if field not in statement and f"Not{field}" not in statement:
            raise malformed_policy(f"Missing required field {field}")
    if not all(
        principal_exists(kind, name, bucket.account_id, world.identities)
        for kind, name in principals(statement)
    ):
        raise malformed_policy("Invalid principal in policy")
    resources = statement.get("Resource", statement.get("NotResource"))
    for resource in [resources] if isinstance(resources, str) else resources or []:
        if resource != bucket.arn and not str(resource).startswith(f"{bucket.arn}/"):
            raise malformed_policy("Policy has invalid resource")


def _for_anybody(statement: dict[str, Any]) -> bool:
    return "NotPrincipal" in statement or any(
        kind == "AWS" and name == "*" for kind, name in principals(statement)
    )


def _is_narrowed(statement: dict[str, Any]) -> bool:
    for operator, tests in statement.get("Condition", {}).items():
        if operator not in NARROWING_OPERATORS:
            continue
        for key, values in tests.items():
            fixed = [values] if isinstance(values, str) else values
            if key.lower() in NARROWING and not any(value in EVERYWHERE for value in fixed):
                return True
    return False
