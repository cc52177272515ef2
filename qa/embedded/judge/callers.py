"""From a request's credentials to the caller they stand for, and the secret that signs for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID
from qa.embedded.world import Caller

from .identities import Credentials, Holder, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Request

    from qa.embedded.world import World

SIGV4 = re.compile(r"Credential=([^/,\s]+)/")
SIGV2 = re.compile(r"AWS ([^:\s]+):")
ADMINISTRATOR_NAME = "administrator"


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


def holder_of(credentials: Credentials, world: World) -> Holder | Unknown:
    """Return the administrator, user or session behind credentials, or why there is none."""
    if credentials.access_key_id == ADMIN_ACCESS_KEY_ID:
        return Holder(caller=administrator(world.account_id), secret=world.settings.admin_secret_access_key)
    return world.identities.holder_of(credentials)


def _of_query(query: Mapping[str, str]) -> str | None:
    # version 2 of the signature spells the name in lower case
    return next((value for name, value in query.items() if name.lower() == "x-amz-security-token"), None)
