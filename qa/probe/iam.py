"""Questions to IAM: what a role may do, by the simulator."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from .errors import ask, ask_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_iam import IAMClient
    from mypy_boto3_iam.type_defs import ContextEntryTypeDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """One right to ask after: an action, the resource it is used on, and the request's condition keys."""

    action: str
    resource: str = "*"
    context: Mapping[str, str] = field(default_factory=dict, hash=False)


def simulated(iam: IAMClient, role_arn: str, right: Right) -> str:
    """Return allowed, explicitDeny or implicitDeny for the role's own policies.

    One right per call: the simulator refuses actions of different resource types together. Key and
    bucket policies are not part of the answer.
    """
    entries: Sequence[ContextEntryTypeDef] = [
        {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        for key, value in right.context.items()
    ]
    response = ask(
        f"SimulatePrincipalPolicy of {role_arn} for {right.action} on {right.resource}",
        lambda: iam.simulate_principal_policy(
            PolicySourceArn=role_arn,
            ActionNames=[right.action],
            ResourceArns=[right.resource],
            ContextEntries=entries,
        ),
    )
    return response["EvaluationResults"][0]["EvalDecision"]


def role_arn(iam: IAMClient, role_name: str) -> str | None:
    """Return the ARN of a role; None if there is none of that name."""
    response = ask_or_none(
        f"GetRole {role_name!r}", lambda: iam.get_role(RoleName=role_name), absent={"NoSuchEntity"}
    )
    return None if response is None else response["Role"]["Arn"]


def policies(iam: IAMClient, role_name: str) -> dict[str, Any]:
    """Return a role's inline policies by name, and the ARNs of its managed ones as `attached`."""
    names = ask(f"ListRolePolicies of {role_name!r}", lambda: iam.list_role_policies(RoleName=role_name))[
        "PolicyNames"
    ]
    attached = ask(
        f"ListAttachedRolePolicies of {role_name!r}",
        lambda: iam.list_attached_role_policies(RoleName=role_name),
    )["AttachedPolicies"]
    found: dict[str, Any] = {
        name: document(
            ask(
                f"GetRolePolicy {name!r} of {role_name!r}",
                lambda name=name: iam.get_role_policy(RoleName=role_name, PolicyName=name),  # type: ignore[misc]  # bound per turn
            )["PolicyDocument"]
        )
        for name in names
    }
    return {**found, "attached": sorted(each.get("PolicyArn", "") for each in attached)}


def document(policy: object) -> Any:
    """Return a policy as a value, however the service gives it: as JSON, quoted for a URL, or parsed."""
    return json.loads(unquote(policy)) if isinstance(policy, str) else policy
