"""What does not fit the schema of its resource type."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from qa import schemas
from qa.checks.finding import Severity
from qa.checks.nearest import did_you_mean
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.conformance import Kind, Misfit
    from qa.template import Path

_SOURCE = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-template-resource-type-ref.html"
)
_WITHOUT_SCHEMA = ("Custom::", "AWS::CloudFormation::CustomResource", "AWS::Serverless::")
_FORM = re.compile(r"Custom::[\w@-]+|[A-Za-z0-9]+(::[A-Za-z0-9]+)+")
_OF_OTHER_RULES = {
    ("AWS::DynamoDB::Table", ("Replicas",)),
    ("AWS::DynamoDB::GlobalTable", ("SSESpecification", "KMSMasterKeyId")),
}
"""Properties that a rule of their own explains better."""
PACKAGED = {
    ("AWS::ApiGateway::RestApi", ("BodyS3Location",)),
    ("AWS::CodeCommit::Repository", ("Code", "S3")),
    ("AWS::ElasticBeanstalk::ApplicationVersion", ("SourceBundle",)),
    ("AWS::Lambda::Function", ("Code",)),
    ("AWS::Lambda::LayerVersion", ("Content",)),
    ("AWS::StepFunctions::StateMachine", ("DefinitionS3Location",)),
}
"""Objects that `aws cloudformation package` makes of a path:
https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html"""


@rule("unknown-type", severity=Severity.ERROR, source=_SOURCE)
def unknown_type(context: Context) -> Iterator[Fault]:
    """A resource type that its region does not have.

    CloudFormation refuses it: "Unrecognized resource types". Either the name is misspelt, or the region
    does not offer the type. Custom resources, modules and types of other vendors are left alone, unless
    the name has not the form of one.
    """
    if context.is_rewritten:
        return
    for stack in context.stacks:
        known = schemas.resource_types(stack.region)
        for resource in stack.resources.values():
            is_judged = _is_of_aws(resource.type, context) or not _FORM.fullmatch(resource.type)
            if known and resource.type not in known and is_judged:
                yield Fault(
                    region=stack.region,
                    path=("Resources", resource.logical_id, "Type"),
                    message=f"Unrecognized resource types: [{resource.type}]",
                    actual=resource.type,
                    expected="a resource type that the region has",
                    fix=did_you_mean(resource.type, tuple(known))
                    or "look the type up, or keep it out of the region",
                )


@rule("unknown-property", severity=Severity.ERROR, source=_SOURCE)
def unknown_property(context: Context) -> Iterator[Fault]:
    """A property that the resource type does not have.

    CloudFormation refuses it when the resource is created: "Encountered unsupported property". Mostly a
    misspelt name, or a property one level too high or too low.
    """
    for region, misfit in _of_kind(context, "unknown property"):
        known = ", ".join(sorted(misfit.expected))
        yield Fault(
            region=region,
            path=misfit.path,
            message=f"{_owner(context, misfit.path)} has no property {misfit.actual!r}",
            actual=misfit.actual,
            expected=f"one of {known}" if known else "no properties",
            fix=did_you_mean(str(misfit.actual), misfit.expected) or "remove it",
        )


@rule("missing-property", severity=Severity.ERROR, source=_SOURCE)
def missing_property(context: Context) -> Iterator[Fault]:
    """A property that the resource type requires is not there.

    CloudFormation refuses the resource when it is created. A property that is AWS::NoValue is not there
    either; where a condition makes it so, it is missing in the regions where the condition says so.
    """
    for region, misfit in _of_kind(context, "missing property"):
        yield Fault(
            region=region,
            path=misfit.path,
            message=f"{_owner(context, misfit.path)} lacks {' or '.join(map(repr, misfit.expected))}",
            actual=None,
            expected=f"the property {' or '.join(misfit.expected)}, which is required",
            fix=f"add {' or '.join(misfit.expected)}",
        )


@rule("wrong-type", severity=Severity.ERROR, source=_SOURCE)
def wrong_type(context: Context) -> Iterator[Fault]:
    """A value of another JSON type than the property has.

    Scalars turn into one another where their texts allow ("true" is a boolean, "60" an integer), as in
    CloudFormation. Values that are functions are not judged. A path where `aws cloudformation package`
    puts the place of what it uploads is a warning: it only works with that command.
    """
    for region, misfit in _of_kind(context, "wrong type"):
        expected = " or ".join(misfit.expected)
        place = (context.type_of(str(misfit.path[1])), misfit.path[3:])
        is_packaged = place in PACKAGED and isinstance(misfit.actual, str)
        written = "a list" if misfit.expected == ("array",) else f"a value of type {expected}"
        yield Fault(
            region=region,
            severity=Severity.WARNING if is_packaged else None,
            path=misfit.path,
            message=f"{_name(misfit.path)} is {_kind_of(misfit.actual)}, not {expected}",
            actual=misfit.actual,
            expected=expected,
            fix="run `aws cloudformation package` before the deploy" if is_packaged else f"write {written}",
        )


@rule("wrong-value", severity=Severity.ERROR, source=_SOURCE)
def wrong_value(context: Context) -> Iterator[Fault]:
    """A value that is none of those the property allows.

    CloudFormation or the service refuses it. Values that are functions are not judged.
    """
    for region, misfit in _of_kind(context, "wrong value"):
        yield Fault(
            region=region,
            path=misfit.path,
            message=f"{_name(misfit.path)} cannot be {misfit.actual!r}",
            actual=misfit.actual,
            expected=f"one of {', '.join(misfit.expected)}",
            fix=did_you_mean(str(misfit.actual), misfit.expected) or "take one of these",
        )


def _of_kind(context: Context, kind: Kind) -> Iterator[tuple[str | None, Misfit]]:
    for region, misfit in context.misfits:
        key = (context.type_of(str(misfit.path[1])), misfit.path[3:])
        if misfit.kind == kind and not (kind == "unknown property" and key in _OF_OTHER_RULES):
            yield region, misfit


def _is_of_aws(kind: str, context: Context) -> bool:
    if kind.startswith("AWS::Serverless::") and not context.macros:
        return True
    return kind.startswith("AWS::") and not kind.startswith(_WITHOUT_SCHEMA) and not kind.endswith("::MODULE")


def _owner(context: Context, path: Path) -> str:
    """Return what the last key of a path belongs to: the type, or the property above."""
    return _name(path[:-1]) if len(path) > 4 else str(context.type_of(str(path[1])))


def _name(path: Path) -> str:
    """Return a path below Properties as one name, e.g. Replicas[0].Region."""
    name = ""
    below = [part for before, part in pairwise(path[2:]) if before != "Fn::If"]
    for part in below:
        if part != "Fn::If":
            name += f"[{part}]" if isinstance(part, int) else f".{part}"
    return name.removeprefix(".") or "Properties"


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "null"
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            return repr(value)
