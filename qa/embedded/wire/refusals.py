"""Every error answer of ours, in the words of the service and the protocol of the request."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING
from uuid import uuid4
from xml.sax.saxutils import escape

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from qa.embedded.well_formed import in_xml

from .cbor import in_cbor
from .protocol import IN_XML, Dialect, Protocol, dialect_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Refusal(Enum):
    """Why a request is refused: its codes in JSON and CBOR, in XML, and in S3."""

    DENIED = ("AccessDeniedException", "AccessDenied", "AccessDenied")
    UNKNOWN_KEY = ("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId")
    EXPIRED = ("ExpiredTokenException", "ExpiredToken", "ExpiredToken")
    SIGNATURE = ("InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch")
    SKEWED = ("InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed")
    LATE = ("InvalidSignatureException", "SignatureDoesNotMatch", "AccessDenied")
    PAYLOAD = ("InvalidSignatureException", "SignatureDoesNotMatch", "XAmzContentSHA256Mismatch")
    NO_REGION = ("InvalidSignatureException", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed")
    UNSIGNED = ("MissingAuthenticationTokenException", "MissingAuthenticationToken", "AccessDenied")
    INVALID = ("ValidationException", "ValidationError", "InvalidArgument")
    NOT_MODELLED = ("NotImplemented", "NotImplemented", "NotImplemented")
    SERIALIZATION = ("SerializationException", "MalformedInput", "MalformedXML")
    KEY_TOO_LONG = ("ValidationException", "ValidationError", "KeyTooLongError")
    NO_OPERATION = ("UnknownOperationException", "InvalidAction", "MethodNotAllowed")
    TOO_LARGE = ("RequestEntityTooLargeException", "RequestEntityTooLarge", "EntityTooLarge")
    INCOMPLETE = ("SerializationException", "MalformedInput", "IncompleteBody")
    THROTTLED = ("ThrottlingException", "Throttling", "SlowDown")
    INTERNAL = ("InternalFailure", "InternalFailure", "InternalError")
    UNAVAILABLE = ("ServiceUnavailable", "ServiceUnavailable", "ServiceUnavailable")


STATUS = {
    **dict.fromkeys((Refusal.INVALID, Refusal.SERIALIZATION, Refusal.KEY_TOO_LONG), 400),
    Refusal.NO_OPERATION: 400,
    Refusal.INCOMPLETE: 400,
    Refusal.THROTTLED: 400,
    Refusal.TOO_LARGE: 413,
    Refusal.INTERNAL: 500,
    Refusal.NOT_MODELLED: 501,
    Refusal.UNAVAILABLE: 503,
}
"""Of HTTP; 403 for the others, and 400 where JSON carries them."""
STATUS_OF_PROTOCOL = {
    (Protocol.REST_JSON, Refusal.NO_OPERATION): 404,
    (Protocol.S3, Refusal.NO_OPERATION): 405,
    (Protocol.S3, Refusal.TOO_LARGE): 400,
    (Protocol.S3, Refusal.EXPIRED): 400,
    (Protocol.S3, Refusal.PAYLOAD): 400,
    (Protocol.S3, Refusal.THROTTLED): 503,
}


OTHER_SIGNATURE = "The request signature we calculated does not match the signature you provided. "
MESSAGES = {
    Refusal.UNKNOWN_KEY: "The security token included in the request is invalid.",
    Refusal.EXPIRED: "The security token included in the request is expired",
    Refusal.SIGNATURE: f"{OTHER_SIGNATURE}Check your AWS Secret Access Key and signing method. "
    "Consult the service documentation for details.",
    Refusal.LATE: "Signature expired: the time of the presigned URL is over.",
    Refusal.UNSIGNED: "Request is missing Authentication Token",
    Refusal.THROTTLED: "Rate exceeded",
    Refusal.INCOMPLETE: "The request body terminated unexpectedly",
}
S3_MESSAGES = {
    Refusal.UNKNOWN_KEY: "The AWS Access Key Id you provided does not exist in our records.",
    Refusal.EXPIRED: "The provided token has expired.",
    Refusal.SIGNATURE: f"{OTHER_SIGNATURE}Check your key and signing method.",
    Refusal.SKEWED: "The difference between the request time and the current time is too large.",
    Refusal.LATE: "Request has expired",
    Refusal.PAYLOAD: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    Refusal.UNSIGNED: "Access Denied",
    Refusal.THROTTLED: "Please reduce your request rate.",
    Refusal.INCOMPLETE: "The request body terminated unexpectedly",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """A service's own form of a refusal."""

    code: str
    status: int | None = None
    """Of HTTP; None for the usual one."""
    members: Mapping[str, str] = field(default_factory=dict)
    """What its clients read besides code and message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """What an error answer says, in whatever protocol."""

    refusal: Refusal
    message: str
    members: Mapping[str, str] = field(default_factory=dict)
    special: Special | None = None

    def code(self, protocol: Protocol) -> str:
        """Return the code that clients of a protocol read."""
        if self.special is not None:
            return self.special.code
        in_json, in_query, in_s3 = self.refusal.value
        if protocol is Protocol.S3:
            return in_s3
        return in_query if protocol in IN_XML else in_json

    def all_members(self) -> Mapping[str, str]:
        """Return what clients read besides code and message."""
        return {**self.members, **(self.special.members if self.special is not None else {})}

    def status(self, dialect: Dialect) -> int:
        """Return the HTTP status that goes with it."""
        if self.special is not None and self.special.status is not None:
            return self.special.status
        protocol, refusal = dialect.protocol, self.refusal
        is_plain_json = protocol in (Protocol.JSON, Protocol.CBOR) and not dialect.has_query_codes
        usual = STATUS.get(refusal, 400 if is_plain_json else 403)
        return STATUS_OF_PROTOCOL.get((protocol, refusal), usual)


class RequestRefusedError(HTTPException):
    """Ends a request with an error answer, written in the protocol in which the request came."""

    def __init__(
        self,
        service: str,
        refusal: Refusal,
        message: str | None = None,
        *,
        members: Mapping[str, str] | None = None,
        special: Special | None = None,
    ) -> None:
        """Name the service as boto3 does, or as the signature does when it is not modelled."""
        words = message or (S3_MESSAGES if service == "s3" else MESSAGES)[refusal]
        super().__init__(description=words)
        self.service = service
        self.error = Error(refusal=refusal, message=words, members=members or {}, special=special)

    def get_response(self, environ: Any = None, scope: Any = None) -> Response:  # noqa: ARG002 - werkzeug's
        """Return the answer to the request of this environment."""
        return error_response(dialect_of(self.service, environ or {}), self.error)


def error_response(dialect: Dialect, error: Error) -> Response:
    """Return an error answer in the protocol of the request: the only place that writes one."""
    request_id = str(uuid4())
    protocol, code = dialect.protocol, error.code(dialect.protocol)
    headers = {"x-amzn-RequestId": request_id}
    if protocol in IN_XML:
        kind = "text/xml"
        headers["x-amz-request-id"] = request_id
        body = _xml(protocol, code, error, request_id)
    else:
        headers["x-amzn-ErrorType"] = code
        members = {"__type": code, "message": error.message, "Message": error.message, **error.all_members()}
        kind, body = _in_members(dialect, members)
        if protocol is Protocol.CBOR:
            headers["smithy-protocol"] = "rpc-v2-cbor"
        if dialect.has_query_codes:
            headers["x-amzn-query-error"] = f"{error.code(Protocol.QUERY)};Sender"
    return Response(body, status=error.status(dialect), headers=headers, content_type=kind)


def _in_members(dialect: Dialect, members: Mapping[str, str]) -> tuple[str, bytes]:
    """Return content type and body of a protocol whose errors are members with texts."""
    if dialect.protocol is Protocol.CBOR:
        return "application/cbor", in_cbor(members)
    is_rest = dialect.protocol is Protocol.REST_JSON
    kind = "application/json" if is_rest else f"application/x-amz-json-{dialect.json_version}"
    return kind, json.dumps(members).encode()


def _xml(protocol: Protocol, code: str, error: Error, request_id: str) -> bytes:
    inner = f"<Code>{escape(code)}</Code><Message>{escape(error.message)}</Message>"
    inner += "".join(f"<{name}>{escape(text)}</{name}>" for name, text in error.all_members().items())
    if protocol is Protocol.S3:
        text = f"<Error>{inner}<RequestId>{request_id}</RequestId></Error>"
    elif protocol is Protocol.EC2:
        text = (
            f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        )
    else:
        text = (
            f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
    return in_xml(text.encode("utf-8", "surrogatepass"))
