"""Functions where CloudFormation takes none, or not these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.rule import Fault, rule
from qa.template import substitution
from qa.template.shape import LANGUAGE_EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.checks.context import Context
    from qa.template import Path

    Words = Callable[[str, Any], str | None]

_REFERENCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"
_FUNCTIONS = f"{_REFERENCE}/intrinsic-function-reference.html"
_OF_RESOURCES = "Fn::GetAtt"
_OF_STACKS = ("Fn::ImportValue", "Fn::GetStackOutput")
_NOT_IN_RULES = ("Condition", _OF_RESOURCES, *_OF_STACKS, "Fn::GetAZs", "Fn::Transform")
_MADE_BEFORE = ("Fn::Transform", "Fn::ForEach")
"""What is done before anything else is read."""
_POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")


@rule("function-placement", severity=Severity.ERROR, source=_FUNCTIONS)
def function_placement(context: Context) -> Iterator[Fault]:
    """A function where CloudFormation does not take it.

    Conditions and Rules are decided before any resource is made: no Ref or Fn::GetAtt of a resource, no
    Fn::ImportValue, in Rules no Condition. The name of an export or import depends on no resource, no
    imported value and no Fn::GetAZs. Mappings and parameters hold plain values. With
    AWS::LanguageExtensions, a DeletionPolicy by function fails on a resource whose condition is false.
    """
    if context.is_rewritten:
        return
    resources = context.template.resources
    for path, name, words in (
        *_in_section(context, "Conditions", _in_conditions(resources)),
        *_in_section(context, "Rules", _in_rules(resources)),
        *_in_section(context, "Mappings", _in_mappings),
        *_in_section(context, "Parameters", _in_parameters),
        *_in_names(context),
    ):
        yield Fault(
            path=path,
            message=words,
            actual=name,
            expected="a value that is known before resources are made",
            fix="hand the value over as a parameter, or write it out",
        )
    yield from _policies_of_absent_resources(context)


def _in_conditions(resources: object) -> Words:
    def words(name: str, argument: Any) -> str | None:
        target = _resource_in(name, argument, resources)
        if target:
            return f"Unresolved dependencies [{target}]. Cannot reference resources in the Conditions block"
        if name in _OF_STACKS:
            return f"Cannot use {name} in Conditions."
        return None

    return words


def _in_rules(resources: object) -> Words:
    def words(name: str, argument: Any) -> str | None:
        if name in _NOT_IN_RULES:
            return f"Following functions are not supported in the Rules block of the template: [{name}]"
        target = _resource_in(name, argument, resources)
        return f"Cannot reference resources in the Rules block: {target}" if target else None

    return words


def _in_mappings(name: str, argument: Any) -> str | None:
    is_ref = name == "Ref" and isinstance(argument, str)
    is_function = is_ref or (name.startswith("Fn::") and not name.startswith(_MADE_BEFORE))
    return f"Mappings hold plain values, no function: {name}" if is_function else None


def _in_parameters(name: str, _: Any) -> str | None:
    is_function = name == "Ref" or name.startswith("Fn::")
    return f"Parameters hold plain values, no function: {name}" if is_function else None


def _resource_in(name: str, argument: Any, resources: Any) -> str | None:
    """Return the resource that a function refers to."""
    first = argument[0] if isinstance(argument, list) and argument else argument
    if not isinstance(first, str):
        return None
    if name == "Ref":
        return first if first in resources else None
    if name == _OF_RESOURCES:
        return first.partition(".")[0]
    if name != "Fn::Sub" or "${" not in first:
        return None
    own = argument[1] if isinstance(argument, list) and len(argument) == 2 else {}
    variables = (piece for piece in substitution(first) if not isinstance(piece, str))
    return next(
        (one.target for one in variables if one.name not in own and one.target in resources),
        None,
    )


def _in_section(context: Context, section: str, words: Words) -> Iterator[tuple[Path, str, str]]:
    for path, name, argument in _functions(context.template.body.get(section), (section,)):
        found = words(name, argument) if len(path) > 2 else None
        if found:
            yield path, name, f"Template error: {found}"


def _functions(value: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
    """Yield what may be functions below a value, each with its path; a walk without recursion."""
    open_ends = [(path, value)]
    while open_ends:
        here, found = open_ends.pop()
        if isinstance(found, dict):
            if len(found) == 1:
                ((name, argument),) = found.items()
                yield (*here, name), str(name), argument
            open_ends.extend(((*here, key), member) for key, member in reversed(found.items()))
        elif isinstance(found, list):
            open_ends.extend(((*here, index), found[index]) for index in range(len(found) - 1, -1, -1))


def _in_names(context: Context) -> Iterator[tuple[Path, str, str]]:
    """Yield what the names of exports and imports must not depend on."""
    body = context.template.body
    for key, output in context.template.outputs.items():
        export = output.get("Export")
        if isinstance(export, dict):
            path: Path = ("Outputs", key, "Export", "Name")
            yield from _dependent(export.get("Name"), path, "the Name of an Export", context)
    is_importing = "ImportValue" in context.template.text  # the walk below costs a millisecond
    for section in ("Resources", "Outputs") if is_importing else ():
        for path, name, argument in _functions(body.get(section), (section,)):
            if name == "Fn::ImportValue":
                yield from _dependent(argument, path, "the attribute in Fn::ImportValue", context)


def _dependent(value: Any, path: Path, what: str, context: Context) -> Iterator[tuple[Path, str, str]]:
    for at, name, argument in _functions(value, path):
        if _resource_in(name, argument, context.template.resources) or name in {*_OF_STACKS, "Fn::GetAZs"}:
            words = f"{what} must not depend on any resources, imported values, or Fn::GetAZs"
            yield at, name, f"Template error: {words}"


def _policies_of_absent_resources(context: Context) -> Iterator[Fault]:
    """Yield the policies by function of resources that a region's stack does not have."""
    if LANGUAGE_EXTENSIONS not in context.template.transforms:
        return
    for stack in context.stacks:
        for resource in context.template.resources.values():
            policies = (resource.deletion_policy, resource.update_replace_policy)
            for key, policy in zip(_POLICIES, policies, strict=True):
                if isinstance(policy, dict) and stack.holds(resource.logical_id) is False:
                    yield Fault(
                        region=stack.region,
                        path=("Resources", resource.logical_id, key),
                        message=f"Unsupported expression for {key}: the resource's condition is false here",
                        actual=policy,
                        expected="Delete, Retain, RetainExceptOnCreate or Snapshot",
                        fix=f"write {key} out, or make the resource in every region",
                    )
