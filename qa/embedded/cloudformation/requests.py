"""What a request specifies, read from its parameters; what is not modelled is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.cloudformation.utils import get_stack_from_s3_url

from .errors import invalid, unmodelled
from .template import check_size, check_size_by_url, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .stacks import Stack
    from .template import Template

_COMMON = {"StackName", "ClientRequestToken"}
_TEMPLATE = {"TemplateBody", "TemplateURL", "Parameters", "Capabilities", "Tags"}
_PAGED = {"NextToken", "MaxResults"}
HONOURED: Mapping[str, frozenset[str]] = {
    "CreateChangeSet": frozenset(
        _COMMON
        | _TEMPLATE
        | {
            "ChangeSetName",
            "ChangeSetType",
            "ClientToken",
            "Description",
            "OnStackFailure",
            "UsePreviousTemplate",
        }
    ),
    "CreateStack": frozenset(
        _COMMON
        | _TEMPLATE
        | {"DisableRollback", "EnableTerminationProtection", "OnFailure", "TimeoutInMinutes"}
    ),
    "DeleteChangeSet": frozenset({"ChangeSetName", "StackName"}),
    "DeleteStack": frozenset(_COMMON | {"RetainResources"}),
    "DescribeChangeSet": frozenset({"ChangeSetName", "StackName", "NextToken", "IncludePropertyValues"}),
    "DescribeStackEvents": frozenset({"StackName"} | _PAGED),
    "DescribeStackResource": frozenset({"StackName", "LogicalResourceId"}),
    "DescribeStackResources": frozenset({"StackName", "LogicalResourceId", "PhysicalResourceId"}),
    "DescribeStacks": frozenset({"StackName"} | _PAGED),
    "ExecuteChangeSet": frozenset(_COMMON | {"ChangeSetName", "DisableRollback"}),
    "GetTemplate": frozenset({"StackName", "ChangeSetName", "TemplateStage"}),
    "GetTemplateSummary": frozenset({"StackName", "TemplateBody", "TemplateURL"}),
    "ListChangeSets": frozenset({"StackName"} | _PAGED),
    "ListExports": frozenset(_PAGED),
    "ListImports": frozenset({"ExportName"} | _PAGED),
    "ListStackResources": frozenset({"StackName"} | _PAGED),
    "ListStacks": frozenset({"StackStatusFilter"} | _PAGED),
    "UpdateStack": frozenset(_COMMON | _TEMPLATE | {"UsePreviousTemplate"}),
    "UpdateTerminationProtection": frozenset({"StackName", "EnableTerminationProtection"}),
    "ValidateTemplate": frozenset({"TemplateBody", "TemplateURL"}),
}


def check_parameters(operation: str, params: Mapping[str, Any]) -> None:
    """Refuse parameters of the request that would change nothing here."""
    for name, value in params.items():
        if name not in HONOURED[operation] and value not in (None, False, [], {}):
            raise unmodelled(f"parameter {name} of {operation}")


def template_of(params: Mapping[str, Any], stack: Stack | None, account_id: str) -> Template:
    """Return the template that a request brings, or the stack's own for UsePreviousTemplate."""
    body, url = params.get("TemplateBody"), params.get("TemplateURL")
    if params.get("UsePreviousTemplate"):
        if body or url:
            raise invalid("You cannot specify both usePreviousTemplate and Template Body/Template URL.")
        if stack is None or stack.prepared is None:
            raise invalid("Either Template URL or Template Body must be specified.")
        return stack.prepared.template
    if body and url:
        raise invalid("You must specify only one of TemplateBody or TemplateURL")
    if url:
        body = _from_url(url, account_id)
        check_size_by_url(body)
        return parse(body)
    if not body:
        raise invalid("Either Template URL or Template Body must be specified.")
    check_size(body)
    return parse(body)


def values_of(params: Mapping[str, Any], stack: Stack | None) -> dict[str, str]:
    """Return the parameter values that a request gives, previous ones included."""
    given: dict[str, str] = {}
    for one in params.get("Parameters") or ():
        key, value = one.get("ParameterKey", ""), one.get("ParameterValue")
        if one.get("UsePreviousValue"):
            if value:
                raise invalid(
                    f"Invalid input for parameter key {key}. "
                    "Cannot specify usePreviousValue as true and non empty value for a parameter"
                )
            if stack is None or key not in stack.values:
                raise invalid(
                    f"Invalid input for parameter key {key}. Cannot specify usePreviousValue as true "
                    "for a parameter key not in the previous template"
                )
            given[key] = stack.values[key]
        elif value is not None:
            given[key] = value
    return given


def tags_of(params: Mapping[str, Any], stack: Stack | None) -> dict[str, str]:
    """Return the stack's tags: without any in the request they stay, and an empty list removes them."""
    if params.get("Tags") is None and stack is not None:
        return dict(stack.tags)
    return {one["Key"]: one["Value"] for one in params.get("Tags") or ()}


def _from_url(url: str, account_id: str) -> str:
    try:
        return str(get_stack_from_s3_url(url, account_id=account_id, partition="aws"))
    except Exception as broken:  # moto leaks whatever a URL that is none leads to
        raise invalid(
            f"TemplateURL must reference a valid S3 object to which you have access: {url}"
        ) from broken
