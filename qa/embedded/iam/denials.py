"""Refusals of requests, in the words and the protocol of the service that was asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4
from xml.sax.saxutils import escape

from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from qa.embedded.well_formed import in_xml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import Caller, Decision


class Protocol(Enum):
    """How a service writes its errors."""

    JSON = "json"
    JSON_AS_QUERY = "json whose clients still read the codes of the query protocol"
    REST_JSON = "rest-json"
    QUERY = "query"
    EC2 = "ec2"
    S3 = "s3"


OF_MODEL = {
    "json": Protocol.JSON,
    "rest-json": Protocol.REST_JSON,
    "smithy-rpc-v2-cbor": Protocol.JSON,
}


class Refusal(Enum):
    """Why a request is refused: its codes in JSON, in the query protocol and in S3."""

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
    OUT_OF_MEMORY = ("ServiceUnavailable", "ServiceUnavailable", "ServiceUnavailable")


OTHER_SIGNATURE = "The request signature we calculated does not match the signature you provided. "
MESSAGES = {
    Refusal.UNKNOWN_KEY: "The security token included in the request is invalid.",
    Refusal.EXPIRED: "The security token included in the request is expired",
    Refusal.SIGNATURE: f"{OTHER_SIGNATURE}Check your AWS Secret Access Key and signing method. "
    "Consult the service documentation for details.",
    Refusal.LATE: "Signature expired: the time of the presigned URL is over.",
    Refusal.UNSIGNED: "Request is missing Authentication Token",
}
S3_MESSAGES = {
    Refusal.UNKNOWN_KEY: "The AWS Access Key Id you provided does not exist in our records.",
    Refusal.EXPIRED: "The provided token has expired.",
    Refusal.SIGNATURE: f"{OTHER_SIGNATURE}Check your key and signing method.",
    Refusal.SKEWED: "The difference between the request time and the current time is too large.",
    Refusal.LATE: "Request has expired",
    Refusal.PAYLOAD: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    Refusal.UNSIGNED: "Access Denied",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """An error answer: HTTP status, the code that clients read, and its words."""

    status: int
    code: str
    message: str
    query_code: str
    """The code that clients of a former query service read."""


class RequestRefusedError(HTTPException):
    """Ends a request with an error answer that is complete; `asked` is a service or only its protocol."""

    def __init__(
        self,
        asked: str | Protocol,
        refusal: Refusal,
        message: str | None = None,
        *,
        elements: Mapping[str, str] | None = None,
    ) -> None:
        protocol = protocol_of(asked) if isinstance(asked, str) else asked
        words = message or (S3_MESSAGES if protocol is Protocol.S3 else MESSAGES)[refusal]
        self.error = _error(asked, protocol, refusal, words)
        super().__init__(description=words, response=_response(protocol, self.error, elements or {}))


@cache
def protocol_of(service: str) -> Protocol:
    """Return how a service, by boto3's name, writes its errors."""
    if service == "s3":
        return Protocol.S3
    model = get_service_model(service)
    if "awsQueryCompatible" in model.metadata:
        return Protocol.JSON_AS_QUERY
    return OF_MODEL.get(str(model.protocol), Protocol.QUERY)


def denial(caller: Caller, action: str, resource: str, decision: Decision) -> str:
    """Return the words in which AWS refuses an action to a caller."""
    if caller.is_anonymous:
        return "Access Denied"
    who = caller.arn or caller.service
    if action.startswith("s3:"):
        action, resource = f'"{action}"', f'"{resource}"'
    told = f"User: {who} is not authorized to perform: {action} on resource: {resource} {decision.reason}"
    return told.rstrip()


def _error(asked: str | Protocol, protocol: Protocol, refusal: Refusal, message: str) -> Error:
    in_json, in_query, in_s3 = refusal.value
    if asked == "sns" and refusal is Refusal.DENIED:
        in_query = "AuthorizationError"  # SNS has a code of its own
    code = {Protocol.S3: in_s3, Protocol.QUERY: in_query, Protocol.EC2: in_query}.get(protocol, in_json)
    return Error(status=_status(protocol, refusal), code=code, message=message, query_code=in_query)


def _status(protocol: Protocol, refusal: Refusal) -> int:
    if refusal is Refusal.NOT_MODELLED:
        return 501
    if refusal is Refusal.NO_OPERATION:
        return {Protocol.S3: 405, Protocol.REST_JSON: 404}.get(protocol, 400)
    if refusal is Refusal.OUT_OF_MEMORY:
        return 503
    if refusal is Refusal.TOO_LARGE:
        return 400 if protocol is Protocol.S3 else 413
    if (
        protocol is Protocol.JSON
        or refusal in (Refusal.INVALID, Refusal.SERIALIZATION, Refusal.KEY_TOO_LONG)
        or (protocol is Protocol.S3 and refusal in (Refusal.EXPIRED, Refusal.PAYLOAD))
    ):
        return 400
    return 403


def _response(protocol: Protocol, error: Error, elements: Mapping[str, str]) -> Response:
    request_id = str(uuid4())
    headers = {"x-amzn-RequestId": request_id}
    if protocol in (Protocol.S3, Protocol.QUERY, Protocol.EC2):
        body: bytes | str = in_xml(
            _xml(protocol, error, request_id, elements).encode("utf-8", "surrogatepass")
        )
        kind = "text/xml"
        headers["x-amz-request-id"] = request_id
    else:
        body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message})
        kind = "application/x-amz-json-1.1"
        headers["x-amzn-ErrorType"] = error.code
        if protocol is Protocol.JSON_AS_QUERY:
            headers["x-amzn-query-error"] = f"{error.query_code};Sender"
    return Response(body, status=error.status, headers=headers, content_type=kind)


def _xml(protocol: Protocol, error: Error, request_id: str, elements: Mapping[str, str]) -> str:
    inner = f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
    inner += "".join(f"<{name}>{escape(text)}</{name}>" for name, text in elements.items())
    if protocol is Protocol.S3:
        return f"<Error>{inner}<RequestId>{request_id}</RequestId></Error>"
    if protocol is Protocol.EC2:
        return (
            f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        )
    return (
        f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
