"""Names that CloudFormation gives to resources whose template gives none."""

from __future__ import annotations

import secrets
import string

_ALPHABET = string.ascii_uppercase + string.digits


def random_suffix() -> str:
    """Return twelve random capitals and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def generated_name(resource_type: str, stack_name: str, logical_id: str, *, longest: int) -> str:
    """Return `<stack>-<logical ID>-<12 random>`, shortened, in the type's case."""
    if resource_type == "AWS::IAM::Policy":  # its ID is shown nowhere else, and short
        return f"{stack_name[:5]}-{logical_id[:4]}-{random_suffix()}"
    limit = longest - 14
    logical = logical_id[: max(limit - len(stack_name), limit // 2)]
    name = f"{stack_name[: limit - len(logical)]}-{logical}-{random_suffix()}"
    return name.lower() if resource_type == "AWS::S3::Bucket" else name
