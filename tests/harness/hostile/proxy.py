"""A reverse proxy on loopback that does to requests what a bad network and a busy AWS do.

The one of benchmarks/ hands bytes on and cannot answer for the server; this one reads whole messages. The
Host header and every other signed byte come through as they were.
"""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from .wire import breakdown, request_of, throttling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .faults import Weather
    from .wire import Answer

HOST = "127.0.0.1"
OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "expect", "content-length"})
WITHIN = 120.0


@dataclass(slots=True, kw_only=True)
class HostileProxy:
    """Where the proxy listens, how many requests it had, and what it did to them."""

    url: str
    requests: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, fault: str | None) -> None:
        """Count a request and its fault."""
        with self._lock:
            self.requests += 1
            if fault is not None:
                self.faults[fault] += 1


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True  # a kept connection of a client that is gone must not hold the end up
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that went."""


@contextmanager
def hostile_proxy(*, to_port: int, weather: Weather) -> Iterator[HostileProxy]:
    """Serve inside the block in front of a server on this machine."""
    ended = threading.Event()

    class Handler(_Handler):
        pass

    server = _Server((HOST, 0), Handler)
    proxy = HostileProxy(url=f"http://{HOST}:{server.server_address[1]}")
    Handler.proxy, Handler.weather, Handler.to_port, Handler.ended = proxy, weather, to_port, ended
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield proxy
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    proxy: HostileProxy
    weather: Weather
    to_port: int
    ended: threading.Event

    def do_GET(self) -> None:
        body = self._body()
        of = request_of(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        fate = self.weather.fate(of)
        self.proxy.count(fate.fault)
        self.ended.wait(fate.seconds)
        match fate.fault:
            case "throttled":
                self._answer(throttling(of))
            case "unavailable":
                self._answer(breakdown(of, fate.status))
            case "reset-before":
                self._reset()
            case "reset-after":
                self._ask(body)
                self._reset()
            case _:
                self._answer(self._ask(body))

    do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - the names are the parent's

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        return b"".join(parts)

    def _ask(self, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(HOST, self.to_port, timeout=WITHIN)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in OF_ONE_HOP:
                    connection.putheader(name, value)
            if body or self.command in {"POST", "PUT"}:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            headers = dict(response.getheaders())
            if self.command != "HEAD":
                headers = {name: value for name, value in headers.items() if name.lower() not in OF_ONE_HOP}
            return response.status, headers, response.read()
        finally:
            connection.close()

    def _answer(self, answer: Answer) -> None:
        status, headers, body = answer
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in OF_ONE_HOP or name.lower() == "content-length":
                self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(body)))
        elif "content-length" not in {name.lower() for name in headers}:
            self.send_header("Content-Length", "0")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self) -> None:
        """End the connection as a crash does, and not with an orderly goodbye."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the parent's
        """Say nothing."""
