"""STS: sessions as rights on their roles, and the trust policies of those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.iam.models import iam_backends

from qa.embedded.judge.errors import InvalidRequestError, NotModelledError
from qa.embedded.service.rights import Call, Need, each, everywhere

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.embedded.service.rights import Needs

DEFAULT_SESSION_SECONDS = 3600


def _assume_role(call: Call) -> Iterable[Need]:
    for name in ("Policy", "PolicyArns", "Tags", "TransitiveTagKeys", "ProvidedContexts", "SourceIdentity"):
        if call.get(name):
            raise NotModelledError(f"{name} of AssumeRole")
    arn = str(call.get("RoleArn"))
    _check_duration(call, arn)
    keys = {"sts:RoleSessionName": call.get("RoleSessionName"), "sts:ExternalId": call.get("ExternalId")}
    context = {key: str(value) for key, value in keys.items() if value}
    return (Need(action="sts:AssumeRole", resource=arn, context=context),)


def _check_duration(call: Call, arn: str) -> None:
    """Raise InvalidRequestError for a session longer than its role allows."""
    roles = tuple(iam_backends[call.account_id]["aws"].roles.values())
    role = next((each for each in roles if each.arn == arn), None)
    longest = int((role and role.max_session_duration) or DEFAULT_SESSION_SECONDS)
    if int(call.get("DurationSeconds") or 0) > longest:
        raise InvalidRequestError(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )


def _no_need(_: Call) -> Iterable[Need]:
    return ()


def _not_modelled(call: Call) -> Iterable[Need]:
    raise NotModelledError(f"{call.operation}; take AssumeRole or an access key of a user")


RIGHTS: dict[str, Needs] = (
    {"AssumeRole": _assume_role, "GetCallerIdentity": _no_need, "GetAccessKeyInfo": everywhere("sts")}
    # moto answers these with credentials that belong to nobody
    | each(
        "GetSessionToken GetFederationToken AssumeRoleWithWebIdentity AssumeRoleWithSAML AssumeRoot "
        "DecodeAuthorizationMessage",
        _not_modelled,
    )
)


def policy_of(_: str, rest: str, account_id: str) -> Any:
    """Return the trust policy of a role: what the rest of its ARN names; None without such a role."""
    roles = tuple(iam_backends[account_id]["aws"].roles.values())
    expected = f"arn:aws:iam::{account_id}:{rest}"
    return next((role.assume_role_policy_document for role in roles if role.arn == expected), None)
