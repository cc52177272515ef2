"""What CloudFormation says of a stack now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from qa.invocation import DEPLOY

from .aws_errors import code_of, message_of, translate_errors
from .outputs import OutputsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudformation.type_defs import StackTypeDef

    from .clients import Clients
    from .project import Deployment

COMPLETE = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)
"""A stack that stands and can be updated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStack:
    """A stack as DescribeStacks reports it."""

    region: str
    name: str
    stack_id: str
    status: str
    reason: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    is_protected: bool = False
    """From termination."""

    @property
    def is_complete(self) -> bool:
        """True when the stack stands and can be updated."""
        return self.status in COMPLETE

    @property
    def is_in_progress(self) -> bool:
        """True while an operation on the stack runs."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


def find_stack(clients: Clients, region: str, name: str) -> LiveStack | None:
    """Return the stack of a name or stack ID; None when there is none, or no longer."""
    with translate_errors(f"stack {name!r} in {region}"):
        try:
            stacks = clients.cloudformation(region).describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if code_of(error) == "ValidationError" and "does not exist" in message_of(error):
                return None
            raise
    return None if not stacks or stacks[0]["StackStatus"] == "DELETE_COMPLETE" else _stack(stacks[0], region)


def _stack(described: StackTypeDef, region: str) -> LiveStack:
    return LiveStack(
        region=region,
        name=described["StackName"],
        stack_id=described.get("StackId", described["StackName"]),
        status=described["StackStatus"],
        reason=described.get("StackStatusReason", ""),
        parameters={
            each["ParameterKey"]: each.get("ParameterValue", "")
            for each in described.get("Parameters", ())
            if "ParameterKey" in each
        },
        outputs={
            each["OutputKey"]: each.get("OutputValue", "")
            for each in described.get("Outputs", ())
            if "OutputKey" in each
        },
        is_protected=described.get("EnableTerminationProtection", False),
    )


def live_outputs(clients: Clients, deployment: Deployment) -> dict[str, dict[str, Mapping[str, str]]]:
    """Return the outputs by stack and region. Raises OutputsError for stacks that do not stand, with all."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    missing = []
    for place in deployment.places:
        stack = find_stack(clients, place.region, place.stack_name)
        if stack is not None and stack.is_complete:
            found.setdefault(place.name, {})[place.region] = stack.outputs
            continue
        state = "is not there" if stack is None else f"is {stack.status}"
        missing.append(f"stack {place.stack_name!r} in {place.region} {state}")
    if missing:
        raise OutputsError(f"{'; '.join(missing)}. Run `{DEPLOY}`.")
    return found
