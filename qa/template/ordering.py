"""Kahn's topological sort over named nodes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def sorted_nodes(needs: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the nodes, each after all it needs; those on or behind a cycle are left out.

    `needs` maps a node to what it needs; names that are no nodes do not count.
    """
    missing = {node: len({name for name in names if name in needs}) for node, names in needs.items()}
    needed_by: dict[str, list[str]] = {node: [] for node in needs}
    for node, names in needs.items():
        for name in set(names):
            if name in needs:
                needed_by[name].append(node)
    ready = deque(node for node, count in missing.items() if count == 0)
    done = []
    while ready:
        node = ready.popleft()
        done.append(node)
        for dependent in needed_by[node]:
            missing[dependent] -= 1
            if missing[dependent] == 0:
                ready.append(dependent)
    return tuple(done)


def remainder(needs: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the nodes on a cycle and everything that needs them, in the mapping's order."""
    done = set(sorted_nodes(needs))
    return tuple(node for node in needs if node not in done)
