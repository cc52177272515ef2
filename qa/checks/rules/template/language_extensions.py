"""What AWS::LanguageExtensions makes of a template, and what needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.rule import Fault, rule
from qa.template.resolver import UndeclaredError
from qa.template.shape import LANGUAGE_EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.template import Path

_REFERENCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"


@rule(
    "undeclared-transform",
    severity=Severity.ERROR,
    source=f"{_REFERENCE}transform-aws-languageextensions.html",
)
def undeclared_transform(context: Context) -> Iterator[Fault]:
    """A language extension in a template that does not declare AWS::LanguageExtensions.

    Fn::ForEach, Fn::Length, Fn::ToJsonString, functions but Ref and Fn::FindInMap in the keys of
    Fn::FindInMap: without the transform CloudFormation refuses them. Functions in DeletionPolicy and
    UpdateReplacePolicy it takes without. What a loop would make is not checked. Templates that another
    macro rewrites are not judged.
    """
    for path, message in () if context.is_rewritten else _undeclared(context):
        yield Fault(
            path=path,
            message=message,
            actual=list(context.template.transforms),
            expected=f"the transform {LANGUAGE_EXTENSIONS}, before AWS::Serverless if that is there",
            fix=f'declare it: "Transform": "{LANGUAGE_EXTENSIONS}"',
        )


def _undeclared(context: Context) -> Iterator[tuple[Path, str]]:
    for path in context.expansion.undeclared:
        yield path, UndeclaredError("Fn::ForEach").message
    for stack in context.stacks:
        for problem in stack.problems:
            if problem.is_undeclared:
                yield problem.path, problem.message


@rule(
    "malformed-loop",
    severity=Severity.ERROR,
    source=f"{_REFERENCE}intrinsic-function-reference-foreach.html",
)
def malformed_loop(context: Context) -> Iterator[Fault]:
    """A Fn::ForEach that CloudFormation cannot write out, or that makes names it refuses.

    A loop takes an identifier, a collection (a list, or a parameter or mapping that holds one) and an
    object. It may be nested five levels deep. What it makes needs names of its own, of letters and
    digits: put ${Identifier} into each key, or &{Identifier}, which drops all other characters. Where a
    parameter takes part it is a warning: its default was taken, and another value may do. So is a resource
    in a loop that begins with its Condition: AWS says that then the creation of the stack fails.
    """
    for problem in context.expansion.problems:
        yield Fault(
            path=problem.path,
            severity=Severity.WARNING if problem.hangs_on_parameters else None,
            message=problem.message,
            actual="/".join(map(str, problem.path)),
            expected="a loop that CloudFormation can write out, and names it takes",
            fix=problem.fix,
        )
    for name, path in ((name, ("Resources", name)) for name in context.template.resources):
        first = next(iter(context.template.body["Resources"][name]))
        if path in context.template.origins and first == "Condition":
            yield Fault(
                path=(*path, "Condition"),
                severity=Severity.WARNING,
                message=f"{name} begins with its Condition: in a loop the stack's creation fails then",
                actual="Condition",
                expected="Type first",
                fix="put Type before Condition",
            )
