"""The parameters of a request as the service's model has them, and what a caller got wrong in them."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError, fromstring

from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from .malformed import detected, mistyped, unlike, violations
from .wire.protocol import IN_JSON, dialect_of
from .wire.refusals import Refusal, RequestRefusedError

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from botocore.model import Shape

UNREADABLE = (
    ServiceException,
    RequestParserError,
    ParseError,
    NotImplementedError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RecursionError,
)
"""What moto's parsers raise for a body that is not what the model says."""
XML_WORDS = "The XML you provided was not well-formed or did not validate against our published schema"
IN_BODY = frozenset({"", "body"})


def parameters_of(service: str, operation: str, environ: WSGIEnvironment) -> dict[str, Any]:
    """Return a request's parameters as boto3 spells them; empty for what cannot be read.

    An object's bytes stay unread: they are no parameter that anything depends on.
    """
    try:
        return _parsed(service, operation, environ)
    except (NotFound, *UNREADABLE):
        return {}  # malformed: the service itself says so


def callers_error(service: str, operation: str, environ: WSGIEnvironment) -> RequestRefusedError | None:
    """Return what the model says is wrong with a request that moto failed on; None if nothing is.

    The body has to be one that was put back.
    """
    stream = environ["wsgi.input"]
    if isinstance(stream, io.BytesIO):
        stream.seek(0)
    elif operation_reads_whole(service, operation):
        return None  # nobody knows what it was
    shape = get_service_model(service).operation_model(operation).input_shape
    if shape is None:
        return None
    words = mistyped_json(service, operation, environ)
    if words is not None:
        return RequestRefusedError(service, Refusal.SERIALIZATION, words)
    return _broken(service, operation, shape, environ)


@cache
def operation_reads_whole(service: str, operation: str | None) -> bool:
    """Say whether an operation has parameters in its body, and no stream of bytes."""
    model = get_service_model(service)
    if operation not in model.operation_names:
        return False
    shape = model.operation_model(operation)
    if shape.input_shape is None or shape.has_streaming_input:
        return False
    members = shape.input_shape.members.values()
    return any(member.serialization.get("location", "") in IN_BODY for member in members)


def body_of(environ: WSGIEnvironment) -> bytes:
    """Read the body of a request and put it back."""
    body = Request(environ, populate_request=False).get_data(cache=False)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def _parsed(service: str, operation: str, environ: WSGIEnvironment) -> dict[str, Any]:
    model = get_service_model(service)
    shape = model.operation_model(operation)
    body = body_of(environ) if operation_reads_whole(service, operation) else b""
    request = Request(
        {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))},
        populate_request=False,
    )
    protocol = determine_request_protocol(model, request.content_type)
    is_in_path = protocol.startswith("rest")
    parsed: dict[str, Any] = PROTOCOL_PARSERS[protocol](shape).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": body,
            "url_path": request.path,
            "url_params": get_service_router(service).match(request)[1] if is_in_path else {},
        }
    )
    return parsed


def _broken(
    service: str, operation: str, shape: Shape, environ: WSGIEnvironment
) -> RequestRefusedError | None:
    try:
        broken = tuple(violations(shape, _parsed(service, operation, environ)))
    except NotFound:
        return None
    except UNREADABLE as wrong:
        words = XML_WORDS if service == "s3" else str(wrong) or "The request cannot be read."
        return RequestRefusedError(service, Refusal.SERIALIZATION, words)
    if service == "s3" and (
        any(_is_in_body(shape, each) for each in broken)
        or (operation_reads_whole(service, operation) and _is_unlike(shape, body_of(environ)))
    ):
        return RequestRefusedError(service, Refusal.SERIALIZATION, XML_WORDS)
    return RequestRefusedError(service, Refusal.INVALID, detected(*broken)) if broken else None


def mistyped_json(service: str, operation: str, environ: WSGIEnvironment) -> str | None:
    """Return the words on the first value in a JSON body that is of another type than the model's, if any."""
    model = get_service_model(service).operation_model(operation)
    is_json = dialect_of(service, environ).protocol in IN_JSON
    if not is_json or not operation_reads_whole(service, operation):
        return None
    body = body_of(environ)
    try:
        given = json.loads(body or b"{}")
        return mistyped(model.input_shape, given)
    except (ValueError, RecursionError):
        return "The request body is not valid JSON."


def _is_unlike(shape: Any, body: bytes) -> bool:
    payload = shape.members.get(shape.serialization.get("payload"))
    if not body or payload is None or payload.type_name != "structure":
        return False
    return unlike(payload, fromstring(body))  # noqa: S314 - moto's parser has read it before


def _is_in_body(shape: Any, broken: str) -> bool:
    name = broken.split("' ")[-2].rpartition("'")[2].partition(".")[0] if "' " in broken else ""
    members = {each[:1].lower() + each[1:]: member for each, member in shape.members.items()}
    member = members.get(name)
    return member is None or member.serialization.get("location", "") in IN_BODY
