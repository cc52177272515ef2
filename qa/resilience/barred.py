"""Clients that refuse to talk to a region, as if it were lost, and to what only that region serves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest

    from qa.stack.clients import Clients

SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/")
# the global endpoints of these services are in us-east-1
GLOBAL_HOSTS = ("sts.amazonaws.com", "iam.amazonaws.com", "s3.amazonaws.com")


class BarredError(AssertionError):
    """The recovery asked the region that is lost."""


def clients_without(clients: Clients, lost: str, *, surviving: str) -> Clients:
    """Return clients of the surviving region whose requests to the lost one are refused.

    The credentials are frozen first: their renewal may itself need the lost region. What a function
    calls is not seen here.
    """
    barred = clients.with_frozen_credentials()

    def refuse(request: AWSPreparedRequest, **_: Any) -> None:
        refuse_lost(request, lost)

    for client in (barred.dynamodb(surviving), barred.kms(surviving), barred.lambda_(surviving)):
        client.meta.events.register("before-send", refuse)
    return barred


def refuse_lost(request: AWSPreparedRequest, lost: str) -> None:
    """Raise BarredError for a request that is signed for the lost region or goes to one of its hosts."""
    host = urlsplit(request.url).hostname or ""
    header: object = request.headers.get("Authorization", "")  # bytes once it is signed, text before
    scope = SCOPE.search(header.decode() if isinstance(header, bytes) else str(header))
    signed_for = scope["region"] if scope else ""
    bucket_free_host = host.partition(".")[2] if host.endswith(".s3.amazonaws.com") else host
    if lost == signed_for or f".{lost}." in host or bucket_free_host in GLOBAL_HOSTS:
        raise BarredError(f"the recovery depends on {lost}: {request.method} {request.url} ({signed_for})")
