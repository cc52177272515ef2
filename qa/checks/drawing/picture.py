"""What is drawn: boxes in groups, arrows between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.checks.cycle_cuts import best_cut
from qa.checks.regional import regional_stack
from qa.template import graph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa.template import Template

NOWHERE = "in no region"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A resource in one group."""

    group: str
    """A region, or NOWHERE for what no region's stack holds."""
    logical_id: str
    type: str
    is_on_cycle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A resource needs another; both as indexes of boxes."""

    source: int
    target: int
    is_on_cycle: bool
    is_to_cut: bool = False
    """Without it the cycle is gone, at the least cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Boxes by group, and arrows."""

    title: str
    groups: tuple[str, ...]
    """Those with a box, in order."""
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    def of_group(self, group: str) -> Iterator[tuple[int, Box]]:
        """Yield the boxes of a group with their indexes."""
        return ((index, box) for index, box in enumerate(self.boxes) if box.group == group)


def picture(template: Template, *, regions: Sequence[str], parameters: Mapping[str, str]) -> Picture:
    """Return the resources of each region's stack; the shortest cycle is marked, and where to cut it."""
    declared = {name: value for name, value in parameters.items() if name in template.parameters}
    stacks = [regional_stack(template, region=region, parameters=declared) for region in regions]
    members = {stack.region: list(stack.resources) for stack in stacks}
    held = {name for names in members.values() for name in names}
    templates = [stack.template for stack in stacks]  # loops may come out differently in the regions
    types = {name: each.type for one in templates for name, each in one.resources.items()}
    members[NOWHERE] = [name for name in types if name not in held]
    steps: dict[tuple[str, str], bool] = {}
    for one in templates:
        cycle = graph(one).shortest_cycle()
        steps.update({(step.source, step.target): False for step in cycle})
        if cycle:
            cut = best_cut(one, cycle).reference
            steps[cut.source, cut.target] = True
    on_cycle = {source for source, _ in steps}
    boxes = tuple(
        Box(
            group=group,
            logical_id=name,
            type=types[name],
            is_on_cycle=name in on_cycle,
        )
        for group, names in members.items()
        for name in names
    )
    return Picture(
        title=template.source,
        groups=tuple(group for group, names in members.items() if names),
        boxes=boxes,
        arrows=tuple(_arrows(_edges(templates), boxes, steps)),
    )


def _edges(templates: list[Template]) -> dict[str, dict[str, None]]:
    """Return which resource needs which, in any of the regions."""
    edges: dict[str, dict[str, None]] = {}
    for template in dict.fromkeys(templates):
        for source, targets in graph(template).edges.items():
            edges.setdefault(source, {}).update(dict.fromkeys(targets))
    return edges


def _arrows(
    edges: Mapping[str, Mapping[str, None]], boxes: tuple[Box, ...], steps: Mapping[tuple[str, str], bool]
) -> Iterator[Arrow]:
    """Yield the arrows: within the group where it has the target, otherwise to the target's first box.

    `steps` are those of the cycle, and whether to cut there.
    """
    places = {(box.group, box.logical_id): index for index, box in enumerate(boxes)}
    first: dict[str, int] = {}
    for index, box in enumerate(boxes):
        first.setdefault(box.logical_id, index)
    for index, box in enumerate(boxes):
        for target in edges[box.logical_id]:
            yield Arrow(
                source=index,
                target=places.get((box.group, target), first[target]),
                is_on_cycle=(box.logical_id, target) in steps,
                is_to_cut=steps.get((box.logical_id, target), False),
            )
