"""Which service, region and operation a raw HTTP request means, before moto sees it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
REST_SERVICES = frozenset({"s3", "lambda"})


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
    query = environ.get("QUERY_STRING", "")
    region, service = _scope(environ.get("HTTP_AUTHORIZATION", ""), query)
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        operation: str | None = str(target).rpartition(".")[2]
    elif service in REST_SERVICES:
        operation = _rest_operation(service, environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/"), query)
    else:
        operation = _form_action(environ)
    bucket = environ.get("PATH_INFO", "/").lstrip("/").partition("/")[0] if service == "s3" else None
    return RequestTarget(service=service, region=region, operation=operation, bucket=bucket or None)


def _scope(authorization: str, query: str) -> tuple[str, str]:
    match = CREDENTIAL.search(authorization)
    if match is None:
        presigned = parse_qs(query).get("X-Amz-Credential", [""])[0]
        match = CREDENTIAL.search(f"Credential={presigned}")
    return (match[1], match[2].lower()) if match else ("us-east-1", "s3")


def _form_action(environ: WSGIEnvironment) -> str | None:
    if not str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        return None
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    actions = parse_qs(body.decode("utf-8", "replace")).get("Action")
    return actions[0] if actions else None


def _rest_operation(service: str, method: str, path: str, query: str) -> str | None:
    names = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    matching = [
        (len(literals), operation)
        for operation, verb, pattern, literals in _rest_routes(service)
        if verb == method and pattern.fullmatch(path) and literals <= names
    ]
    # `GET /b?versioning` fits both ListObjects and GetBucketVersioning: the one that asks for more
    return max(matching)[1] if matching else None


@cache
def _rest_routes(service: str) -> tuple[tuple[str, str, re.Pattern[str], frozenset[str]], ...]:
    from botocore.session import Session  # noqa: PLC0415 - 30 ms that only a fault on a REST operation pays

    model = Session().get_service_model(service)
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        pattern = re.sub(r"\\\{[^}]+?(\\\+)?\\\}", lambda part: ".+" if part[1] else "[^/]+", re.escape(path))
        literals = frozenset(name for name, _ in parse_qsl(query, keep_blank_values=True))
        routes.append((name, http["method"], re.compile(pattern + "/?"), literals))
    return tuple(routes)
