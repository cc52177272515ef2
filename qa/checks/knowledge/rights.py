"""Policy documents read as statements: who may do what, as far as the template says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.checks.knowledge.naming import (
    ROLE,
    get_nested,
    listed,
    mappings,
    physical_name,
    resolve_resource,
    typed,
)
from qa.checks.knowledge.policies import matches
from qa.template import ResourceRef, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource, Path

_RESOURCE_POLICIES = {
    "AWS::DynamoDB::GlobalTable": "ResourcePolicy",
    "AWS::DynamoDB::Table": "ResourcePolicy",
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::KMS::ReplicaKey": "KeyPolicy",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
}
_HOW = ("aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:useragent", "aws:referer")
_LOGGING_ONLY = (
    ":policy/service-role/AWSLambdaBasicExecutionRole",
    ":policy/service-role/AWSLambdaVPCAccessExecutionRole",
    ":policy/AWSXRayDaemonWriteAccess",
)
"""Managed policies that allow none of the calls that are judged."""
_ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy, with lists where it may have one value or several."""

    steps: Path
    """Where it stands in its document: in a list, or alone."""
    effect: object
    actions: tuple[object, ...]
    is_by_exception: bool
    """It says NotAction, NotResource or NotPrincipal."""
    resources: tuple[object, ...]
    services: frozenset[object]
    """Service principals."""
    aws: tuple[object, ...]
    """Principals of accounts; "*" stands for everybody."""
    conditions: dict[str, Any]

    @property
    def is_allow(self) -> bool:
        """True for Effect Allow; IAM takes it in capitals too."""
        return str(self.effect).lower() == "allow"

    @property
    def is_readable(self) -> bool:
        """False when only AWS knows which actions it names."""
        return not self.is_by_exception and not any(isinstance(one, Unknown) for one in self.actions)

    def names(self, action: str) -> bool:
        """Say whether one of its actions, which may have wildcards, is this one."""
        return any(isinstance(one, str) and matches(one, action) for one in self.actions)


def statements(document: object) -> tuple[Statement, ...] | None:
    """Return the statements of a resolved policy document; None when it cannot be read."""
    found = get_nested(document, "Statement")
    if not isinstance(found, dict | list) or any(not isinstance(one, dict) for one in listed(found)):
        return None
    return tuple(
        _statement(("Statement", index) if isinstance(found, list) else ("Statement",), one)
        for index, one in mappings(found)
    )


def is_unbounded(statement: Statement) -> bool:
    """Say whether no condition of a statement may bound who is let in."""
    keys = [
        key.lower()
        for members in statement.conditions.values()
        for key in (members if isinstance(members, dict) else ("?",))
    ]
    return all(key in _HOW for key in keys)


def rights_of(role: EvaluatedResource, stack: RegionalStack) -> tuple[list[Statement], bool]:
    """Return the statements of the policies of a role, and whether these are all there are.

    Not all: a managed policy outside the stack, a document that cannot be read, a policy for roles unknown,
    a stack that is not known whole.
    """
    found: list[Statement] = []
    is_whole = stack.is_whole and all(
        str(arn).endswith(_LOGGING_ONLY) for arn in listed(role.properties.get("ManagedPolicyArns"))
    )
    for _, _, document in policies_of(role, stack):
        one = statements(document)
        found.extend(one or ())
        is_whole = is_whole and one is not None and all(part.is_readable for part in one)
    return found, is_whole and not _attached(stack)[1]


def role_meant(value: object, stack: RegionalStack) -> EvaluatedResource | None:
    """Return the role of the stack that an ARN or a reference means; None when it is another or not known."""
    found = resolve_resource(value, stack, (stack,))
    return found.resource if found and found.resource.type == ROLE else None


