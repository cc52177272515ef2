"""Functions that cannot be resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.nearest import did_you_mean
from qa.checks.rule import Fault, rule
from qa.template.logic import PROPERTY_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import Problem, RegionalStack
    from qa.template import Path

_SOURCE = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html"
)
_OF_OTHER_RULES = ("Template format error: Unresolved", "Template error: instance of Fn::GetAtt references")
"""A missing target says it better."""
_NOT_MODELLED = ("Fn::Transform", "Fn::ForEach", "Fn::GetStackOutput")


@rule("unresolvable-function", severity=Severity.ERROR, source=_SOURCE)
def unresolvable_function(context: Context) -> Iterator[Fault]:
    """An intrinsic function with arguments that CloudFormation refuses.

    For example Fn::FindInMap of a mapping that lacks the region, or Fn::Select beyond the end of a list.
    The message is CloudFormation's. Where a parameter takes part it is a warning: its default was taken,
    and another value may do. Resources that the stack does not have, or may not have, are not judged.
    """
    parameters = _parameters(context)
    without_mapping = {
        one.path
        for one in context.references
        if one.kind == "FindInMap" and one.target not in context.template.mappings
    }
    for stack, problem in _problems(context):
        is_told = problem.message.startswith(_OF_OTHER_RULES) or problem.path in without_mapping
        if problem.is_unsupported or problem.is_undeclared or is_told:
            continue
        hangs = _is_within(problem.path, parameters) or problem.path[:2] in context.expansion.of_parameters
        yield Fault(
            region=stack.region,
            severity=Severity.WARNING if hangs else None,
            path=problem.path,
            message=problem.message,
            actual=_value(context, problem.path),
            expected="arguments that the function can resolve",
            fix="fix the arguments, or give the parameters other values with --parameter",
        )


@rule("unknown-function", severity=Severity.WARNING, source=_SOURCE)
def unknown_function(context: Context) -> Iterator[Fault]:
    """An object with one key that begins with Fn:: and is no intrinsic function.

    CloudFormation refuses what it does not know: "Encountered unsupported function". Functions of macros
    are not judged.
    """
    for stack, problem in _problems(context):
        written = _value(context, problem.path)
        name = next(iter(written)) if isinstance(written, dict) and len(written) == 1 else ""
        is_function = problem.is_unsupported and name.startswith("Fn::")
        if is_function and name not in PROPERTY_FUNCTIONS and not name.startswith(_NOT_MODELLED):
            yield Fault(
                region=stack.region,
                path=(*problem.path, name),
                message=f"Template error: Encountered unsupported function: {name}",
                actual=name,
                expected=f"one of {', '.join(sorted(PROPERTY_FUNCTIONS))}",
                fix=did_you_mean(name, PROPERTY_FUNCTIONS) or "take one of these",
            )


def _problems(context: Context) -> Iterator[tuple[RegionalStack, Problem]]:
    for stack in () if context.macros else context.stacks:
        for problem in stack.problems:
            if stack.holds(str(problem.path[1])):
                yield stack, problem


def _parameters(context: Context) -> dict[str, list[Path]]:
    """Return where each resource refers to parameters."""
    places: dict[str, list[Path]] = {}
    for reference in context.references:
        if reference.section == "Resources" and reference.target in context.template.parameters:
            places.setdefault(reference.source, []).append(reference.path)
    return places


def _is_within(path: Path, places: dict[str, list[Path]]) -> bool:
    return any(place[: len(path)] == path for place in places.get(str(path[1]), ()))


def _value(context: Context, path: Path) -> object:
    """Return what stands at a path."""
    value: object = context.template.body
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
    return value
