"""The managed policies that AWS itself publishes, by path and name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("managed_policies.txt")


@cache
def managed_policies() -> frozenset[str]:
    """Return their names with their path, e.g. "service-role/AWSLambdaBasicExecutionRole"."""
    return frozenset(_LIST.read_text(encoding="utf-8").split())
