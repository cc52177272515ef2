"""The operations that only read: none of them changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.embedded.malformed import detected, null_at

from . import descriptions
from .capabilities import iam_types, required_capability
from .errors import invalid
from .parameters import is_secret
from .preparation import check_template
from .requests import template_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.embedded.world import World

    from .stack_store import StackStore
    from .stacks import Stack
    from .template import Template

PAGE = 100


def describe_stacks(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """DescribeStacks: one by name or ID, a deleted one by ID; else all that are not deleted."""
    if params.get("StackName"):
        return {"Stacks": [descriptions.stack(_stack(store, params["StackName"]))]}
    page, token = _page([descriptions.stack(one) for one in reversed(store.stacks())], params)
    return {"Stacks": page, "NextToken": token}


def list_stacks(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """ListStacks: deleted ones too, the latest first."""
    statuses = params.get("StackStatusFilter") or ()
    stacks = sorted((*store.stacks(), *store.deleted_stacks()), key=lambda one: one.created_at, reverse=True)
    summaries = [descriptions.stack_summary(one) for one in stacks if not statuses or one.status in statuses]
    page, token = _page(summaries, params)
    return {"StackSummaries": page, "NextToken": token}


def describe_stack_events(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """DescribeStackEvents: newest first; a page's token is its last event, so that new ones do no harm."""
    stack = store.find(params.get("StackName") or "")
    if stack is None:
        raise invalid(f"Stack [{params.get('StackName')}] does not exist")
    events = tuple(reversed(stack.events))
    token = params.get("NextToken")
    if token:
        seen = [index for index, one in enumerate(events) if one.event_id == token]
        if not seen:
            raise invalid("The specified NextToken is not valid")
        events = events[seen[0] + 1 :]
    page = events[:PAGE]
    return {
        "StackEvents": [descriptions.event(one, stack) for one in page],
        "NextToken": page[-1].event_id if len(events) > PAGE else None,
    }


def list_stack_resources(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """ListStackResources: exactly the resources whose condition is true."""
    stack = _stack(store, params["StackName"])
    summaries = [descriptions.resource_detail(one, stack) for one in tuple(stack.resources.values())]
    page, token = _page(summaries, params)
    return {"StackResourceSummaries": page, "NextToken": token}


def describe_stack_resources(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """DescribeStackResources: of a stack, or of the stack that has a physical resource."""
    physical_id, logical_id = params.get("PhysicalResourceId"), params.get("LogicalResourceId")
    name = params.get("StackName")
    stack = _stack(store, name) if name else _owner(store, physical_id)
    described = [
        descriptions.resource(one, stack)
        for one in tuple(stack.resources.values())
        if logical_id in (None, one.logical_id)
    ]
    return {"StackResources": described}


def describe_stack_resource(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """DescribeStackResource."""
    stack = store.find(params["StackName"])
    if stack is None:
        raise invalid(f"Stack '{params['StackName']}' does not exist")
    found = stack.resources.get(params["LogicalResourceId"])
    if found is None:
        raise invalid(f"Resource {params['LogicalResourceId']} does not exist for stack {stack.name}")
    return {"StackResourceDetail": descriptions.resource_detail(found, stack)}


def get_template(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetTemplate: the body as it was sent; without transforms both stages are the same."""
    if params.get("ChangeSetName"):
        body = store.change_set(params["ChangeSetName"], params.get("StackName")).prepared.template.body
    elif params.get("StackName"):
        body = _stack(store, params["StackName"]).body
    else:
        raise invalid(detected(null_at("stackName")))
    return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}


def validate_template(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """ValidateTemplate: refuse what no parameter values could fix."""
    template = template_of(params, None, store.account_id)
    check_template(template, store.region)
    parameters = [
        {
            "ParameterKey": name,
            "DefaultValue": None if "Default" not in one else str(one["Default"]),
            "NoEcho": is_secret(one),
            "Description": one.get("Description"),
        }
        for name, one in template.parameters.items()
    ]
    return {"Parameters": parameters, "Description": template.description, **_needed(template)}


def get_template_summary(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetTemplateSummary: of a stack's template or of one in the request."""
    if params.get("StackName"):
        prepared = _stack(store, params["StackName"]).prepared
        if prepared is None:
            raise invalid("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
        template = prepared.template
    else:
        template = template_of(params, None, store.account_id)
    parameters = [
        {
            "ParameterKey": name,
            "DefaultValue": None if "Default" not in one else str(one["Default"]),
            "ParameterType": one["Type"],
            "NoEcho": is_secret(one),
            "Description": one.get("Description"),
            "ParameterConstraints": {"AllowedValues": [str(each) for each in one.get("AllowedValues", ())]},
        }
        for name, one in template.parameters.items()
    ]
    types = sorted({one["Type"] for one in template.resources.values()})
    return {
        "Parameters": parameters,
        "Description": template.description,
        "ResourceTypes": types,
        **_needed(template),
    }


def list_exports(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """ListExports."""
    exports = [
        {"ExportingStackId": one.stack_id, "Name": one.name, "Value": one.value}
        for one in store.exports().values()
    ]
    page, token = _page(exports, params)
    return {"Exports": page, "NextToken": token}


def list_imports(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """ListImports."""
    users = store.importers(params["ExportName"])
    if not users:
        raise invalid(f"Export '{params['ExportName']}' is not imported by any stack.")
    page, token = _page(users, params)
    return {"Imports": page, "NextToken": token}


def list_change_sets(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """ListChangeSets: those of one stack."""
    stack = store.alive(params["StackName"])
    if stack is None:
        raise invalid(f"Stack [{params['StackName']}] does not exist")
    summaries = [descriptions.change_set_summary(one) for one in store.change_sets(stack)]
    page, token = _page(summaries, params)
    return {"Summaries": page, "NextToken": token}


def describe_change_set(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """DescribeChangeSet."""
    return descriptions.change_set(store.change_set(params["ChangeSetName"], params.get("StackName")))


def _stack(store: StackStore, name_or_id: str) -> Stack:
    stack = store.find(name_or_id)
    if stack is None:
        raise invalid(f"Stack with id {name_or_id} does not exist")
    return stack


def _owner(store: StackStore, physical_id: str | None) -> Stack:
    for stack in store.stacks():
        if any(one.physical_id == physical_id for one in stack.resources.values()):
            return stack
    raise invalid(f"Stack for {physical_id} does not exist")


def _needed(template: Template) -> dict[str, Any]:
    capability = required_capability(template)
    if capability is None:
        return {}
    types = ", ".join(iam_types(template))
    return {
        "Capabilities": [capability],
        "CapabilitiesReason": f"The following resource(s) require capabilities: [{types}]",
    }


def _page(items: Sequence[Any], params: Mapping[str, Any]) -> tuple[list[Any], str | None]:
    token = params.get("NextToken") or "0"
    if not token.isdigit():
        raise invalid("The specified NextToken is not valid")
    start = int(token)
    size = int(params.get("MaxResults") or PAGE)
    return list(items[start : start + size]), str(start + size) if start + size < len(items) else None
