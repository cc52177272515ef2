"""The gate before moto: what is not modelled is refused by name, in the protocol of the service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from moto.core.utils import get_service_model

from .lambda_ import names
from .parameters import body_of, callers_error, mistyped_json, operation_reads_whole, parameters_of
from .regions import is_region
from .request import RequestTarget, bucket_and_key
from .services import SERVICES
from .wire.protocol import Protocol, dialect_of, is_rest
from .wire.refusals import Refusal, RequestRefusedError

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from .service.declaration import Service

STREAMS = "DynamoDBStreams_"
CBOR_PATH = re.compile(r"/operation/(\w+)$")
CONTROL_OF_S3 = "/v20180820/"
METADATA = ("/latest/meta-data/", "/latest/api/")
BY_SCOPE = {each.scope: each for each in SERVICES if each.name != "dynamodbstreams"}
BY_NAME = {each.name: each for each in SERVICES}
MOST_OF_KEY = 1_024
"""Bytes of UTF-8, https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html."""


def refusal_of(target: RequestTarget, environ: WSGIEnvironment) -> RequestRefusedError | None:
    """Return why a request is not passed on; None for one that is modelled.

    A body that had to be read is put back. CloudFormation refuses for itself, in its own words.
    """
    if environ.get("PATH_INFO", "").startswith(METADATA) and "HTTP_AUTHORIZATION" not in environ:
        return _unmodelled("", "the metadata service of instances")
    if _is_left_to_the_judge(environ):
        return None
    service = _service_of(target, environ)
    if service is None:
        return _unmodelled(service_name(target, environ), f"the service {_named(target, environ)}")
    misaddressed = _misaddressed(service, target, environ)
    if misaddressed is not None or service.name == "cloudformation":
        return misaddressed
    return _refusal_by(service, target.operation or "", environ)


def fallen_over(target: RequestTarget, environ: WSGIEnvironment, error: Exception) -> RequestRefusedError:
    """Return the answer to a modelled operation that moto failed on: the caller's error, or not modelled."""
    name = service_name(target, environ)
    callers = _callers_error(name, target.operation, environ)
    if callers is not None:
        return callers
    words = (
        f"the embedded AWS does not model {name}:{target.operation} as requested: "
        f"moto failed on it ({type(error).__name__}: {error})"
    )
    return RequestRefusedError(name, Refusal.NOT_MODELLED, words)


def without_route(target: RequestTarget, environ: WSGIEnvironment) -> RequestRefusedError:
    """Return the answer to a request for which moto has no route, such as one without a name in its path."""
    name = service_name(target, environ)
    callers = _callers_error(name, target.operation, environ)
    if callers is not None:
        return callers
    words = f"no operation of {name} has the method and path of this request"
    return RequestRefusedError(name, Refusal.NO_OPERATION, words)


def _callers_error(name: str, operation: str | None, environ: WSGIEnvironment) -> RequestRefusedError | None:
    service = BY_NAME.get(name)
    if service is None or operation is None or operation not in service.coverage.modelled:
        return None
    by_model = callers_error(name, operation, environ)
    if by_model is not None:
        return by_model
    words = service.invalid_parameter(operation, parameters_of(name, operation, environ))
    return None if words is None else RequestRefusedError(name, Refusal.INVALID, words)


def out_of_memory(target: RequestTarget, environ: WSGIEnvironment) -> RequestRefusedError:
    """Return the answer to a request for which there is no memory; it may be sent again."""
    name = service_name(target, environ)
    words = f"the embedded AWS is out of memory at {name}:{target.operation}"
    return RequestRefusedError(name, Refusal.UNAVAILABLE, words)


def _misaddressed(
    service: Service, target: RequestTarget, environ: WSGIEnvironment
) -> RequestRefusedError | None:
    if service.name == "s3":
        return _too_long(environ)
    if is_region(target.region):
        return None
    words = f"Credential should be scoped to a valid region, not '{target.region}'."
    return RequestRefusedError(service.name, Refusal.NO_REGION, words)


def _refusal_by(service: Service, operation: str, environ: WSGIEnvironment) -> RequestRefusedError | None:
    if is_rest(service.name) and operation_reads_whole(service.name, operation):
        body_of(environ)  # moto reads it, and what moto falls over is judged by it
        words = mistyped_json(service.name, operation, environ)
        if words is not None:  # moto would store some of them, and fall over those in every later request
            malformed = RequestRefusedError(service.name, Refusal.SERIALIZATION, words)
            return _misnamed_function(service, operation, environ) or malformed
    what = service.refusal(operation) if operation else _without_operation(service, environ)
    if (
        what is None
        and operation in service.coverage.parameters
        and _carries_any(service, operation, environ)
    ):
        what = service.refused_parameter(operation, parameters_of(service.name, operation, environ))
    return (
        _misnamed_function(service, operation, environ) if what is None else _unmodelled(service.name, what)
    )


