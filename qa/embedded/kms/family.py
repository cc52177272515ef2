"""A key's further state, and its copies in other regions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from moto.kms.models import kms_backends

if TYPE_CHECKING:
    from moto.kms.models import Key

    from .grants import Grant


@dataclass(slots=True, kw_only=True)
class Extra:
    """What AWS keeps of a key and moto has no place for."""

    pending_window_days: int = 30
    rotation_period_days: int = 365
    rotation_since: float = 0.0
    """When rotation was last switched on; seconds since the epoch."""
    grants: dict[str, Grant] = field(default_factory=dict)


_extras: WeakKeyDictionary[Key, Extra] = WeakKeyDictionary()


def extra(key: Key) -> Extra:
    """Return the key's further state, mutable."""
    return _extras.setdefault(key, Extra())


def relatives(key: Key) -> tuple[Key, ...]:
    """Return the key and its copies in other regions, the primary first."""
    if not key.multi_region:
        return (key,)
    backends = tuple(kms_backends[key.account_id].values())
    family = [backend.keys[key.id] for backend in backends if key.id in backend.keys]
    return tuple(sorted(family, key=lambda each: (not is_primary(each), each.region)))


def is_primary(key: Key) -> bool:
    """Say whether a multi-Region key is its family's primary."""
    return bool(key.multi_region_configuration["PrimaryKey"]["Region"] == key.region)


def primary_of(key: Key) -> Key:
    """Return the key that owns what a family shares; a single-Region key owns it itself."""
    return relatives(key)[0]


def make_primary(key: Key, family: tuple[Key, ...]) -> None:
    """Record in each key of the family that this one is the primary."""
    for each in family:
        each.multi_region_configuration = {"PrimaryKey": {"Arn": key.arn, "Region": key.region}}
