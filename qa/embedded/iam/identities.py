"""The identities of an account as they lie in moto's IAM and STS."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from qa.embedded.judge.errors import NotModelledError
from qa.embedded.judge.identities import Holder, Identity, Unknown
from qa.embedded.judge.policy import parse_policy
from qa.embedded.world import Caller

from .aws_managed import is_of_aws, provide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.iam.models import Group, Role, User
    from moto.sts.models import AssumedRole

    from qa.embedded.judge.identities import Credentials
    from qa.embedded.judge.policy import Policy


class IamIdentities:
    """Implements qa.embedded.judge.identities.Identities."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id

    def behind(self, caller: Caller) -> Identity | None:
        """Return the role or user behind a caller; None for services, nobody and what was deleted."""
        iam = iam_backends[self._account_id]["aws"]
        expected = caller.role_arn or caller.arn
        if expected is None:
            return None
        holders: dict[str, Any] = iam.roles if caller.role_arn else iam.users
        found = next((holder for holder in tuple(holders.values()) if holder.arn == expected), None)
        if found is None:
            return None
        return Identity(
            unique_id=found.id,
            tags={tag["Key"]: tag["Value"] for tag in found.tags or ()},
            policies=tuple(policies_of(found, self._account_id)),
            boundary=boundary_of(found, self._account_id),
        )

    def holder_of(self, credentials: Credentials) -> Holder | Unknown:
        """Return the user or session behind credentials, or why there is none."""
        session = self._session(credentials.access_key_id)
        if session is None:
            return self._user(credentials.access_key_id)
        if session.session_token != credentials.token:
            return Unknown.KEY
        if session.expiration.replace(tzinfo=UTC) <= datetime.now(UTC):
            return Unknown.EXPIRED
        caller = Caller(arn=session.arn, role_arn=session.role_arn)
        return Holder(caller=caller, secret=session.secret_access_key)

    def exists(self, arn: str) -> bool:
        """Say whether the account has a role or user of this ARN."""
        iam = iam_backends[self._account_id]["aws"]
        roles, users = tuple(iam.roles.values()), tuple(iam.users.values())
        return any(role.arn == arn for role in roles) or any(user.arn == arn for user in users)

    def _session(self, access_key_id: str) -> AssumedRole | None:
        sessions = tuple(sts_backends[self._account_id]["aws"].assumed_roles)
        return next((each for each in sessions if each.access_key_id == access_key_id), None)

    def _user(self, access_key_id: str) -> Holder | Unknown:
        for user in tuple(iam_backends[self._account_id]["aws"].users.values()):
            for key in user.access_keys:
                if key.access_key_id == access_key_id and key.status == "Active":
                    return Holder(caller=Caller(arn=user.arn), secret=key.secret_access_key)
        return Unknown.KEY


def policies_of(holder: Role | User | Group, account_id: str) -> Iterator[Policy]:
    """Yield the inline and attached policies of a role, user or group; a user's groups included."""
    kind = type(holder).__name__.lower()
    for name, document in tuple(holder.policies.items()):
        yield parse_policy(document, name=f"{kind}_{holder.name}_{name}", kind=kind)
    for attached in tuple(holder.managed_policies.values()):
        yield managed_policy(attached.arn, account_id)
    if kind == "user":
        for group in iam_backends[account_id]["aws"].get_groups_for_user(holder.name):
            yield from policies_of(group, account_id)


def managed_policy(arn: str, account_id: str) -> Policy:
    """Return a managed policy in its default version; raises NotModelledError when it is not there."""
    backend = iam_backends[account_id]["aws"]
    provide(backend, arn)  # a boundary is named without being attached
    found = backend.managed_policies.get(arn)
    if found is None:
        raise NotModelledError(f"the managed policy {arn}, which nobody created here")
    document = next(each.document for each in found.versions if each.version_id == found.default_version_id)
    return parse_policy(document, name=found.name, kind="aws-managed" if is_of_aws(arn) else "user-managed")


def boundary_of(holder: Role | User | Group, account_id: str) -> Policy | None:
    """Return the permissions boundary of a role; None without one (moto keeps none for users)."""
    arn = getattr(holder, "permissions_boundary_arn", None)
    return None if arn is None else managed_policy(arn, account_id)
