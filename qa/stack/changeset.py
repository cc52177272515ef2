"""Bringing one stack to a template and parameters through a change set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import ClientError

from qa.resending import answers_a_resend, done_by_an_earlier_attempt
from qa.wait import WaitTimeoutError, until

from .aws_errors import code_of, message_of, request_token, translate_errors
from .deletion import delete_stack
from .events import DeployError, EventReader, failure_text, find_settled, follow
from .live import LiveStack, find_stack
from .polling import polling_of
from .progress import Notice, OperationBegan, OperationEnded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudformation.literals import CapabilityType, ChangeSetTypeType
    from mypy_boto3_cloudformation.type_defs import (
        CreateChangeSetInputTypeDef,
        DescribeChangeSetOutputTypeDef,
        ParameterTypeDef,
    )

    from .clients import Clients
    from .progress import Tell

# CloudFormation's words for "this changes nothing"; it has no code for it
NO_CHANGES = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRequest:
    """What a stack is to become. Without body and URL its template stays, and so do parameters not named."""

    region: str
    stack_name: str
    body: str | None
    parameters: Mapping[str, str]
    keeps: tuple[str, ...] = ()
    """Parameters that stay as they are."""
    capabilities: tuple[CapabilityType, ...] = field(default=())
    url: str | None = None
    """Where a template lies that is too large for a body."""
    tags: Mapping[str, str] | None = None
    """None leaves the stack's tags as they are."""
    service_role: str | None = None
    """The ARN of the role that CloudFormation takes; None for the caller's own rights."""


def create_or_update(clients: Clients, request: StackRequest, tell: Tell) -> LiveStack:
    """Create or update the stack and return it; one that is as requested already is done at once.

    Raises DeployError when CloudFormation refuses the change or cannot make it.
    """
    stack = settle(clients, request.region, request.stack_name, tell)
    verb: Literal["CREATE", "UPDATE"] = "UPDATE" if stack is not None and stack.is_complete else "CREATE"
    change_set = _create_change_set(clients, request, verb)
    began = find_stack(clients, request.region, request.stack_name)
    if began is None:
        raise DeployError(f"stack {request.stack_name!r} in {request.region} vanished while it was changed.")
    if change_set is None:
        tell(OperationEnded(region=began.region, stack_name=began.name, outcome="no changes"))
        return began
    return _execute(clients, began, change_set, tell, verb=verb)


def difference_from(clients: Clients, request: StackRequest) -> str | None:
    """Return what a request would change about a complete stack, in words; None when it changes nothing.

    Nothing is executed, and no change set stays. Raises ProbeError when AWS does not let us ask.
    """
    try:
        change_set = _create_change_set(clients, request, "UPDATE")
    except DeployError as refused:
        return f"cannot take it: {refused}"
    if change_set is None:
        return None
    with translate_errors(f"stack {request.stack_name!r} in {request.region}"):
        clients.cloudformation(request.region).delete_change_set(ChangeSetName=change_set["ChangeSetId"])
    changes = (each.get("ResourceChange", {}) for each in change_set.get("Changes", ()))
    changed = sorted(each.get("LogicalResourceId", "?") for each in changes)
    return f"would change {', '.join(changed) or 'its outputs'}"


def settle(clients: Clients, region: str, name: str, tell: Tell) -> LiveStack | None:
    """Return the stack once nothing runs on it and it can be created or updated; None if there is none.

    A stack whose creation was rolled back is removed: it holds nothing and cannot be updated. Raises
    DeployError for a stack that needs a person's decision.
    """
    stack = find_settled(clients, region, name, tell)
    if stack is None or stack.is_complete or stack.status == "REVIEW_IN_PROGRESS":
        return stack
    if stack.status == "ROLLBACK_COMPLETE":
        tell(Notice(text=f"{region}: removing what an earlier, rolled back creation of {name!r} left"))
        delete_stack(clients, stack, tell)
        return None
    advice = "aws cloudformation continue-update-rollback" if "UPDATE" in stack.status else "qa destroy"
    raise DeployError(
        f"stack {name!r} in {region} is {stack.status} and takes no change "
        f"({stack.reason or 'no reason given'}). `{advice}` frees it."
    )


