"""What services ask of properties beyond the schema of their type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.requirements import violations
from qa.checks.knowledge.service_requirements import BY_TYPE
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.requirements import Violation

_SOURCE = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-template-resource-type-ref.html"
)


@rule("service-requirement", severity=Severity.ERROR, source=_SOURCE)
def service_requirement(context: Context) -> Iterator[Fault]:
    """Properties that the schema takes and the service refuses together.

    "If A then B, not A beside B, one of A and B": a function with a package and no Handler, an alarm on a
    query without a Period, a regional domain with an edge certificate. The resource fails when it is
    created. The fix ends with the page of the demand. Values that only the deployment knows say nothing.
    """
    if context.is_rewritten:
        return
    for stack in context.stacks:
        for resource in stack.resources.values():
            for requirement in BY_TYPE.get(resource.type, ()):
                for each in violations(requirement.schema, resource.properties):
                    yield Fault(
                        region=stack.region,
                        path=stack.path_of(resource.logical_id, *each.place),
                        message=f"{requirement.type} refuses this: {requirement.because}",
                        actual=each.actual,
                        expected=each.expected,
                        fix=f"{_fix(each)}; {requirement.source}",
                    )


def _fix(violation: Violation) -> str:
    name = str(violation.place[-1]) if violation.place else "it"
    if violation.actual is None:
        return f"add {name}"
    return f"remove {name}" if violation.expected.startswith("no ") else f"change {name}"
