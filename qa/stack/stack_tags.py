"""A tag of ours on a stack: an update that changes nothing else, and is taken back by another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.wait import until

from .aws_errors import translate_errors
from .events import DeployError
from .polling import polling_of

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

    from .clients import Clients
    from .ledger import StackTagEntry

CHANGE_SET_WITHIN = 300.0
"""Seconds for a change set to be made."""


def put_tag(clients: Clients, entry: StackTagEntry) -> str:
    """Put the tag on the stack by a change set and return the stack's status at the end of the update."""
    return _update(clients, entry, with_tag=True)


def take_tag(clients: Clients, entry: StackTagEntry) -> str:
    """Take the tag from the stack, if it has it, and return the stack's status."""
    return _update(clients, entry, with_tag=False)


def _update(clients: Clients, entry: StackTagEntry, *, with_tag: bool) -> str:
    client = clients.cloudformation(entry.region)
    polling = polling_of(clients.target)

    def settled() -> StackTypeDef:
        return until(
            lambda: client.describe_stacks(StackName=entry.stack_name)["Stacks"][0],
            lambda seen: not seen["StackStatus"].endswith("_IN_PROGRESS"),
            what=f"the update of {entry.stack_name} in {entry.region}",
            within=polling.stack_within,
            every=polling.every,
        )

    with translate_errors(f"stack {entry.stack_name!r} in {entry.region}"):
        stack = settled()
        tags: list[Any] = [each for each in stack.get("Tags", []) if each["Key"] != entry.tag]
        if len(tags) == len(stack.get("Tags", [])) and not with_tag:
            return stack["StackStatus"]
        _execute(client, entry, stack, [*tags, {"Key": entry.tag, "Value": "qa"}] if with_tag else tags)
        return settled()["StackStatus"]


def _execute(client: Any, entry: StackTagEntry, stack: StackTypeDef, tags: list[Any]) -> None:
    """Make a change set of other tags and execute it. Raises DeployError if it cannot be made."""
    keys = [each.get("ParameterKey", "") for each in stack.get("Parameters", [])]
    made = client.create_change_set(
        StackName=entry.stack_name,
        ChangeSetName=f"{entry.tag}-{len(tags)}",
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": key, "UsePreviousValue": True} for key in keys],
        Capabilities=stack.get("Capabilities", []),
        Tags=tags,
    )
    seen = until(
        lambda: client.describe_change_set(ChangeSetName=made["Id"]),
        lambda seen: seen["Status"] in {"CREATE_COMPLETE", "FAILED"},
        what=f"change set {entry.tag}",
        within=CHANGE_SET_WITHIN,
    )
    if seen["Status"] == "FAILED":
        client.delete_change_set(ChangeSetName=made["Id"])
        reason = seen.get("StatusReason", "no reason given")
        raise DeployError(f"a change set of {entry.stack_name} in {entry.region} failed: {reason}")
    client.execute_change_set(ChangeSetName=made["Id"])
