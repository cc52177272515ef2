"""References to what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa import schemas
from qa.checks.finding import Severity
from qa.checks.nearest import did_you_mean
from qa.checks.rule import Fault, rule
from qa.template import PSEUDO_PARAMETERS
from qa.template.serverless import MADE_FOR_ALL, PREFIX

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from qa.checks.context import Context
    from qa.template import Reference

_USER_GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"

_MOST_GUESSES = 20
"""A guess costs milliseconds in a large template; who has more to fix needs no more guesses."""
_SECTIONS = {
    "resource or parameter": "Resources",
    "resource": "Resources",
    "condition": "Conditions",
    "mapping": "Mappings",
}
_CONDITIONS = {"Condition", "If"}
_STRICT_TYPES = {
    "AWS::CloudWatch::Alarm",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::IAM::Role",
    "AWS::KMS::Alias",
    "AWS::KMS::Key",
    "AWS::KMS::ReplicaKey",
    "AWS::Lambda::Function",
    "AWS::S3::Bucket",
}
"""Types whose attributes are exactly the read-only properties; others give some of the rest too."""


@rule("missing-target", severity=Severity.ERROR, source=f"{_USER_GUIDE}/intrinsic-function-reference.html")
def missing_target(context: Context) -> Iterator[Fault]:
    """A reference to a resource, parameter, condition or mapping that the template does not have.

    CloudFormation refuses the template: "Template format error: Unresolved resource dependencies".
    Templates that a macro rewrites inside AWS are not judged, nor names that begin with that of a module
    or a resource of AWS::Serverless, nor those that an open loop may make: all may add the target.
    """
    if context.is_rewritten:
        return
    template = context.template
    modules = _makers(context)
    guesses = 0
    values = {*template.resources, *template.parameters, *PSEUDO_PARAMETERS}
    for reference in context.references:
        known: Collection[str]
        what, known = "resource or parameter", values
        if reference.kind in {"GetAtt", "DependsOn"} or reference.attribute is not None:
            what, known = "resource", template.resources
        elif reference.kind in _CONDITIONS:
            what, known = "condition", template.conditions
        elif reference.kind == "FindInMap":
            what, known = "mapping", template.mappings
        target = reference.target
        if target in known or (modules and target.startswith(modules)):
            continue
        if not context.may_have(_SECTIONS[what], target):
            guesses += 1
            yield _missing(reference, what, known if guesses <= _MOST_GUESSES else ())


def _makers(context: Context) -> tuple[str, ...]:
    """Return what the names of resources begin with that modules and AWS::Serverless make."""
    resources = context.template.resources.items()
    kinds = (PREFIX,) if context.macros else ()
    makers = (
        name for name, each in resources if each.type.endswith("::MODULE") or each.type.startswith(kinds)
    )
    return (*makers, *(MADE_FOR_ALL if context.macros else ()))


def _missing(reference: Reference, what: str, known: Collection[str]) -> Fault:
    return Fault(
        path=reference.path,
        message=f"{reference.source} refers to {reference.target}: there is no such {what}",
        actual=reference.target,
        expected=f"the name of a {what} of this template",
        fix=did_you_mean(reference.target, known) or f"add {reference.target}, or take the reference out",
    )


@rule("unknown-attribute", severity=Severity.ERROR, source=f"{_USER_GUIDE}/cfn-resource-getatt.html")
def unknown_attribute(context: Context) -> Iterator[Fault]:
    """Fn::GetAtt, or ${Resource.Attribute}, of an attribute that the resource type does not give.

    CloudFormation refuses the template. For common types (functions, tables, buckets, keys, roles, alarms)
    the attributes are known exactly; of others a property may be an attribute too and is not judged.
    """
    if context.is_rewritten:
        return
    for reference in context.references:
        kind = context.type_of(reference.target)
        if kind is None or reference.attribute is None or reference.attribute.startswith("Outputs."):
            continue
        known = _attributes(context, kind)
        if known is not None and not _is_known(reference.attribute, known):
            exact = sorted(_exact_attributes(context, kind))
            yield Fault(
                path=reference.path,
                message=f"{reference.target} ({kind}) has no attribute {reference.attribute!r}",
                actual=reference.attribute,
                expected=f"one of {', '.join(exact)}" if exact else "Ref: the type has no attributes",
                fix=did_you_mean(reference.attribute, exact) or "take one of these, or Ref",
            )


def _attributes(context: Context, kind: str) -> frozenset[str] | None:
    """Return what may be an attribute of a type; None when that is not known."""
    exact = _exact_attributes(context, kind)
    found = _schemas(context, kind)
    if not found or kind == "AWS::CloudFormation::CustomResource":
        return None
    if kind in _STRICT_TYPES:
        return exact
    return exact.union(*(schema.get("properties", {}) for schema in found))


def _exact_attributes(context: Context, kind: str) -> frozenset[str]:
    return frozenset(
        pointer.removeprefix("/properties/").replace("/", ".")
        for schema in _schemas(context, kind)
        for pointer in schema.get("readOnlyProperties", ())
    )


def _schemas(context: Context, kind: str) -> list[dict[str, Any]]:
    types = (schemas.resource_types(stack.region) for stack in context.stacks)
    return [schemas.schema(key) for key in {found[kind] for found in types if kind in found}]


def _is_known(attribute: str, known: Collection[str]) -> bool:
    """Say whether an attribute, or what it is part of, is known."""
    first = attribute.partition(".")[0]
    return attribute in known or first in known


@rule(
    "absent-in-region", severity=Severity.ERROR, source=f"{_USER_GUIDE}/intrinsic-function-reference-ref.html"
)
def absent_in_region(context: Context) -> Iterator[Fault]:
    """A reference to a resource that the stack of this region does not have.

    The resource's condition is false there, while what refers to it is there. CloudFormation refuses to
    create that stack: "Unresolved resource dependencies". Give both the same condition, or wrap the
    reference in Fn::If. DependsOn of an absent resource is allowed. Branches that are not taken, and
    conditions that hang on a parameter without a value, are not judged.
    """
    for stack in context.stacks:
        for reference in context.references:
            target = reference.target
            if reference.section not in {"Resources", "Outputs"} or target not in context.template.resources:
                continue
            if reference.kind == "DependsOn" or stack.holds(target) is not False:
                continue
            if stack.takes(reference.path):
                yield _absent(context, reference, stack.region)


def _absent(context: Context, reference: Reference, region: str) -> Fault:
    condition = context.template.resources[reference.target].condition
    return Fault(
        region=region,
        path=reference.path,
        message=f"{reference.source} refers to {reference.target}, which the stack in {region} does not have",
        actual=f"{reference.target} exists on condition {condition} only",
        expected="a resource that exists wherever it is referred to",
        fix=f"give {reference.source} the condition {condition}, or choose with Fn::If",
    )
