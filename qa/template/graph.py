"""Which resource needs which, and what CloudFormation says when they need one another."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from .java import hash_set_order
from .ordering import remainder, sorted_nodes
from .references import Reference, references
from .serverless import PREFIX, SERVERLESS, edge_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .model import Resource, Template

_DEPENDING = frozenset({"Ref", "GetAtt", "Sub", "DependsOn"})


@dataclass(frozen=True)
class Graph:
    """The resources and their dependencies, conditions ignored, Metadata and Outputs left out."""

    edges: Mapping[str, Mapping[str, tuple[Reference, ...]]]
    """Logical ID → logical ID it needs → the references that say so; in template order."""

    def creation_order(self) -> tuple[str, ...]:
        """Return the logical IDs, each after what it needs; those that are blocked are left out."""
        return sorted_nodes(self.edges)

    def blocked(self) -> tuple[str, ...]:
        """Return the resources on a cycle and all that need them, as CloudFormation lists them."""
        return hash_set_order(self._remainder, sized_for=len(self.edges))

    def circular_dependency_message(self) -> str | None:
        """Return CloudFormation's own line, or None when nothing is blocked."""
        names = self.blocked()
        return f"Circular dependency between resources: [{', '.join(names)}]" if names else None

    def shortest_cycle(self) -> tuple[Reference, ...]:
        """Return a shortest cycle, one reference per step, back to the first's source; () if there is none.

        Of several, the one through the resource that comes first in the template.
        """
        core = _Core({name: self.edges[name] for name in self._remainder})
        best: tuple[str, ...] = ()
        while core.needs and len(best) != 1:
            start = next(iter(core.needs))
            found = _cycle_through(start, core.needs, shorter_than=len(best) or len(core.needs) + 1)
            best = found or best
            core.drop(start)
        steps = zip(best, (*best[1:], *best[:1]), strict=True)
        return tuple(self.edges[source][target][0] for source, target in steps)

    @cached_property
    def _remainder(self) -> tuple[str, ...]:
        return remainder(self.edges)


@lru_cache(maxsize=4)
def graph(template: Template) -> Graph:
    """Return the dependencies between the resources of a template.

    With AWS::Serverless those that are certain: of its own resources most references order nothing.
    """
    edges: dict[str, dict[str, list[Reference]]] = {name: {} for name in template.resources}
    is_serverless = SERVERLESS in template.transforms
    for reference in references(template):
        if reference.section != "Resources" or reference.kind not in _DEPENDING:
            continue
        if reference.target in edges:
            resource = template.resources[reference.source]
            if is_serverless and resource.type.startswith(PREFIX):
                _add_serverless(edges, resource, reference)
            else:
                edges[reference.source].setdefault(reference.target, []).append(reference)
    return Graph(
        {source: {to: tuple(found) for to, found in targets.items()} for source, targets in edges.items()}
    )


def _add_serverless(
    edges: dict[str, dict[str, list[Reference]]], resource: Resource, reference: Reference
) -> None:
    edge = edge_of(resource, reference)
    if edge is not None:
        source, target = edge
        edges[source].setdefault(target, []).append(replace(reference, source=source, target=target))


class _Core:
    """The nodes that both need one and are needed by one, while nodes are dropped."""

    def __init__(self, edges: Mapping[str, Iterable[str]]) -> None:
        self.needs = {name: dict.fromkeys(to for to in found if to in edges) for name, found in edges.items()}
        self._needed_by: dict[str, dict[str, None]] = {name: {} for name in edges}
        for name, found in self.needs.items():
            for target in found:
                self._needed_by[target][name] = None
        self.drop(*(name for name in edges if not (self.needs[name] and self._needed_by[name])))

    def drop(self, *names: str) -> None:
        """Take nodes out, and all that are on no way from one node to another any more."""
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            needs, needed_by = self.needs.pop(name, {}), self._needed_by.pop(name, {})
            for turned, others in ((self._needed_by, needs), (self.needs, needed_by)):
                for other in others:
                    turned.get(other, {}).pop(name, None)
                    if other in turned and not turned[other]:
                        waiting.append(other)


def _cycle_through(start: str, needs: Mapping[str, Iterable[str]], *, shorter_than: int) -> tuple[str, ...]:
    """Return the shortest way from a node back to it, as the nodes passed; () if it is too long."""
    before = {start: ""}
    level = deque([(start, 1)])
    while level:
        node, length = level.popleft()
        if length >= shorter_than:
            return ()
        for target in needs[node]:
            if target == start:
                return _way(node, before)
            if target not in before:
                before[target] = node
                level.append((target, length + 1))
    return ()


def _way(node: str, before: dict[str, str]) -> tuple[str, ...]:
    way = []
    while node:
        way.append(node)
        node = before[node]
    return tuple(reversed(way))
