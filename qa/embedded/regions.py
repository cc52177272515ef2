"""The regions of AWS."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from botocore.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_region(name: str) -> bool:
    """Say whether AWS has a region of that name; moto raises KeyError for any other."""
    return name in _long_names()


def long_name(region: str) -> str:
    """Return a region's long name, such as US East (N. Virginia); the short one of an unknown region."""
    return _long_names().get(region, region)


@cache
def _long_names() -> Mapping[str, str]:
    partitions = Session().get_data("endpoints")["partitions"]
    return {
        name: str(region["description"])
        for partition in partitions
        for name, region in partition["regions"].items()
    }
