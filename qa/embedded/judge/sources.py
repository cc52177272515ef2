"""Which policies have a say: those of an identity and that of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.regions import is_region
from qa.embedded.service.declaration import service_named

from .evaluate import Policies, Rule
from .policy import Effect, Policy, Statement, parse_policy

if TYPE_CHECKING:
    from qa.embedded.world import Caller, World

    from .identities import Identity

ADMINISTRATOR = Policy(
    name="the server's default credentials", statements=(Statement(effect=Effect.ALLOW, actions=("*",)),)
)


def policies_for(
    world: World, caller: Caller, identity: Identity | None, *, action: str, resource: str
) -> Policies:
    """Return the policies that have a say when the caller, with this identity, acts on a resource."""
    own: tuple[Policy, ...] = () if identity is None else identity.policies
    return Policies(
        identity=(ADMINISTRATOR,) if caller.is_administrator else own,
        resource=resource_policy(world, resource, action=action),
        boundary=None if identity is None else identity.boundary,
        rule=_rule(resource, action),
    )


def resource_policy(world: World, resource: str, *, action: str) -> Policy | None:
    """Return the policy that lies with the resource of an ARN; None where there is none.

    A role's is its trust policy, which decides on actions of STS.
    """
    parts = resource.split(":", 5)
    if len(parts) < 6 or (parts[3] and not is_region(parts[3])):
        return None
    service = service_named(world.services, "sts" if action.lower().startswith("sts:") else parts[2])
    find = None if service is None else service.policy_of
    document = None if find is None else find(parts[3], parts[5], world.account_id)
    return None if not document else parse_policy(document, name=f"the policy of {resource}", kind="resource")


def _rule(resource: str, action: str) -> Rule:
    is_key = resource.startswith("arn:aws:kms:") and ":key/" in resource
    return Rule.RESOURCE_FIRST if is_key or action.lower().startswith("sts:assumerole") else Rule.EITHER