def _without_operation(service: Service, environ: WSGIEnvironment) -> str | None:
    """Return what is not modelled of a request that names no operation; in CBOR its path names one."""
    named = CBOR_PATH.search(str(environ.get("PATH_INFO", "")))
    if named is None or dialect_of(service.name, environ).protocol is not Protocol.CBOR:
        return service.refusal("")
    return f"{service.name}:{named[1]} in CBOR (JSON is understood)"


def _carries_any(service: Service, operation: str, environ: WSGIEnvironment) -> bool:
    """Say whether a request may hold a parameter that has a rule: parsing each one costs 0.2 ms."""
    carriers = _carriers(service.name, operation)
    query = environ.get("QUERY_STRING", "")
    if not carriers.headers.isdisjoint(environ) or any(name in query for name in carriers.query):
        return True
    if not carriers.body:
        return False
    body = body_of(environ)
    return any(name in body for name in carriers.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Carriers:
    """Where the parameters with rules of one operation stand in a request."""

    headers: frozenset[str]
    query: tuple[str, ...]
    body: tuple[bytes, ...]


@cache
def _carriers(service: str, operation: str) -> _Carriers:
    shape = get_service_model(service).operation_model(operation).input_shape
    headers, query, body = set(), [], []
    for name in {each.path.split(".")[0] for each in BY_NAME[service].coverage.parameters[operation]}:
        serialization = shape.members[name].serialization
        where, spelled = serialization.get("location"), serialization.get("name", name)
        if where == "header":
            headers.add(f"HTTP_{spelled.upper().replace('-', '_')}")
        elif where == "querystring":
            query.append(spelled)
        else:
            # what is the whole body has no name in it
            body.append(b"" if name == shape.serialization.get("payload") else spelled.encode())
    return _Carriers(headers=frozenset(headers), query=tuple(query), body=tuple(body))


def _misnamed_function(
    service: Service, operation: str, environ: WSGIEnvironment
) -> RequestRefusedError | None:
    if service.name != "lambda":
        return None
    given = names.in_path(str(environ.get("PATH_INFO", "")))
    fault = None if given is None else names.fault_of(given, operation)
    return None if fault is None else RequestRefusedError("lambda", Refusal.INVALID, fault)


def _too_long(environ: WSGIEnvironment) -> RequestRefusedError | None:
    source = unquote(str(environ.get("HTTP_X_AMZ_COPY_SOURCE", "")), encoding="latin-1").lstrip("/")
    of_source = source.partition("?versionId=")[0].partition("/")[2]
    size = max(len(bucket_and_key(environ)[1]), len(of_source))
    if size <= MOST_OF_KEY:
        return None
    members = {"Size": str(size), "MaxSizeAllowed": str(MOST_OF_KEY)}
    return RequestRefusedError("s3", Refusal.KEY_TOO_LONG, "Your key is too long", members=members)


def _is_left_to_the_judge(environ: WSGIEnvironment) -> bool:
    """Say whether a request carries no signature and is none to S3: nobody may ask other services."""
    signed = "HTTP_AUTHORIZATION" in environ or "X-Amz-Credential" in environ.get("QUERY_STRING", "")
    if signed:
        return False
    kind = str(environ.get("CONTENT_TYPE", ""))
    return "HTTP_X_AMZ_TARGET" in environ or kind.startswith("application/x-www-form-urlencoded")


def _service_of(target: RequestTarget, environ: WSGIEnvironment) -> Service | None:
    if str(environ.get("HTTP_X_AMZ_TARGET", "")).startswith(STREAMS):
        return BY_NAME["dynamodbstreams"]
    if target.service == "s3" and environ.get("PATH_INFO", "").startswith(CONTROL_OF_S3):
        return None
    return BY_SCOPE.get(target.service)


def service_name(target: RequestTarget, environ: WSGIEnvironment) -> str:
    """Return the service of a request by boto3's name; one that is not modelled as signatures name it.

    A request that nobody signed names none, unless it is one to S3.
    """
    if _is_left_to_the_judge(environ):
        return ""
    if environ.get("PATH_INFO", "").startswith(CONTROL_OF_S3) and target.service == "s3":
        return "s3control"
    service = _service_of(target, environ)
    return target.service if service is None else service.name


def _named(target: RequestTarget, environ: WSGIEnvironment) -> str:
    name = service_name(target, environ)
    return f"{name}:{target.operation}" if target.operation and name != "s3control" else name


def _unmodelled(service: str, what: str) -> RequestRefusedError:
    words = f"the embedded AWS does not model {what}"
    return RequestRefusedError(service, Refusal.NOT_MODELLED, words)
