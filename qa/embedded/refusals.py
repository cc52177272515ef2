"""Error answers in the protocol of the service that was asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse

    from .request import RequestTarget

XML_SERVICES = frozenset({"s3", "sns", "sts", "iam", "cloudformation"})

REASONS = {
    400: "Bad Request",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def throttled(target: RequestTarget, start_response: StartResponse) -> Iterable[bytes]:
    """Answer as the service does when the caller is too fast."""
    if target.service == "s3":
        return answer(
            target, start_response, status=503, code="SlowDown", message="Please reduce your request rate."
        )
    if target.service == "lambda":
        return answer(
            target,
            start_response,
            status=429,
            code="TooManyRequestsException",
            message="Rate Exceeded.",
            extra={"Reason": "CallerRateLimitExceeded", "Type": "User"},
        )
    code = "Throttling" if target.service in XML_SERVICES else "ThrottlingException"
    return answer(target, start_response, status=400, code=code, message="Rate exceeded")


def server_error(target: RequestTarget, start_response: StartResponse) -> Iterable[bytes]:
    """Answer as a service does that is itself in trouble."""
    code = {"s3": "InternalError", "dynamodb": "InternalServerError", "kms": "KMSInternalException"}
    return answer(
        target,
        start_response,
        status=500,
        code=code.get(target.service, "ServiceException"),
        message="An internal error occurred; a fault started here makes it.",
    )


def unavailable(target: RequestTarget, start_response: StartResponse) -> Iterable[bytes]:
    """Answer as a service does of which nothing works."""
    return answer(
        target,
        start_response,
        status=503,
        code="ServiceUnavailable",
        message="The service is unavailable; a fault started here makes it so.",
    )


def answer(
    target: RequestTarget,
    start_response: StartResponse,
    *,
    status: int,
    code: str,
    message: str,
    extra: dict[str, str] | None = None,
) -> Iterable[bytes]:
    """Send an error in XML or JSON, whichever the service speaks."""
    request_id = str(uuid4())
    if target.service in XML_SERVICES:
        error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        body = (
            f"<Error>{error}<RequestId>{request_id}</RequestId></Error>"
            if target.service == "s3"
            else f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        kind = "application/xml"
    else:
        body = json.dumps({"__type": code, "message": message, **(extra or {})})
        kind = "application/x-amz-json-1.1"
    content = body.encode()
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(content))),
        ("x-amzn-RequestId", request_id),
        ("x-amzn-ErrorType", code),
    ]
    start_response(f"{status} {REASONS[status]}", headers)
    return [content]
