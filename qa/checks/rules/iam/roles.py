"""Roles: who may take them on, and the managed policies they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.managed_policies import managed_policies
from qa.checks.knowledge.naming import (
    BUCKET,
    FUNCTION,
    arn_parts,
    get_nested,
    listed,
    mappings,
    plain,
    resources_of_type,
)
from qa.checks.knowledge.rights import role_meant, trusted_services
from qa.checks.nearest import nearest
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.template import EvaluatedResource, Path

_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_TRUST = f"{_IAM}id_roles_create_for-service.html"
_MANAGED = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"
_USERS: dict[str, tuple[Path, str]] = {
    FUNCTION: (("Role",), "lambda"),
    BUCKET: (("ReplicationConfiguration", "Role"), "s3"),
    "AWS::StepFunctions::StateMachine": (("RoleArn",), "states"),
    "AWS::Scheduler::Schedule": (("Target", "RoleArn"), "scheduler"),
}
"""Resource type → where it names its role, and the service that takes the role on."""


@rule("role-trust", severity=Severity.ERROR, source=_TRUST)
def role_trust(context: Context) -> Iterator[Fault]:
    """A role given to a service that its trust policy does not name.

    The service cannot assume it: a function is refused at once ("cannot be assumed by Lambda"), a bucket's
    replication fails object by object. Judged are functions, bucket replication, state machines,
    schedules and event targets whose role is in the same stack.
    """
    for stack, resource in resources_of_type(context, *_USERS, "AWS::Events::Rule"):
        for steps, service in _role_places(resource):
            role = role_meant(get_nested(resource.properties, *steps), stack)
            trusted = trusted_services(role) if role else None
            if role is None or trusted is None or any(_is(name, service, stack.region) for name in trusted):
                continue
            yield Fault(
                path=stack.path_of(role.logical_id, "AssumeRolePolicyDocument"),
                region=stack.region,
                message=f"{resource.logical_id} is given this role, but {service} cannot assume it",
                actual=sorted(trusted),
                expected=f"{service}.amazonaws.com among the trusted services",
                fix=f'trust it: "Principal": {{"Service": "{service}.amazonaws.com"}}',
            )


@rule("managed-policy", severity=Severity.WARNING, source=_MANAGED)
def managed_policy(context: Context) -> Iterator[Fault]:
    """An AWS managed policy that does not exist.

    IAM refuses it: "Policy … does not exist or is not attachable". Mostly the path is missing or too much
    (service-role/, job-function/), which is an error. A policy younger than the list that qa ships is
    possible, hence otherwise a warning.
    """
    for stack, holder in resources_of_type(context, "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"):
        for index, value in enumerate(listed(holder.properties.get("ManagedPolicyArns"))):
            parts = arn_parts(value) or [""] * 6
            name = parts[5].removeprefix("policy/")
            if parts[4] != "aws" or "${" in name or name in managed_policies():
                continue
            right = _other_path(name)
            near = right or nearest(name, managed_policies())
            yield Fault(
                path=stack.path_of(holder.logical_id, "ManagedPolicyArns", index),
                region=stack.region,
                severity=Severity.ERROR if right else None,
                message=f"There is no AWS managed policy {name!r}",
                actual=plain(value),
                expected="the ARN of a policy in AWS's list",
                fix=f"did you mean policy/{near}?" if near else "look the policy up in AWS's list",
            )


def _role_places(resource: EvaluatedResource) -> Iterator[tuple[Path, str]]:
    if resource.type in _USERS:
        yield _USERS[resource.type]
    for index, _ in mappings(resource.properties.get("Targets")):
        yield ("Targets", index, "RoleArn"), "events"


def _is(principal: str, service: str, region: str) -> bool:
    """Say whether a service principal is that of a service, the regional form included."""
    prefixes = {f"{service}.amazonaws.com", f"{service}.{region}.amazonaws.com"}
    return principal.removesuffix(".cn") in prefixes or principal == "*"


def _other_path(name: str) -> str | None:
    """Return the policy of the same name under another path."""
    last = name.rpartition("/")[2]
    return next((one for one in sorted(managed_policies()) if one.rpartition("/")[2] == last), None)
