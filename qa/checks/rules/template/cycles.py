"""Circular dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.cycle_cuts import best_cut
from qa.checks.finding import Severity
from qa.checks.rule import Fault, rule

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
    step, whatever the conditions say. Of AWS::Serverless a step is what is sure to order; its line names
    what SAM makes, too, and the message then has the names of the shortest cycle alone.
    """
    graph = context.graph
    line = graph.circular_dependency_message()
    if line is None:
        return
    cycle = graph.shortest_cycle()
    if context.macros:
        line = f"Resources need one another: {', '.join(reference.source for reference in cycle)}"
    cut = best_cut(context.template, cycle)
    yield Fault(
        path=cut.reference.path,
        message=line,
        actual=[_step(context, reference) for reference in cycle],
        expected="no resource that needs itself, directly or through others",
        fix=f"cut {cut.reference.source} -> {cut.reference.target} ({cut.reason}): {cut.fix}",
        is_quoted=not context.macros,
    )


def _step(context: Context, reference: Reference) -> str:
    place = "/".join(map(str, reference.path[2:]))
    return f"{reference.source} -> {reference.target} by {place} at {context.place(reference.path)}"
