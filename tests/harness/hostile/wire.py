"""What a request to AWS asks for, and the answers with which each protocol says no."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""

_SCOPE = re.compile(r"(?:Credential=|X-Amz-Credential=)[^/&,]+(?:/|%2F)\d+(?:/|%2F)([\w-]+)(?:/|%2F)([\w-]+)")
_CBOR = re.compile(r"/service/[^/]+/operation/([^/?]+)")
_QUERY_KEYS_OF_SIGNATURES = "X-Amz-"


@dataclass(frozen=True, slots=True)
class Request:
    """One operation of a service in a region; the protocol decides how an error looks."""

    service: str
    region: str
    operation: str
    protocol: str

    def __str__(self) -> str:
        return f"{self.service} {self.region} {self.operation}"


def request_of(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Read a request; one without a signature is `plain`."""
    found = _SCOPE.search(headers.get("authorization", "")) or _SCOPE.search(path)
    region, service = (found[1], found[2]) if found else ("", "plain")
    if target := headers.get("x-amz-target"):
        return Request(service, region, target.rpartition(".")[2], "json")
    if rpc := _CBOR.search(path):
        return Request(service, region, rpc[1], "cbor")
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        action = parse_qs(body.decode("utf-8", "replace")).get("Action", ["?"])[0]
        return Request(service, region, action, "query")
    return Request(service, region, *_rest(service, method, path))


def _rest(service: str, method: str, path: str) -> tuple[str, str]:
    parts = urlsplit(path)
    names = [part for part in parts.path.split("/") if part]
    if service == "lambda":
        return f"{method} {'/'.join([*names[1:2], *names[3:]])}", "rest-json"
    keys = sorted(parse_qs(parts.query, keep_blank_values=True))
    asks = [key for key in keys if not key.startswith(_QUERY_KEYS_OF_SIGNATURES)]
    presigned = " presigned" if len(asks) < len(keys) else ""
    return (
        f"{method} {'object' if len(names) > 1 else 'bucket'} {','.join(asks)}{presigned}".strip(),
        "rest-xml",
    )


def throttling(of: Request) -> Answer:
    """Return how the service says that there were too many requests."""
    match of.protocol:
        case "rest-json":
            return _error(of, 429, "TooManyRequestsException", "Rate exceeded")
        case "rest-xml":
            return _error(of, 503, "SlowDown", "Please reduce your request rate.")
        case "query":
            return _error(of, 400, "Throttling", "Rate exceeded")
        case _:
            code = "RequestThrottled" if of.service == "sqs" else "ThrottlingException"
            return _error(of, 400, code, "Rate exceeded")


def breakdown(of: Request, status: int) -> Answer:
    """Return how the service says that it failed: 500 or 503."""
    code = "ServiceUnavailable" if status == 503 else "InternalFailure"
    return _error(of, status, {"rest-xml": "InternalError"}.get(of.protocol, code), "Please try again.")


def _error(of: Request, status: int, code: str, message: str) -> Answer:
    reported = {"__type": code, "message": message}
    match of.protocol:
        case "json":
            return status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(reported).encode()
        case "rest-json":
            headers = {"Content-Type": "application/json", "x-amzn-errortype": code}
            return status, headers, json.dumps({"message": message}).encode()
        case "cbor":
            headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
            return status, headers, _cbor(reported)
        case "rest-xml":
            text = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        case _:
            text = (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
                "</Error><RequestId>hostile</RequestId></ErrorResponse>"
            )
    return status, {"Content-Type": "text/xml"}, text.encode()


def _cbor(described: Mapping[str, str]) -> bytes:
    """Return a map of fewer than 24 short texts in CBOR (RFC 8949, section 3)."""
    texts = [text.encode() for pair in described.items() for text in pair]
    return bytes([0xA0 + len(described)]) + b"".join(bytes([0x78, len(text)]) + text for text in texts)
