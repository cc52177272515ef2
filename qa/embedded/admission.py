"""Whether the body of a request is read at all: whose it is and how long, judged by its headers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from .access.enforcement import UNKNOWN
from .chunks import BrokenChunksError
from .gate import service_name
from .judge.callers import credentials_of, holder_of
from .judge.identities import Unknown
from .judge.signatures import DIGEST, PAYLOAD, fault_of
from .request import RequestTarget, identify, scope_of
from .service.declaration import body_limit_of
from .wire.protocol import is_rest
from .wire.refusals import Refusal, RequestRefusedError, Special

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from .judge.identities import Credentials
    from .service.declaration import BodyLimit
    from .world import World

MEBIBYTE = 1024 * 1024
UNEXAMINED = MEBIBYTE
"""Up to here a body is read before its signature is checked, which then covers the body too."""
ANONYMOUS = 16 * MEBIBYTE
"""Of a request to S3 that nobody signed: a bucket policy or a posted form may allow it."""
STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
DECODED = "x-amz-decoded-content-length"
IN_ENVIRON = "HTTP_X_AMZ_DECODED_CONTENT_LENGTH"


def admit(environ: WSGIEnvironment, world: World) -> RequestRefusedError | None:
    """Return why a request's body stays unread; None when it may be read.

    A body of unknown length is cut off where it becomes too long: its read raises the refusal.
    """
    region, service = scope_of(environ)
    name = service_name(RequestTarget(service=service, region=region, operation=None), environ)
    text = str(environ.get("CONTENT_LENGTH") or "0")
    is_chunked = "wsgi.input_terminated" in environ
    unmeasured = _unmeasured(name, text, environ)
    if unmeasured is not None:
        return unmeasured
    if int(text) <= UNEXAMINED and not is_chunked:
        return None
    request = Request(dict(environ), populate_request=False)
    limit = body_limit_of(world.services, name)
    most = limit.most
    credentials = credentials_of(request)
    if credentials is None:
        if name != "s3" or int(text) > ANONYMOUS:
            return RequestRefusedError(name, Refusal.UNSIGNED)
        most = ANONYMOUS
    elif (unknown := _unknown(request, credentials, service, world)) is not None:
        return RequestRefusedError(name, unknown)
    too_large = _too_large(name, limit, most, environ)
    if is_chunked:
        incomplete = RequestRefusedError(name, Refusal.INCOMPLETE)
        environ["wsgi.input"] = _Capped(environ["wsgi.input"], most, too_large, incomplete)
    return too_large if int(text) > most else None


def _unmeasured(name: str, text: str, environ: WSGIEnvironment) -> RequestRefusedError | None:
    decoded = environ.get(IN_ENVIRON)
    if decoded is None and str(environ.get("HTTP_X_AMZ_CONTENT_SHA256", "")).startswith(STREAMING):
        words = "You must provide the Content-Length HTTP header."
        return RequestRefusedError(
            name, Refusal.INVALID, words, special=Special(code="MissingContentLength", status=411)
        )
    for header, length in (("Content-Length", text), (DECODED, str(decoded or "0"))):
        if not (length.isascii() and length.isdigit()):
            return RequestRefusedError(name, Refusal.INVALID, f"{header} is no number: {length!r}")
    return None


def _unknown(request: Request, credentials: Credentials, service: str, world: World) -> Refusal | None:
    holder = holder_of(credentials, world)
    if isinstance(holder, Unknown):
        return UNKNOWN[holder]
    declared = request.headers.get("x-amz-content-sha256", "")
    if service != "s3" or not (declared or "X-Amz-Signature" in request.args):
        return None  # its signature is over a digest of the body
    if DIGEST.fullmatch(declared):
        request.environ[PAYLOAD] = declared  # that it is the body's own is checked when that is there
    fault = fault_of(request, holder.secret, world.services)
    return None if fault is None else UNKNOWN[fault]


def _too_large(name: str, limit: BodyLimit, most: int, environ: WSGIEnvironment) -> RequestRefusedError:
    operation = identify(environ).operation if is_rest(name) else None
    words = limit.words.format(most=most, operation=operation)
    return RequestRefusedError(name, Refusal.TOO_LARGE, words)


class _Capped(io.RawIOBase):
    """A stream that raises once more than so many bytes were read from it, or its framing is broken."""

    def __init__(
        self, inner: Any, most: int, too_large: RequestRefusedError, incomplete: RequestRefusedError
    ) -> None:
        self._inner, self._left = inner, most
        self._too_large, self._incomplete = too_large, incomplete

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes, as the stream behind gives them."""
        try:
            content = self._inner.read(min(len(buffer), 65_536))
        except BrokenChunksError:
            raise self._incomplete from None
        self._left -= len(content)
        if self._left < 0:
            raise self._too_large
        buffer[: len(content)] = content
        return len(content)
