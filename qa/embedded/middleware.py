"""What happens to a request before moto sees it: control routes, faults, the gate, moto's own traps."""

from __future__ import annotations

import logging
import os
import re
import socket
import struct
import threading
from typing import TYPE_CHECKING

from .admission import admit
from .connections import ArrivalTimeoutError
from .gate import fallen_over, out_of_memory, refusal_of, without_route
from .iam.signatures import USER_AGENT
from .parameters import UNREADABLE
from .refusals import server_error, throttled
from .request import identify
from .well_formed import PageError, answered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from .control import ControlRoutes
    from .faults import Fault
    from .request import RequestTarget
    from .world import World

log = logging.getLogger(__name__)

REGION_IN_USER_AGENT = re.compile(r"\bregion/\S+")


class Front:
    """The WSGI application that stands before moto's."""

    def __init__(
        self,
        inner: WSGIApplication,
        world: World,
        *,
        control: ControlRoutes,
        bucket_region: Callable[[str], str | None],
        on_throttle: Callable[[RequestTarget, bytes], None],
    ) -> None:
        self._inner = inner
        self._world = world
        self._control = control
        self._bucket_region = bucket_region
        self._on_throttle = on_throttle

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a control route, apply the faults that hit, refuse what is not modelled, or pass on."""
        if environ.get("PATH_INFO", "").startswith("/_qa/"):
            return self._control(environ, start_response)
        _disarm_moto_overrides(environ)
        unread = admit(environ, self._world)
        if unread is not None:
            response = unread.get_response(environ)
            response.headers["Connection"] = "close"
            return response(environ, start_response)
        target = identify(environ)
        if self._world.faults.any():
            answer = self._faulty(target, environ, start_response)
            if answer is not None:
                return answer
        return self._judged(target, environ, start_response)

    def inside(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request that a service of this process makes: no fault hits it."""
        return self._judged(identify(environ), environ, start_response)

    def _judged(
        self, target: RequestTarget, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            refused = refusal_of(target, environ)
        except UNREADABLE as fallen:  # our own rules fell over values that the model excludes
            log.exception("the gate fell over %s:%s", target.service, target.operation)
            refused = fallen_over(target, environ, fallen)
        if refused is not None:
            _drain(environ)
            return refused.get_response(environ)(environ, start_response)
        return self._passed_on(target, environ, start_response)

    def _passed_on(
        self, target: RequestTarget, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            return answered(
                self._inner, environ, start_response, holds_object=target.operation == "GetObject"
            )
        except ArrivalTimeoutError:  # the server drops the connection: nobody waits for this answer
            raise
        except PageError:
            response = without_route(target, environ).get_response(environ)
        except MemoryError:
            response = out_of_memory(target, environ).get_response(environ)
        except Exception as fallen:  # else an HTML page with HTTP 500, which SDKs send again and cannot read
            log.exception("moto fell over %s:%s", target.service, target.operation)
            response = fallen_over(target, environ, fallen).get_response(environ)
        response.headers["Connection"] = "close"  # nobody knows how much of the body was read
        return response(environ, start_response)

    def _faulty(
        self, target: RequestTarget, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        for fault in self._hitting(target):
            if fault.kind in ("region-down", "reset"):
                _reset_connection(environ)
            if fault.kind == "latency":
                threading.Event().wait(fault.seconds)
            elif fault.kind == "throttle":
                body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                self._on_throttle(target, body)
                return throttled(target, start_response)
            elif fault.kind == "error":
                _drain(environ)
                return server_error(target, start_response)
        return None

    def _hitting(self, target: RequestTarget) -> tuple[Fault, ...]:
        faults = self._world.faults
        hits = faults.hitting(region=target.region, service=target.service, operation=target.operation)
        home = self._bucket_region(target.bucket) if target.bucket else None
        # S3 is one name space: a bucket of the region that is down is not reached through another one
        return (*hits, *faults.down(home)) if home and home != target.region else hits


def _disarm_moto_overrides(environ: WSGIEnvironment) -> None:
    # moto lets both headers outrank the signature's scope; AWS knows neither
    agent = environ.get("HTTP_USER_AGENT")
    if agent is not None and "region/" in agent:
        environ[USER_AGENT] = agent  # a client may have signed it
        environ["HTTP_USER_AGENT"] = REGION_IN_USER_AGENT.sub("", agent)
    environ.pop("HTTP_X_MOTO_ACCOUNT_ID", None)


def _drain(environ: WSGIEnvironment) -> None:
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left and (piece := environ["wsgi.input"].read(min(left, 65_536))):
        left -= len(piece)


def _reset_connection(environ: WSGIEnvironment) -> None:
    """Send RST instead of an answer; raises ConnectionResetError so that werkzeug lets go.

    Closing the socket object alone would leave the client waiting: the handler's files hold it open.
    """
    connection: socket.socket = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
    raise ConnectionResetError("the embedded AWS reset the connection on purpose")
