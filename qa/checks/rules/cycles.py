"""Circular dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.cutting import best_cut
from qa.checks.finding import Severity
from qa.checks.rule import Fault, rule
from qa.template import Graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.template import Reference

_SOURCE = "https://repost.aws/knowledge-center/cloudformation-circular-dependency-error"


@rule("circular-dependency", severity=Severity.ERROR, source=_SOURCE)
def circular_dependency(context: Context) -> Iterator[Fault]:
    """Resources that need one another, so that none can be created first.

    CloudFormation refuses the template. The message is its own line: it lists the resources on a cycle
    and all that need them, in an order of its own. What it does not say follows: the shortest cycle, each
    step with its property and place, and the step to cut. Ref, Fn::GetAtt, Fn::Sub and DependsOn make a
    step, whatever the conditions say. Types of AWS::Serverless, which become several resources each, are
    left out where that transform runs.
    """
    graph = _lasting(context)
    line = graph.circular_dependency_message()
    if line is None:
        return
    cycle = graph.shortest_cycle()
    cut = best_cut(context.template, cycle)
    yield Fault(
        path=cut.reference.path,
        message=line,
        found=[_step(context, reference) for reference in cycle],
        wanted="no resource that needs itself, directly or through others",
        fix=f"cut {cut.reference.source} -> {cut.reference.target} ({cut.reason}): {cut.fix}",
        is_quoted=True,
    )


def _lasting(context: Context) -> Graph:
    """Return the graph of the resources that are as they are written when the stack is made."""
    graph = context.graph
    if not context.macros:
        return graph
    kept = {name for name in graph.edges if not str(context.type_of(name)).startswith("AWS::Serverless::")}
    return Graph(
        {
            source: {target: found for target, found in targets.items() if target in kept}
            for source, targets in graph.edges.items()
            if source in kept
        }
    )


def _step(context: Context, reference: Reference) -> str:
    place = "/".join(map(str, reference.path[2:]))
    return f"{reference.source} -> {reference.target} by {place} at {context.place(reference.path)}"
