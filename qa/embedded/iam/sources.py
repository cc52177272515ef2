"""Where policies lie in moto's state: with identities and with resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.dynamodb.models import dynamodb_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from .errors import NotModelledError
from .evaluate import Policies, Rule
from .policy import Effect, Policy, Statement, parse_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moto.iam.models import Group, Role, User
    from moto.s3.models import FakeBucket

    from qa.embedded.world import Caller

ADMINISTRATOR = Policy(
    name="the server's default credentials", statements=(Statement(effect=Effect.ALLOW, actions=("*",)),)
)


def policies_for(caller: Caller, *, action: str, resource: str, account_id: str) -> Policies:
    """Return the policies that have a say when the caller acts on a resource."""
    holder = identity_of(caller, account_id)
    if caller.is_administrator:
        identity: tuple[Policy, ...] = (ADMINISTRATOR,)
    else:
        identity = tuple(identity_policies(holder, account_id)) if holder is not None else ()
    return Policies(
        identity=identity,
        resource=resource_policy(resource, action=action, account_id=account_id),
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


def resource_policy(resource: str, *, action: str, account_id: str) -> Policy | None:
    """Return the policy that lies with the resource of an ARN; None where there is none."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return None
    find = _FINDERS.get("trust" if action.lower().startswith("sts:") else parts[2])
    document = None if find is None else find(parts[3], parts[5], account_id)
    return None if not document else parse_policy(document, name=f"the policy of {resource}", kind="resource")


def bucket_named(name: str, account_id: str) -> FakeBucket | None:
    """Return a bucket; None when there is none of that name."""
    return s3_backends[account_id]["aws"].buckets.get(name)


def _rule(resource: str, action: str) -> Rule:
    is_key = resource.startswith("arn:aws:kms:") and ":key/" in resource
    return Rule.RESOURCE_FIRST if is_key or action.lower().startswith("sts:assumerole") else Rule.EITHER


def _bucket_policy(_: str, rest: str, account_id: str) -> Any:
    bucket = bucket_named(rest.partition("/")[0], account_id)
    return None if bucket is None else bucket.policy


def _key_policy(region: str, rest: str, account_id: str) -> Any:
    key = kms_backends[account_id][region].keys.get(rest.removeprefix("key/"))
    return None if key is None else key.policy


def _topic_policy(region: str, rest: str, account_id: str) -> Any:
    topic = sns_backends[account_id][region].topics.get(f"arn:aws:sns:{region}:{account_id}:{rest}")
    return None if topic is None else topic.policy


def _queue_policy(region: str, rest: str, account_id: str) -> Any:
    queue = sqs_backends[account_id][region].queues.get(rest)
    return None if queue is None else queue.policy


def _trust_policy(_: str, rest: str, account_id: str) -> Any:
    roles = tuple(iam_backends[account_id]["aws"].roles.values())
    wanted = f"arn:aws:iam::{account_id}:{rest}"
    return next((role.assume_role_policy_document for role in roles if role.arn == wanted), None)


def _function_policy(region: str, rest: str, account_id: str) -> Any:
    name, _, qualifier = rest.removeprefix("function:").partition(":")
    try:
        function = lambda_backends[account_id][region].get_function(name, qualifier or None)
    except UnknownFunctionException:
        return None
    statements = function.policy.statements
    return {"Version": "2012-10-17", "Statement": statements} if statements else None


def _table_policy(region: str, rest: str, account_id: str) -> Any:
    table = "/".join(rest.split("/")[:2])
    found = dynamodb_backends[account_id][region].resource_policies.get(
        f"arn:aws:dynamodb:{region}:{account_id}:{table}"
    )
    return None if found is None else found.policy_doc


_FINDERS: dict[str, Callable[[str, str, str], Any]] = {
    "s3": _bucket_policy,
    "kms": _key_policy,
    "sns": _topic_policy,
    "sqs": _queue_policy,
    "lambda": _function_policy,
    "dynamodb": _table_policy,
    "trust": _trust_policy,
}
