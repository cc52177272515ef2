"""Names of functions as Lambda's operations take them: plain, as an ARN or as a part of one."""

from __future__ import annotations

import re
from functools import cache

from moto.core.utils import get_service_model

MOST = 64
"""Characters of the name alone; the operations' own limits are for whole ARNs."""
_PARTS = re.compile(
    r"(?:arn:[a-z-]+:lambda:)?(?:[a-z]+(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?(?P<name>[^:]*)(?::.*)?",
    re.DOTALL,
)


def plain_name(given: str) -> str:
    """Return the name alone of what may be an ARN, a part of one, or a name with a qualifier."""
    match = _PARTS.fullmatch(given)
    return match["name"] if match is not None else given


def fault_of(given: str, operation: str) -> str | None:
    """Return what an operation of Lambda answers to a FunctionName that it does not accept, or None."""
    most, pattern = _constraints(operation)
    broken = []
    if len(given) > most or len(plain_name(given)) > MOST:
        limit = most if len(given) > most else MOST
        broken.append(f"Member must have length less than or equal to {limit}")
    if re.fullmatch(pattern, given, re.ASCII) is None:
        broken.append(f"Member must satisfy regular expression pattern: {pattern}")
    if not broken:
        return None
    errors = "error" if len(broken) == 1 else "errors"
    messages = (f"Value '{given}' at 'functionName' failed to satisfy constraint: {each}" for each in broken)
    return f"{len(broken)} validation {errors} detected: {'; '.join(messages)}"


def in_path(path: str) -> str | None:
    """Return the FunctionName in the path of a request, decoded as WSGI does; None when it has none."""
    parts = path.split("/")  # "", the date of the API, "functions", the name, ...
    if len(parts) < 4 or parts[2] != "functions" or not parts[3]:
        return None
    return parts[3].encode("latin-1").decode("utf-8", "replace")


@cache
def _constraints(operation: str) -> tuple[int, str]:
    shape = get_service_model("lambda").operation_model(operation).input_shape
    metadata = shape.members["FunctionName"].metadata
    return int(metadata["max"]), str(metadata["pattern"])
