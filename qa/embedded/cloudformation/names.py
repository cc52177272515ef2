"""Names that CloudFormation gives to resources whose template gives none."""

from __future__ import annotations

import secrets
import string

_LIMITS = {
    "AWS::DynamoDB::GlobalTable": 255,
    "AWS::IAM::Role": 64,
    "AWS::Lambda::Function": 64,
    "AWS::S3::Bucket": 63,
}
_ALPHABET = string.ascii_uppercase + string.digits


def random_suffix() -> str:
    """Return twelve random capitals and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def generated_name(
    resource_type: str, stack_name: str, logical_id: str, *, longest: int | None = None
) -> str:
    """Return `<stack>-<logical ID>-<12 random>`, shortened to the type's limit, in its case."""
    if resource_type == "AWS::IAM::Policy":  # its ID is shown nowhere else, and short
        return f"{stack_name[:5]}-{logical_id[:4]}-{random_suffix()}"
    limit = (longest or _LIMITS.get(resource_type, 128)) - 14
    logical = logical_id[: max(limit - len(stack_name), limit // 2)]
    name = f"{stack_name[: limit - len(logical)]}-{logical}-{random_suffix()}"
    return name.lower() if resource_type == "AWS::S3::Bucket" else name