def trusted_services(role: EvaluatedResource) -> frozenset[str] | None:
    """Return the service principals that may assume a role; None when the template does not show all."""
    found = statements(role.properties.get("AssumeRolePolicyDocument"))
    if found is None or any(not one.is_readable for one in found):
        return None
    services = {service for one in found if one.is_allow for service in one.services}
    everybody = any("*" in one.aws for one in found)
    if everybody or any(not isinstance(service, str) for service in services):
        return None
    return frozenset(map(str, services))


def granted_by_resources(action: str, stack: RegionalStack) -> bool:
    """Say whether a policy of a key, bucket, topic or queue of the stack may allow an action to a role."""
    patterns, is_open = _granted(stack)
    return is_open or any(matches(pattern, action) for pattern in patterns)


@lru_cache(maxsize=4)
def _granted(stack: RegionalStack) -> tuple[frozenset[str], bool]:
    """Return the actions that resource policies may allow to roles, and whether others may be among them."""
    patterns: set[str] = set()
    is_open = False
    for resource, key in resource_policies(stack):
        document = resource.properties.get(key)
        found = statements(document)
        is_open = is_open or (document is not None and found is None)
        for one in found or ():
            if _is_for_roles(one):
                patterns.update(name for name in one.actions if isinstance(name, str))
                is_open = is_open or not one.is_readable
    return frozenset(patterns), is_open


def _is_for_roles(statement: Statement) -> bool:
    """Say whether a statement may let a role in; the account's root leaves it to the role's own."""
    others = [who for who in statement.aws if not str(who).endswith(":root")]
    return statement.is_allow and (bool(others) or statement.is_by_exception)


def policies_of(role: EvaluatedResource, stack: RegionalStack) -> Iterator[tuple[str, Path, object]]:
    """Yield the policy documents of a role: the resource that has one, the place in it, the document."""
    policies = role.properties.get("Policies")
    if isinstance(policies, Unknown):
        yield role.logical_id, ("Policies",), policies
    for index, policy in mappings(policies):
        yield role.logical_id, ("Policies", index, "PolicyDocument"), policy.get("PolicyDocument")
    attached, _ = _attached(stack)
    holders: list[object] = [ResourceRef(role.logical_id)]
    holders += [role.properties.get("RoleName")] if physical_name(role) else []
    for holder in holders:
        for owner, document in attached.get(holder, ()):
            yield owner, ("PolicyDocument",), document


def resource_policies(stack: RegionalStack) -> Iterator[tuple[EvaluatedResource, str]]:
    """Yield the resources that have or are a resource policy, each with the property that holds it."""
    for kind, key in _RESOURCE_POLICIES.items():
        for resource in typed(stack, kind):
            yield resource, key


@lru_cache(maxsize=8)
def _attached(stack: RegionalStack) -> tuple[dict[object, list[tuple[str, object]]], bool]:
    """Return the policy documents by the role, a ResourceRef or a name, and whether roles are unknown."""
    found: dict[object, list[tuple[str, object]]] = {}
    is_loose = False
    for resource in stack.of_type(*_ATTACHED):
        document = resource.properties.get("PolicyDocument")
        for key in ("Roles", "RoleName"):
            for holder in listed(resource.properties.get(key)):
                is_loose = is_loose or not isinstance(holder, ResourceRef | str)
                if isinstance(holder, ResourceRef | str):
                    found.setdefault(holder, []).append((resource.logical_id, document))
    return found, is_loose


def _statement(steps: Path, raw: dict[str, Any]) -> Statement:
    principal = raw.get("Principal")
    members = principal if isinstance(principal, dict) else {}
    conditions = raw.get("Condition")
    return Statement(
        steps=steps,
        effect=raw.get("Effect"),
        actions=tuple(listed(raw.get("Action"))),
        is_by_exception=any(key in raw for key in ("NotAction", "NotResource", "NotPrincipal")),
        resources=tuple(listed(raw.get("Resource"))),
        services=frozenset(one for one in listed(members.get("Service")) if isinstance(one, str | Unknown)),
        aws=("*",) if principal == "*" else tuple(listed(members.get("AWS"))),
        conditions=conditions if isinstance(conditions, dict) else {},
    )
