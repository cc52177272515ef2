"""Stacks, resources, events and change sets in the words of the API's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .parameters import is_secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .stacks import Change, ChangeSet, Event, Resource, Stack

MASK = "****"


def parameters(
    values: Mapping[str, str], resolved: Mapping[str, str], secrets: frozenset[str]
) -> list[dict[str, str]]:
    """Return parameters, and what those that are names stand for, with the secret ones masked."""
    found = []
    for key, value in values.items():
        described = {"ParameterKey": key, "ParameterValue": value}
        if key in resolved:
            described["ResolvedValue"] = resolved[key]
        if key in secrets:
            described |= {name: MASK for name in described if name != "ParameterKey"}
        found.append(described)
    return found


def tags(of: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as a list."""
    return [{"Key": key, "Value": value} for key, value in of.items()]


def stack(of: Stack) -> dict[str, Any]:
    """Return one stack as DescribeStacks reports it."""
    outputs = [
        {
            "OutputKey": one.key,
            "OutputValue": one.value,
            "Description": one.description,
            "ExportName": one.export_name,
        }
        for one in of.outputs
    ]
    return {
        "StackId": of.stack_id,
        "StackName": of.name,
        "ChangeSetId": of.change_set_id,
        "Description": of.description,
        "Parameters": parameters(of.values, of.resolved, of.secrets) or None,
        "CreationTime": of.created_at,
        "LastUpdatedTime": of.updated_at,
        "DeletionTime": of.deleted_at,
        "RollbackConfiguration": {},
        "StackStatus": of.status,
        "StackStatusReason": of.reason,
        "DisableRollback": of.disable_rollback,
        "NotificationARNs": [],
        "TimeoutInMinutes": of.timeout_minutes,
        "Capabilities": list(of.capabilities) or None,
        "Outputs": outputs or None,
        "Tags": tags(of.tags),
        "EnableTerminationProtection": of.is_protected,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }


def stack_summary(of: Stack) -> dict[str, Any]:
    """Return one stack as ListStacks reports it."""
    return {
        "StackId": of.stack_id,
        "StackName": of.name,
        "TemplateDescription": of.description,
        "CreationTime": of.created_at,
        "LastUpdatedTime": of.updated_at,
        "DeletionTime": of.deleted_at,
        "StackStatus": of.status,
        "StackStatusReason": of.reason,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }


def event(of: Event, owner: Stack) -> dict[str, Any]:
    """Return one event."""
    return {
        "StackId": owner.stack_id,
        "StackName": owner.name,
        "EventId": of.event_id,
        "LogicalResourceId": of.logical_id,
        "PhysicalResourceId": of.physical_id,
        "ResourceType": of.resource_type,
        "Timestamp": of.timestamp,
        "ResourceStatus": of.status,
        "ResourceStatusReason": of.reason,
        "ClientRequestToken": of.client_token,
    }


def resource(of: Resource, owner: Stack) -> dict[str, Any]:
    """Return one resource as DescribeStackResources reports it."""
    return {
        "StackId": owner.stack_id,
        "StackName": owner.name,
        "LogicalResourceId": of.logical_id,
        "PhysicalResourceId": of.physical_id,
        "ResourceType": of.resource_type,
        "Timestamp": of.changed_at,
        "ResourceStatus": of.status,
        "ResourceStatusReason": of.reason,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


def resource_detail(of: Resource, owner: Stack) -> dict[str, Any]:
    """Return one resource as DescribeStackResource and ListStackResources report it."""
    detail = resource(of, owner)
    detail["LastUpdatedTimestamp"] = detail.pop("Timestamp")
    return detail


def change_set_summary(of: ChangeSet) -> dict[str, Any]:
    """Return one change set as ListChangeSets reports it."""
    return {
        "StackId": of.stack.stack_id,
        "StackName": of.stack.name,
        "ChangeSetId": of.change_set_id,
        "ChangeSetName": of.name,
        "ExecutionStatus": of.execution_status,
        "Status": of.status,
        "StatusReason": of.reason,
        "CreationTime": of.created_at,
        "Description": of.description,
        "IncludeNestedStacks": False,
    }


def change_set(of: ChangeSet) -> dict[str, Any]:
    """Return one change set as DescribeChangeSet reports it."""
    template = of.prepared.template
    secrets = frozenset(name for name, one in template.parameters.items() if is_secret(one))
    return {
        **change_set_summary(of),
        "Parameters": parameters(of.prepared.values, of.prepared.resolved, secrets) or None,
        "NotificationARNs": [],
        "RollbackConfiguration": {},
        "Capabilities": list(of.capabilities) or None,
        "Tags": tags(of.tags) or None,
        "Changes": [{"Type": "Resource", "ResourceChange": _change(one)} for one in of.changes],
        "OnStackFailure": of.on_failure,
    }


def _change(of: Change) -> dict[str, Any]:
    details = [
        {
            "Target": {
                "Attribute": one.attribute,
                "Name": one.name,
                "RequiresRecreation": one.recreation,
            },
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
        for one in of.details
    ]
    return {
        "Action": of.action,
        "LogicalResourceId": of.logical_id,
        "PhysicalResourceId": of.physical_id,
        "ResourceType": of.resource_type,
        "Replacement": of.replacement,
        "Scope": sorted({one.attribute for one in of.details}),
        "Details": details,
    }
