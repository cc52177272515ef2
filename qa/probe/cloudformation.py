"""Questions to CloudFormation: a stack's status, outputs and resources."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import RefusedError, ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudformation import CloudFormationClient


@dataclass(frozen=True, slots=True, kw_only=True)
class StackState:
    """A stack's own words about itself."""

    name: str
    status: str
    status_reason: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackResource:
    """One resource that a stack says it has."""

    logical_id: str
    physical_id: str
    resource_type: str
    status: str


def stack_state(cloudformation: CloudFormationClient, stack: str) -> StackState | None:
    """Return the stack of that name or ID; None if there is none."""
    try:
        response = ask(
            f"DescribeStacks {stack!r} in {cloudformation.meta.region_name}",
            lambda: cloudformation.describe_stacks(StackName=stack),
        )
    except RefusedError as refused:
        # the code for "no such stack" is the one for every malformed request: only the message says which
        if refused.code == "ValidationError" and "does not exist" in refused.message:
            return None
        raise
    described = response["Stacks"][0]
    return StackState(
        name=described["StackName"],
        status=described["StackStatus"],
        status_reason=described.get("StackStatusReason", ""),
        outputs={
            each.get("OutputKey", ""): each.get("OutputValue", "") for each in described.get("Outputs", [])
        },
        parameters={
            each.get("ParameterKey", ""): each.get("ParameterValue", "")
            for each in described.get("Parameters", [])
        },
    )


def stack_resources(cloudformation: CloudFormationClient, stack: str) -> tuple[StackResource, ...]:
    """Return the resources of a stack in the order that CloudFormation lists them."""
    pages = ask(
        f"ListStackResources of {stack!r} in {cloudformation.meta.region_name}",
        lambda: list(cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)),
    )
    return tuple(
        StackResource(
            logical_id=summary["LogicalResourceId"],
            physical_id=summary.get("PhysicalResourceId", ""),
            resource_type=summary["ResourceType"],
            status=summary["ResourceStatus"],
        )
        for page in pages
        for summary in page["StackResourceSummaries"]
    )


def template_body(cloudformation: CloudFormationClient, stack: str) -> str:
    """Return the text of the template that a stack was last deployed with, before any transform."""
    body: object = ask(
        f"GetTemplate of {stack!r} in {cloudformation.meta.region_name}",
        lambda: cloudformation.get_template(StackName=stack, TemplateStage="Original"),
    )["TemplateBody"]
    # the stubs say text; boto3 parses what is JSON
    return body if isinstance(body, str) else json.dumps(body)
