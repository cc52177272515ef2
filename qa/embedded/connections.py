"""The sockets of the embedded AWS: how long a request may take to arrive, and how many are served at once."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from .chunks import Chunked

if TYPE_CHECKING:
    import socket
    from wsgiref.types import WSGIApplication, WSGIEnvironment

HOSTS = "qa.hosts"
"""The Host headers as they came: WSGI has the address of a request in absolute form in their place."""
FULL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What connections may take; seconds, bytes a second, and connections of one port."""

    grace: float = 20.0
    """The wait for a request's bytes that each request has, beside what its bytes earn."""
    slowest: float = 1_000.0
    connections: int = 512


class ArrivalTimeoutError(TimeoutError):
    """A request's bytes came too slowly."""


class Arrival(io.RawIOBase):
    """The bytes of a connection; a read raises ArrivalTimeoutError when they come too slowly.

    Only time spent in reading counts: a request that is served for minutes is not slow.
    """

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._waited = 0.0
        self._received = 0

    def begin(self) -> None:
        """Give the next request its own grace."""
        self._waited, self._received = 0.0, 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what there is, or wait for it as long as the request still has."""
        left = self._limits.grace + self._received / self._limits.slowest - self._waited
        started = time.monotonic()
        self._connection.settimeout(max(left, 0.001))
        try:
            count = self._connection.recv_into(buffer)
        except TimeoutError as slow:
            raise ArrivalTimeoutError("the request did not arrive in time") from slow
        finally:
            self._waited += time.monotonic() - started
            self._connection.settimeout(None)  # an answer may take as long as its reader does
        self._received += count
        return count


class Handler(MotoRequestHandler):
    """Quiet, and patient only as far as the limits go."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def setup(self) -> None:
        """Read through the limits instead of straight from the socket."""
        super().setup()
        self.rfile.close()
        self.arrival = Arrival(self.connection, self.server.limits)
        self.rfile = io.BufferedReader(self.arrival)

    def make_environ(self) -> dict[str, Any]:
        """Keep what the Host headers said, and read chunks strictly."""
        environ = {**super().make_environ(), HOSTS: tuple(self.headers.get_all("Host", ("",)))}
        if "wsgi.input_terminated" in environ:
            environ["wsgi.input"] = Chunked(self.rfile)
        return environ

    def handle_one_request(self) -> None:
        """Serve the next request of the connection."""
        self.arrival.begin()
        super().handle_one_request()

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        """Expect no other request on a connection that broke off in the middle of one."""
        super().connection_dropped(error, environ)
        self.close_connection = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log_error(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base
        """Say nothing of a client that was too slow."""
        if not any(isinstance(each, ArrivalTimeoutError) for each in args):
            super().log_error(format, *args)


class Listener(ThreadedWSGIServer):
    """A port that serves each connection on a thread, up to a number of them."""

    def __init__(self, host: str, port: int, app: WSGIApplication, limits: Limits) -> None:
        self.limits = limits
        self._free = threading.BoundedSemaphore(limits.connections)
        super().__init__(host, port, app, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection on a thread of its own, or answer 503 at once when there are too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
            return
        request.setblocking(False)  # noqa: FBT003 - the socket's own signature
        request.send(FULL)
        self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection, and make room for another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()
