"""Questions to IAM: what a role may do, by the simulator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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
