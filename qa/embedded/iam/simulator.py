"""The policy simulator of IAM, which moto has not: the same evaluator, without a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import IAMException, NotFoundException
from moto.iam.models import iam_backends

from qa.embedded.access.enforcement import parameters
from qa.embedded.judge.conditions import Facts
from qa.embedded.judge.errors import NotModelledError, PolicyError
from qa.embedded.judge.evaluate import Outcome, Policies, Request, Rule, Verdict, evaluate
from qa.embedded.judge.policy import Policy, parse_policy
from qa.embedded.world import Caller

from .identities import boundary_of, policies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from moto.iam.responses import IamResponse

    from qa.embedded.world import World

NOBODY = "arn:aws:iam::000000000000:user/nobody"
STRONGEST = (Outcome.EXPLICIT_DENY, Outcome.ALLOWED, Outcome.IMPLICIT_DENY)
UNSUPPORTED = ("ResourceHandlingOption", "Marker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What is simulated: for whom, under which policies, and what the requests would carry."""

    caller: Caller
    account_id: str
    policies: Policies
    context: Mapping[str, tuple[str, ...]]

    def verdict(self, action: str, resource: str) -> Verdict:
        """Return what the policies say to one action on one resource."""
        policies = self.policies
        if policies.resource is not None and action.lower().startswith("kms:"):
            policies = Policies(
                identity=policies.identity,
                resource=policies.resource,
                boundary=policies.boundary,
                rule=Rule.RESOURCE_FIRST,
            )
        request = Request(
            caller=self.caller,
            account_id=self.account_id,
            action=action,
            resource=resource,
            facts=Facts(self.context),
        )
        return evaluate(request, policies)


def simulate_principal_policy(self: IamResponse, _: World) -> ActionResult:
    """Answer SimulatePrincipalPolicy: the policies of a user, group or role, and those that are given."""
    request = parameters(self, "SimulatePrincipalPolicy")
    return _answered(lambda: _simulate(self, request, *_of_source(self, request)))


def simulate_custom_policy(self: IamResponse, _: World) -> ActionResult:
    """Answer SimulateCustomPolicy: only the policies that are given."""
    request = parameters(self, "SimulateCustomPolicy")
    return _answered(lambda: _simulate(self, request, (), None))


def get_context_keys_for_principal_policy(self: IamResponse, _: World) -> ActionResult:
    """Answer GetContextKeysForPrincipalPolicy."""
    request = parameters(self, "GetContextKeysForPrincipalPolicy")
    return _answered(lambda: _context_keys([*_of_source(self, request)[0], *_given(request)]))


def get_context_keys_for_custom_policy(self: IamResponse, _: World) -> ActionResult:
    """Answer GetContextKeysForCustomPolicy."""
    request = parameters(self, "GetContextKeysForCustomPolicy")
    return _answered(lambda: _context_keys(_given(request)))


def _answered(answer: Callable[[], ActionResult]) -> ActionResult:
    try:
        return answer()
    except (NotModelledError, PolicyError) as problem:
        raise IAMException("InvalidInput", str(problem)) from problem


def _context_keys(policies: Iterable[Policy]) -> ActionResult:
    found = {key.lower(): key for policy in policies for key in policy.context_keys()}
    return ActionResult({"ContextKeyNames": sorted(found.values())})


def _of_source(self: IamResponse, request: Mapping[str, Any]) -> tuple[tuple[Policy, ...], Policy | None]:
    """Return the identity policies and the boundary of PolicySourceArn; raises NoSuchEntity."""
    arn = str(request.get("PolicySourceArn"))
    iam = iam_backends[self.current_account][self.partition]
    held: tuple[Any, ...] = (*iam.roles.values(), *iam.users.values(), *iam.groups.values())
    holder = next((each for each in held if each.arn == arn), None)
    if holder is None:
        raise NotFoundException(f"The entity with ARN {arn} cannot be found.")
    return tuple(policies_of(holder, self.current_account)), boundary_of(holder, self.current_account)


def _simulate(
    self: IamResponse, request: Mapping[str, Any], identity: tuple[Policy, ...], boundary: Policy | None
) -> ActionResult:
    for name in UNSUPPORTED:
        if request.get(name):
            raise NotModelledError(f"{name} of the policy simulator")
    given_boundary = _documents(request, "PermissionsBoundaryPolicyInputList")
    resource = request.get("ResourcePolicy")
    simulation = Simulation(
        caller=_caller(request),
        account_id=self.current_account,
        policies=Policies(
            identity=(*identity, *_given(request)),
            resource=parse_policy(resource, name="ResourcePolicy", kind="resource") if resource else None,
            boundary=given_boundary[0] if given_boundary else boundary,
        ),
        context={
            entry["ContextKeyName"]: tuple(entry.get("ContextKeyValues") or ())
            for entry in request.get("ContextEntries") or ()
        },
    )
    resources = tuple(request.get("ResourceArns") or ("*",))
    results = [_result(simulation, action, resources) for action in request["ActionNames"]]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _caller(request: Mapping[str, Any]) -> Caller:
    """Return whom a resource policy is held against; only a user or role can be simulated as caller."""
    source = str(request.get("CallerArn") or request.get("PolicySourceArn") or "")
    if request.get("ResourcePolicy") and not request.get("CallerArn") and ":user/" not in source:
        raise IAMException("InvalidInput", "CallerArn is required when ResourcePolicy is given.")
    return Caller(arn=source or NOBODY, role_arn=source if ":role/" in source else None)


def _given(request: Mapping[str, Any]) -> tuple[Policy, ...]:
    return _documents(request, "PolicyInputList")


def _documents(request: Mapping[str, Any], parameter: str) -> tuple[Policy, ...]:
    documents = enumerate(request.get(parameter) or (), 1)
    return tuple(parse_policy(document, name=f"{parameter}.{number}") for number, document in documents)


def _result(simulation: Simulation, action: str, resources: tuple[str, ...]) -> dict[str, Any]:
    """Return one EvaluationResult: with several resources its own decision sums up theirs."""
    verdicts = {resource: simulation.verdict(action, resource) for resource in resources}
    outcomes = {verdict.outcome for verdict in verdicts.values()}
    first = next(iter(verdicts.values()))
    summed = next(outcome for outcome in STRONGEST if outcome in outcomes)
    return {
        "EvalActionName": action,
        "EvalResourceName": resources[0] if len(resources) == 1 else "*",
        "EvalDecision": summed.value,
        **_details(first if len(resources) == 1 else None),
        "MissingContextValues": sorted({key for verdict in verdicts.values() for key in verdict.missing}),
        "ResourceSpecificResults": [
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": verdict.outcome.value,
                **_details(verdict),
                "MissingContextValues": sorted(verdict.missing),
            }
            for resource, verdict in verdicts.items()
            if resources != ("*",)
        ],
    }


def _details(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"MatchedStatements": []}
    matched = [
        {"SourcePolicyId": match.policy.name, "SourcePolicyType": "IAM Policy"} for match in verdict.matched
    ]
    if verdict.allowed_by_boundary is None:
        return {"MatchedStatements": matched}
    boundary = {"AllowedByPermissionsBoundary": verdict.allowed_by_boundary}
    return {"MatchedStatements": matched, "PermissionsBoundaryDecisionDetail": boundary}