def _create_change_set(
    clients: Clients, request: StackRequest, verb: ChangeSetTypeType
) -> DescribeChangeSetOutputTypeDef | None:
    cloudformation = clients.cloudformation(request.region)
    what = f"stack {request.stack_name!r} in {request.region}"
    parameters = _input(request, verb)
    with translate_errors(what):
        try:
            # an answer that was lost: the name is our own, so what exists already is what we made
            with done_by_an_earlier_attempt("AlreadyExistsException"):
                cloudformation.create_change_set(**parameters)
        except ClientError as error:
            if code_of(error) in {"ValidationError", "InsufficientCapabilitiesException"}:
                raise DeployError(f"{what} was refused: {message_of(error)}") from error
            raise
        change_set = _wait_for_change_set(clients, request, parameters["ChangeSetName"])
    if change_set["Status"] == "CREATE_COMPLETE":
        return change_set
    with translate_errors(what):
        with done_by_an_earlier_attempt("ChangeSetNotFound", "ChangeSetNotFoundException"):
            cloudformation.delete_change_set(ChangeSetName=change_set["ChangeSetId"])
        reason = change_set.get("StatusReason", "no reason given")
        if verb == "UPDATE" and any(words in reason for words in NO_CHANGES):
            return None
        if verb == "CREATE":
            # the empty shell made for review
            cloudformation.delete_stack(StackName=request.stack_name, ClientRequestToken=request_token())
    raise DeployError(f"{what} was refused: {reason}")


def _input(request: StackRequest, verb: ChangeSetTypeType) -> CreateChangeSetInputTypeDef:
    name = request_token()
    parameters: CreateChangeSetInputTypeDef = {
        "StackName": request.stack_name,
        "ChangeSetName": name,
        "ClientToken": name,
        "ChangeSetType": verb,
        "Capabilities": list(request.capabilities),
        "Parameters": _parameters(request),
    }
    if request.url is not None:
        parameters["TemplateURL"] = request.url
    elif request.body is not None:
        parameters["TemplateBody"] = request.body
    else:
        parameters["UsePreviousTemplate"] = True
    if request.tags is not None:
        parameters["Tags"] = [{"Key": key, "Value": value} for key, value in request.tags.items()]
    if request.service_role is not None:
        parameters["RoleARN"] = request.service_role
    return parameters


def _parameters(request: StackRequest) -> list[ParameterTypeDef]:
    named: list[ParameterTypeDef] = [
        {"ParameterKey": key, "ParameterValue": value} for key, value in request.parameters.items()
    ]
    kept: list[ParameterTypeDef] = [{"ParameterKey": key, "UsePreviousValue": True} for key in request.keeps]
    return named + kept


def _wait_for_change_set(
    clients: Clients, request: StackRequest, name: str
) -> DescribeChangeSetOutputTypeDef:
    cloudformation = clients.cloudformation(request.region)
    polling = polling_of(clients.target)
    try:
        return until(
            lambda: cloudformation.describe_change_set(ChangeSetName=name, StackName=request.stack_name),
            lambda change_set: change_set["Status"] in {"CREATE_COMPLETE", "FAILED"},
            what=f"change set of stack {request.stack_name!r} in {request.region}",
            within=polling.stack_within,
            every=polling.every,
        )
    except WaitTimeoutError as error:
        raise DeployError(str(error)) from error


def _execute(
    clients: Clients,
    stack: LiveStack,
    change_set: DescribeChangeSetOutputTypeDef,
    tell: Tell,
    *,
    verb: Literal["CREATE", "UPDATE"],
) -> LiveStack:
    reader = EventReader(clients, stack.region, stack.stack_id)
    reader.skip()
    word = verb.lower()
    changes = len(change_set.get("Changes", ()))
    tell(OperationBegan(region=stack.region, stack_name=stack.name, verb=word, resources=changes))
    with translate_errors(f"{word} of stack {stack.name!r} in {stack.region}"):
        _send_execution(clients, stack.region, change_set["ChangeSetId"])
    ended, events = follow(clients, stack, reader, tell)
    if ended is None:
        raise DeployError(f"stack {stack.name!r} in {stack.region} was deleted while it was changed.")
    tell(OperationEnded(region=ended.region, stack_name=ended.name, outcome=ended.status))
    if ended.status != f"{verb}_COMPLETE":
        raise DeployError(failure_text(word, ended, events))
    return ended


def _send_execution(clients: Clients, region: str, change_set_id: str) -> None:
    try:
        clients.cloudformation(region).execute_change_set(
            ChangeSetName=change_set_id, ClientRequestToken=request_token()
        )
    except ClientError as error:
        # an executed change set is deleted at the end, or says EXECUTE_IN_PROGRESS or EXECUTE_COMPLETE
        gone = answers_a_resend(error, {"ChangeSetNotFound", "ChangeSetNotFoundException"})
        invalid = answers_a_resend(error, {"InvalidChangeSetStatus", "InvalidChangeSetStatusException"})
        if not gone and not (invalid and "EXECUTE_" in message_of(error)):
            raise
