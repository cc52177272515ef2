"""Which service, region and operation a raw HTTP request means, before moto sees it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

from .wire.protocol import is_rest

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
BUCKET_IN_HOST = re.compile(r"(?!localhost|[\d.]+(?::\d+)?$)([^.\[]+)\.")
# What requests of one service to another carry beside HTTP; no header can have these names.
CALLER = "qa.caller"
CALLED_VIA = "qa.called_via"
PARAMETERS = "qa.parameters"
WORLD = "qa.world"
"""The world that the front serves the request in: a process may have several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTarget:
    """What a request is for; the operation is None when the request names none that AWS has."""

    service: str
    region: str
    operation: str | None
    bucket: str | None = None


def identify(environ: WSGIEnvironment) -> RequestTarget:
    """Read the target off the signature's scope, the target header, the form body or the path.

    An unsigned request counts as one to S3 in us-east-1, as moto treats it. A form body that was
    read is put back.
    """
    region, service = scope_of(environ)
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        operation: str | None = str(target).rpartition(".")[2]
    elif service in _rest_scopes():
        operation = _rest_operation(service, environ)
    else:
        operation = _form_action(environ)
    bucket = bucket_and_key(environ)[0] if service == "s3" else None
    return RequestTarget(service=service, region=region, operation=operation, bucket=bucket or None)


@cache
def _rest_scopes() -> frozenset[str]:
    from .services import SERVICES  # noqa: PLC0415 - services import this module

    return frozenset(each.scope for each in SERVICES if is_rest(each.name))


def bucket_and_key(environ: WSGIEnvironment) -> tuple[str, str]:
    """Return the names of bucket and key in a request to S3, both maybe empty, one character a byte."""
    path = str(environ.get("PATH_INFO", "/"))[1:]
    match = BUCKET_IN_HOST.match(str(environ.get("HTTP_HOST", "")))
    if match is not None:
        return match[1], path
    bucket, _, key = path.partition("/")
    return bucket, key


def scope_of(environ: WSGIEnvironment) -> tuple[str, str]:
    """Return the region and service that a request is signed for; us-east-1 and s3 without a signature."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if match is None:
        presigned = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [""])[0]
        match = CREDENTIAL.search(f"Credential={presigned}")
    return (match[1], match[2].lower()) if match else ("us-east-1", "s3")


def _form_action(environ: WSGIEnvironment) -> str | None:
    if not str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        return None
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    actions = parse_qs(body.decode("utf-8", "replace")).get("Action")
    return actions[0] if actions else None


def _rest_operation(service: str, environ: WSGIEnvironment) -> str | None:
    try:
        operation, _ = get_service_router(service).match(Request(environ, populate_request=False))
    except NotFound:
        return None
    return str(operation.name)
