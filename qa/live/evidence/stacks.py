"""The deployed stacks as a graph: resources from CloudFormation, references from the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError

from qa.errors import QaError
from qa.live.reachability import is_reachable
from qa.probe.cloudformation import stack_resources
from qa.report.run_report import StackNode, StackShape
from qa.stack.clients import Clients
from qa.stack.project_file import find_project
from qa.template import graph, load_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qa.live.handover import Live
    from qa.stack.project import Place


def stack_shapes(root: Path, live: Live) -> tuple[StackShape, ...]:
    """Return the run's stack as each region has it; one that cannot be read says why."""
    if not is_reachable(live.target):
        gone = "the target answers no more"
        return tuple(
            StackShape(region=place.region, stack=place.stack_name, problem=gone)
            for place in live.deployment.places
        )
    needs = {stack.name: _needs(root, stack.name) for stack in live.deployment.stacks}
    return tuple(_shape(live, place, needs[place.name]) for place in live.deployment.places)


def _needs(root: Path, name: str) -> Mapping[str, tuple[str, ...]]:
    try:
        edges = graph(load_template(find_project(root).stack(name).template)).edges
    except QaError:
        return {}  # the resources are worth a drawing without arcs, too
    return {source: tuple(targets) for source, targets in edges.items()}


def _shape(live: Live, place: Place, needs: Mapping[str, tuple[str, ...]]) -> StackShape:
    name, region = place.stack_name, place.region
    try:
        found = stack_resources(Clients(live.target).cloudformation(region), name)
    except (QaError, BotoCoreError) as error:
        return StackShape(region=region, stack=name, problem=f"its resources could not be read: {error}")
    there = {each.logical_id for each in found}
    return StackShape(
        region=region,
        stack=name,
        nodes=tuple(
            StackNode(
                logical_id=each.logical_id,
                resource_type=each.resource_type,
                physical_id=each.physical_id,
                status=each.status,
                needs=tuple(need for need in needs.get(each.logical_id, ()) if need in there),
            )
            for each in found
        ),
    )
