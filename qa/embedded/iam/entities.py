"""What IAM refuses of its entities and moto lets pass: deletions of what is in use, trust in nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.iam.exceptions import DeleteConflictException, MalformedPolicyDocument

from qa.embedded.judge.statements import principal_exists, principals

from .identities import IamIdentities

if TYPE_CHECKING:
    from moto.iam.models import IAMBackend


def require_unattached(backend: IAMBackend, arn: str) -> None:
    """Raise DeleteConflict for a managed policy that some role, user or group has."""
    holders: tuple[Any, ...] = (*backend.roles.values(), *backend.users.values(), *backend.groups.values())
    if any(arn in holder.managed_policies for holder in holders):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")


def require_idle_user(backend: IAMBackend, name: str) -> None:
    """Raise DeleteConflict for a user with access keys or in a group."""
    user: Any = backend.users.get(name)
    if user is None:
        return  # moto says so
    if user.access_keys:
        raise DeleteConflictException("Cannot delete entity, must delete access keys first.")
    if any(user in group.users for group in backend.groups.values()):
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")


def require_idle_group(backend: IAMBackend, name: str) -> None:
    """Raise DeleteConflict for a group with users or policies."""
    group: Any = backend.groups.get(name)
    if group is None:
        return
    if group.users:
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
    if group.managed_policies:
        raise DeleteConflictException("Cannot delete entity, must detach all policies first.")
    if group.policies:
        raise DeleteConflictException("Cannot delete entity, must delete policies first.")


def require_known_principals(account_id: str, document: str) -> None:
    """Raise MalformedPolicyDocument for a trust policy that names a user or role that is not there."""
    try:
        statements = json.loads(document).get("Statement", [])
    except (ValueError, AttributeError):
        return  # moto says so
    for statement in [statements] if isinstance(statements, dict) else statements:
        for kind, name in principals(statement):
            if not principal_exists(kind, name, account_id, IamIdentities(account_id)):
                raise MalformedPolicyDocument(f'Invalid principal in policy: "{kind}":"{name}"')
