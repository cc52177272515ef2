"""Policies open to everyone, and services that act for anyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    KEY,
    REPLICA_KEY,
    ROLE,
    listed,
    mappings,
    plain,
    resources_of_type,
)
from qa.checks.knowledge.rights import is_unbounded, statements
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_PRINCIPAL = f"{_IAM}reference_policies_elements_principal.html"
_DEPUTY = f"{_IAM}confused-deputy.html"
_BROAD = f"{_IAM}best-practices.html#grant-least-privilege"
_PERMISSION = "AWS::Lambda::Permission"
_POLICIES = {
    KEY: "KeyPolicy",
    REPLICA_KEY: "KeyPolicy",
    ROLE: "AssumeRolePolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
}
_CERTAIN = (KEY, REPLICA_KEY, ROLE)
"""Nobody means these to be open; a topic may be."""
_HARMLESS = ("sns:subscribe", "sns:receive")


@rule("open-to-everybody", severity=Severity.ERROR, source=_PRINCIPAL)
def open_to_everybody(context: Context) -> Iterator[Fault]:
    """A policy that lets in everybody in the world.

    An Allow for the principal * that no condition bounds: on a key anyone with an account may use it, a
    role anyone with an account may assume. On a topic or queue it is a warning, and letting everybody
    subscribe to a topic is left alone. So are conditions that say who (accounts, sources, organisations).
    """
    for stack, resource in resources_of_type(context, *_POLICIES):
        key = _POLICIES[resource.type]
        for one in statements(resource.properties.get(key)) or ():
            actions = {str(action).lower() for action in one.actions}
            is_open = one.is_allow and "*" in one.aws and is_unbounded(one)
            if is_open and not (actions and actions <= set(_HARMLESS)) and not one.is_by_exception:
                yield Fault(
                    path=stack.path_of(resource.logical_id, key, *one.steps, "Principal"),
                    region=stack.region,
                    severity=None if resource.type in _CERTAIN else Severity.WARNING,
                    message=f"Everybody may {', '.join(map(str, one.actions))}",
                    actual="*",
                    expected="principals by name, or a condition that says who",
                    fix='name the account: {"AWS": {"Fn::Sub": "arn:…:iam::${AWS::AccountId}:root"}}',
                )


@rule("unbounded-service", severity=Severity.NOTE, source=_DEPUTY)
def unbounded_service(context: Context) -> Iterator[Fault]:
    """A service that is allowed on behalf of any account (confused deputy).

    A service principal is the same for all accounts: without aws:SourceAccount, aws:SourceArn or the like
    somebody else's resource may use the key, topic, queue or function through it. A warning for
    s3.amazonaws.com on a function: bucket names can be taken over by others.
    """
    for stack, resource in resources_of_type(
        context, KEY, REPLICA_KEY, "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"
    ):
        key = _POLICIES[resource.type]
        for one in statements(resource.properties.get(key)) or ():
            names = sorted(str(name) for name in one.services if not isinstance(name, Unknown))
            if one.is_allow and names and is_unbounded(one):
                yield _unbounded(stack, resource, (key, *one.steps), names)
    for stack, permission in resources_of_type(context, _PERMISSION):
        name = permission.properties.get("Principal")
        bounds = {"SourceAccount", "SourceArn", "PrincipalOrgID", "EventSourceToken"}
        is_service = isinstance(name, str) and ".amazonaws.com" in name
        if is_service and not bounds & set(permission.properties):
            yield _unbounded(stack, permission, ("Principal",), [str(name)])


def _unbounded(
    stack: RegionalStack, resource: EvaluatedResource, path: tuple[str | int, ...], names: list[str]
) -> Fault:
    is_risky = resource.type == _PERMISSION and names[0].startswith("s3.")
    return Fault(
        path=stack.path_of(resource.logical_id, *path),
        region=stack.region,
        severity=Severity.WARNING if is_risky else None,
        message=f"{', '.join(names)} may act here for any account",
        actual=names,
        expected="a bound: aws:SourceAccount or aws:SourceArn (SourceAccount or SourceArn of a permission)",
        fix='add "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}',
    )


@rule("full-rights", severity=Severity.WARNING, source=_BROAD)
def full_rights(context: Context) -> Iterator[Fault]:
    """A role of a service that may do everything.

    An Allow of * on * without a condition, in a policy of a role that a service takes on: code that is
    led astray can then delete both regions. Allow what the code calls. Roles that people or
    CloudFormation take on are left alone.
    """
    for stack, role in resources_of_type(context, ROLE):
        trust = statements(role.properties.get("AssumeRolePolicyDocument")) or ()
        services = {str(name) for one in trust for name in one.services}
        if not services or any(one.aws for one in trust) or "cloudformation.amazonaws.com" in services:
            continue
        for index, policy in mappings(role.properties.get("Policies")):
            for one in statements(policy.get("PolicyDocument")) or ():
                is_all = "*" in one.actions and "*" in one.resources and not one.conditions
                if one.is_allow and is_all:
                    path = ("Policies", index, "PolicyDocument", *one.steps)
                    yield _full(stack, role, path, "*")
        for index, arn in enumerate(listed(role.properties.get("ManagedPolicyArns"))):
            if str(arn).endswith(":policy/AdministratorAccess"):
                yield _full(stack, role, ("ManagedPolicyArns", index), plain(arn))


def _full(stack: RegionalStack, role: EvaluatedResource, path: tuple[str | int, ...], found: object) -> Fault:
    return Fault(
        path=stack.path_of(role.logical_id, *path),
        region=stack.region,
        message="A service takes this role on, and it may do everything",
        actual=found,
        expected="an Allow of what is called, on what it is called on",
        fix="name the actions and resources",
    )
