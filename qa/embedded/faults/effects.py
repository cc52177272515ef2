"""What becomes of a request that a fault hits."""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from qa.embedded.wire.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIEnvironment

    from qa.embedded.request import RequestTarget

    from . import Fault


UNAVAILABLE = "The service is unavailable; a fault started here makes it so."
INTERNAL = "An internal error occurred; a fault started here makes it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request that is about to be served, and where its response goes."""

    target: RequestTarget
    environ: WSGIEnvironment
    start_response: StartResponse
    serve: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
    on_throttle: Callable[[RequestTarget, bytes], None]
    refuse: Callable[..., Iterable[bytes]]
    """Sends an error answer: a refusal, and its words where they are not the usual."""


def answer(exchange: Exchange, faults: Iterable[Fault]) -> Iterable[bytes]:
    """Serve a request under the faults that hit it, oldest first."""
    for fault in faults:
        response = EFFECTS[fault.kind.name](fault, exchange)
        if response is not None:
            return response
    return exchange.serve(exchange.environ, exchange.start_response)


def drain(environ: WSGIEnvironment) -> None:
    """Read what is left of a request's body, so that the connection can be used again."""
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left and (piece := environ["wsgi.input"].read(min(left, 65_536))):
        left -= len(piece)


def _lose(fault: Fault, exchange: Exchange) -> Iterable[bytes] | None:
    if fault.parts["how"] == "reset":
        _reset_connection(exchange.environ)
    drain(exchange.environ)
    return exchange.refuse(Refusal.UNAVAILABLE, UNAVAILABLE)


def _throttle(_: Fault, exchange: Exchange) -> Iterable[bytes] | None:
    body = exchange.environ["wsgi.input"].read(int(exchange.environ.get("CONTENT_LENGTH") or 0))
    exchange.on_throttle(exchange.target, body)
    return exchange.refuse(Refusal.THROTTLED)


def _fail(_: Fault, exchange: Exchange) -> Iterable[bytes] | None:
    drain(exchange.environ)
    return exchange.refuse(Refusal.INTERNAL, INTERNAL)


def _delay(fault: Fault, _: Exchange) -> Iterable[bytes] | None:
    fault.ended.wait(fault.parts["seconds"])
    return None


def _reset(fault: Fault, exchange: Exchange) -> Iterable[bytes] | None:
    if fault.parts["when"] == "after":
        response = exchange.serve(exchange.environ, lambda *_: lambda _: None)
        for _ in response:
            pass
        if hasattr(response, "close"):
            response.close()
    _reset_connection(exchange.environ)


def _reset_connection(environ: WSGIEnvironment) -> NoReturn:
    """Send RST instead of an answer; raises ConnectionResetError so that werkzeug lets go.

    Closing the socket object alone would leave the client waiting: the handler's files hold it open.
    """
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is not None:  # a request from inside has none: the error itself is what it gets
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(connection.detach())
    raise ConnectionResetError("the embedded AWS reset the connection on purpose")


EFFECTS: Mapping[str, Callable[[Fault, Exchange], Iterable[bytes] | None]] = {
    "region-lost": _lose,
    "throttle": _throttle,
    "errors": _fail,
    "latency": _delay,
    "reset": _reset,
}
"""Each kind that hits requests; a response ends the request, None lets it go on."""
