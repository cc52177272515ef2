"""Which resources are on a cycle, by another way than ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx  # type: ignore[import-untyped]  # has no stubs

from .opinion import EDGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .opinion import Place


def on_cycles(places: Iterable[Place], *, without: Iterable[str] = ()) -> frozenset[str]:
    """Return the logical IDs on a cycle of the edges among these places, some resources left out."""
    drawn = nx.DiGraph(place.path[1:] for place in places if place.rule == EDGE)
    drawn.remove_nodes_from(list(without))
    return frozenset(
        str(name)
        for component in nx.strongly_connected_components(drawn)
        for name in component
        if len(component) > 1 or drawn.has_edge(name, name)
    )
