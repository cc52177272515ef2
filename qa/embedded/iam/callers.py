"""From a request's credentials to the caller they stand for. Signatures are not verified."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID
from qa.embedded.world import Caller

if TYPE_CHECKING:
    from moto.sts.models import AssumedRole
    from werkzeug.wrappers import Request

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
    key = signed[1] if signed else presigned or _of_form(request)
    if not key:
        return None
    token = request.headers.get("X-Amz-Security-Token") or query.get("X-Amz-Security-Token")
    return Credentials(access_key_id=key, token=token)


def caller_of(credentials: Credentials | None, account_id: str) -> Caller | Unknown:
    """Return the administrator, user, session or nobody behind credentials, or why there is none."""
    if credentials is None:
        return Caller()
    if credentials.access_key_id == ADMIN_ACCESS_KEY_ID:
        return administrator(account_id)
    session = _session(credentials.access_key_id, account_id)
    if session is None:
        return _user(credentials.access_key_id, account_id)
    if session.session_token != credentials.token:
        return Unknown.KEY
    if session.expiration.replace(tzinfo=UTC) <= datetime.now(UTC):
        return Unknown.EXPIRED
    return Caller(arn=session.arn, role_arn=session.role_arn)


def _session(access_key_id: str, account_id: str) -> AssumedRole | None:
    sessions = tuple(sts_backends[account_id]["aws"].assumed_roles)
    return next((each for each in sessions if each.access_key_id == access_key_id), None)


def _user(access_key_id: str, account_id: str) -> Caller | Unknown:
    for user in tuple(iam_backends[account_id]["aws"].users.values()):
        for key in user.access_keys:
            if key.access_key_id == access_key_id and key.status == "Active":
                return Caller(arn=user.arn)
    return Unknown.KEY


def _of_form(request: Request) -> str:
    """Return the access key of a browser's upload form, whose fields carry the signature."""
    if request.method != "POST" or not str(request.content_type).startswith("multipart/form-data"):
        return ""
    form = {name.lower(): value for name, value in request.form.items()}
    return form.get("x-amz-credential", "").partition("/")[0] or form.get("awsaccesskeyid", "")
