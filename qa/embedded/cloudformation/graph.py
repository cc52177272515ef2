"""The order in which resources are made, and the message about those that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def waves(edges: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """Return groups of resources, each needing only earlier groups; refuse a circle.

    `edges` maps each resource to what it needs. Resources keep the template's order in a group.
    """
    done: set[str] = set()
    groups = []
    left = dict(edges)
    while left:
        group = tuple(name for name, needed in left.items() if all(need in done for need in needed))
        if not group:
            raise invalid(circular_dependency(left, of=len(edges)))
        groups.append(group)
        done.update(group)
        for name in group:
            del left[name]
    return tuple(groups)


def circular_dependency(left: Collection[str], *, of: int) -> str:
    """Return the service's message about the resources that no order can be found for.

    The service lists every circle and all that lies downstream of one, in the order of a Java
    HashSet sized for all resources of the template.
    """
    return f"Circular dependency between resources: [{', '.join(hash_set_order(left, of=of))}]"


def hash_set_order(names: Collection[str], *, of: int) -> list[str]:
    """Return the names in the order a Java HashSet made for `of` elements iterates over them."""
    capacity = 16
    while capacity < of / 0.75 + 1:
        capacity *= 2
    return sorted(names, key=lambda name: _bucket(name, capacity))


def _bucket(name: str, capacity: int) -> int:
    code = 0
    for unit in memoryview(name.encode("utf-16-le")).cast("H"):
        code = (31 * code + unit) & 0xFFFFFFFF
    return (code ^ (code >> 16)) & (capacity - 1)
