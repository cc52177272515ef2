"""Where policies lie in moto's state: with identities and with resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.iam.models import iam_backends

from qa.embedded.regions import is_region
from qa.embedded.service.declaration import service_named

from .errors import NotModelledError
from .evaluate import Policies, Rule
from .policy import Effect, Policy, Statement, parse_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.iam.models import Group, Role, User

    from qa.embedded.world import Caller, World

ADMINISTRATOR = Policy(
    name="the server's default credentials", statements=(Statement(effect=Effect.ALLOW, actions=("*",)),)
)


def policies_for(world: World, caller: Caller, *, action: str, resource: str) -> Policies:
    """Return the policies that have a say when the caller acts on a resource."""
    account_id = world.account_id
    holder = identity_of(caller, account_id)
    if caller.is_administrator:
        identity: tuple[Policy, ...] = (ADMINISTRATOR,)
    else:
        identity = tuple(identity_policies(holder, account_id)) if holder is not None else ()
    return Policies(
        identity=identity,
        resource=resource_policy(world, resource, action=action),
        boundary=boundary_of(holder, account_id) if holder is not None else None,
        rule=_rule(resource, action),
    )


def identity_of(caller: Caller, account_id: str) -> Role | User | None:
    """Return the role or user behind a caller; None for services, nobody and what was deleted."""
    iam = iam_backends[account_id]["aws"]
    wanted = caller.role_arn or caller.arn
    if wanted is None:
        return None
    holders: dict[str, Any] = iam.roles if caller.role_arn else iam.users
    return next((holder for holder in tuple(holders.values()) if holder.arn == wanted), None)


def identity_policies(holder: Role | User | Group, account_id: str) -> Iterator[Policy]:
    """Yield the inline and attached policies of a role, user or group; a user's groups included."""
    kind = type(holder).__name__.lower()
    for name, document in tuple(holder.policies.items()):
        yield parse_policy(document, name=f"{kind}_{holder.name}_{name}", kind=kind)
    for attached in tuple(holder.managed_policies.values()):
        yield managed_policy(attached.arn, account_id)
    if kind == "user":
        for group in iam_backends[account_id]["aws"].get_groups_for_user(holder.name):
            yield from identity_policies(group, account_id)


def managed_policy(arn: str, account_id: str) -> Policy:
    """Return a managed policy in its default version; raises NotModelledError when it is not there."""
    found = iam_backends[account_id]["aws"].managed_policies.get(arn)
    if found is None:
        raise NotModelledError(f"the managed policy {arn}, which nobody created here")
    document = next(each.document for each in found.versions if each.version_id == found.default_version_id)
    return parse_policy(document, name=found.name, kind="user-managed")


def boundary_of(holder: Role | User | Group, account_id: str) -> Policy | None:
    """Return the permissions boundary of a role; None without one (moto keeps none for users)."""
    arn = getattr(holder, "permissions_boundary_arn", None)
    return None if arn is None else managed_policy(arn, account_id)


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
