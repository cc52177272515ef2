"""From a request's credentials to the caller they stand for, and the secret that signs for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID
from qa.embedded.world import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.sts.models import AssumedRole
    from werkzeug.wrappers import Request

    from qa.embedded.world import World

SIGV4 = re.compile(r"Credential=([^/,\s]+)/")
SIGV2 = re.compile(r"AWS ([^:\s]+):")
ADMINISTRATOR_NAME = "administrator"


class Unknown(Enum):
    """Why credentials stand for nobody."""

    KEY = "unknown key"
    EXPIRED = "expired session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a request carries of credentials: an access key ID and, for a session, its token."""

    access_key_id: str
    token: str | None = None


def administrator(account_id: str) -> Caller:
    """Return the caller behind the server's default credentials: a user that IAM does not list."""
    return Caller(arn=f"arn:aws:iam::{account_id}:user/{ADMINISTRATOR_NAME}", is_administrator=True)


def credentials_of(request: Request) -> Credentials | None:
    """Return the credentials of a signed or presigned request; None for an unsigned one."""
    header = request.headers.get("Authorization", "")
    signed = SIGV4.search(header) or SIGV2.match(header)
    query = request.args
    presigned = query.get("X-Amz-Credential", "").partition("/")[0] or query.get("AWSAccessKeyId", "")
    key = signed[1] if signed else presigned
    if not key:
        return None
    token = request.headers.get("X-Amz-Security-Token") or _of_query(query)
    return Credentials(access_key_id=key, token=token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A caller, and the secret that its requests are signed with."""

    caller: Caller
    secret: str = field(repr=False)


def holder_of(credentials: Credentials, world: World) -> Holder | Unknown:
    """Return the administrator, user or session behind credentials, or why there is none."""
    account_id = world.account_id
    if credentials.access_key_id == ADMIN_ACCESS_KEY_ID:
        return Holder(caller=administrator(account_id), secret=world.settings.admin_secret_access_key)
    session = _session(credentials.access_key_id, account_id)
    if session is None:
        return _user(credentials.access_key_id, account_id)
    if session.session_token != credentials.token:
        return Unknown.KEY
    if session.expiration.replace(tzinfo=UTC) <= datetime.now(UTC):
        return Unknown.EXPIRED
    caller = Caller(arn=session.arn, role_arn=session.role_arn)
    return Holder(caller=caller, secret=session.secret_access_key)


def _session(access_key_id: str, account_id: str) -> AssumedRole | None:
    sessions = tuple(sts_backends[account_id]["aws"].assumed_roles)
    return next((each for each in sessions if each.access_key_id == access_key_id), None)


def _user(access_key_id: str, account_id: str) -> Holder | Unknown:
    for user in tuple(iam_backends[account_id]["aws"].users.values()):
        for key in user.access_keys:
            if key.access_key_id == access_key_id and key.status == "Active":
                return Holder(caller=Caller(arn=user.arn), secret=key.secret_access_key)
    return Unknown.KEY


def _of_query(query: Mapping[str, str]) -> str | None:
    # version 2 of the signature spells the name in lower case
    return next((value for name, value in query.items() if name.lower() == "x-amz-security-token"), None)
