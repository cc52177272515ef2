"""IAM's evaluation logic: from policies and one request to a verdict. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from .conditions import Facts, holds
from .patterns import arn_matches, text_matches
from .policy import Effect, Policy, Statement
from .principals import Named, naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa.embedded.world import Caller


class Outcome(Enum):
    """What the policies say, in the simulator's words."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


class Rule(Enum):
    """How identity policies and the policy of a resource in the same account go together."""

    EITHER = "either allows"
    RESOURCE_FIRST = "the resource's policy allows, or names the account and an identity policy allows"
    """KMS keys and the trust policies of roles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request: who does what to which resource, under which conditions."""

    caller: Caller
    account_id: str
    action: str
    resource: str
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The policies that have a say; None where there is no such policy."""

    identity: tuple[Policy, ...] = ()
    resource: Policy | None = None
    boundary: Policy | None = None
    rule: Rule = Rule.EITHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A statement that applies to the request, and how closely it names the caller."""

    policy: Policy
    statement: Statement
    named: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome, the words an error message ends with, and what decided."""

    outcome: Outcome
    reason: str = ""
    matched: tuple[Match, ...] = ()
    allowed_by_boundary: bool | None = None
    """None without a permissions boundary."""
    missing: frozenset[str] = frozenset()
    """Condition keys that policies use and the request did not have."""


def evaluate(request: Request, policies: Policies) -> Verdict:
    """Return the verdict; raises NotModelledError for an operator or principal that is not known."""
    identity = tuple(_applying(request, policies.identity))
    resource = tuple(_applying(request, (policies.resource,) if policies.resource else ()))
    boundary = tuple(_applying(request, (policies.boundary,) if policies.boundary else ()))
    within = None if policies.boundary is None else bool(_allows(boundary))
    layers = {"an identity-based": identity, "a resource-based": resource, "a permissions boundary": boundary}
    for layer, matches in layers.items():
        denying = tuple(match for match in matches if match.statement.effect is Effect.DENY)
        if denying:
            what = layer if layer.endswith("boundary") else f"{layer} policy"
            return Verdict(
                outcome=Outcome.EXPLICIT_DENY,
                reason=f"with an explicit deny in {what}",
                matched=denying,
                allowed_by_boundary=within,
                missing=frozenset(request.facts.missing),
            )
    by_identity, by_resource = _allows(identity), _allows(resource)
    refusal = _refusal(request, policies, identity=by_identity, resource=by_resource, within=within)
    return Verdict(
        outcome=Outcome.IMPLICIT_DENY if refusal else Outcome.ALLOWED,
        reason=refusal,
        matched=by_identity + by_resource,
        allowed_by_boundary=within,
        missing=frozenset(request.facts.missing),
    )


def _refusal(
    request: Request,
    policies: Policies,
    *,
    identity: tuple[Match, ...],
    resource: tuple[Match, ...],
    within: bool | None,
) -> str:
    """Return why the request is not allowed; empty when it is."""
    named = max((match.named for match in resource), default=Named.NOT)
    by_identity = bool(identity) and (policies.rule is Rule.EITHER or named >= Named.ACCOUNT)
    if named is Named.ITSELF:
        return ""  # a grant to the very principal is not limited by its boundary
    if not by_identity and named is not Named.ROLE:
        decided_by_resource = request.caller.arn is None or (
            policies.rule is Rule.RESOURCE_FIRST and named is Named.NOT
        )
        kind = "resource-based" if decided_by_resource else "identity-based"
        return f"because no {kind} policy allows the {request.action} action"
    if within is False:
        return f"because no permissions boundary allows the {request.action} action"
    return ""


def _allows(matches: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(match for match in matches if match.statement.effect is Effect.ALLOW)


def _applying(request: Request, policies: Iterable[Policy]) -> Iterator[Match]:
    for policy in policies:
        for statement in policy.statements:
            named = naming(statement.principals, request.caller, request.account_id)
            if named is not Named.NOT and _covers(statement, request, policy):
                yield Match(policy=policy, statement=statement, named=named)


def _covers(statement: Statement, request: Request, policy: Policy) -> bool:
    return (
        _covers_action(statement, request.action)
        and _covers_resource(statement, request, policy)
        and all(
            holds(condition, request.facts, has_variables=policy.has_variables)
            for condition in statement.conditions
        )
    )


def _covers_action(statement: Statement, action: str) -> bool:
    found = any(text_matches(each, action, _no_value, ignore_case=True) for each in statement.actions)
    return found != statement.excludes_actions


def _covers_resource(statement: Statement, request: Request, policy: Policy) -> bool:
    lookup = request.facts.single if policy.has_variables else _no_value
    found = any(arn_matches(each, request.resource, lookup) for each in statement.resources)
    return found != statement.excludes_resources


def _no_value(_: str) -> None:
    return None
