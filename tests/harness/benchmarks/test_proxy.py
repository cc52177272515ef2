"""The delaying proxy: every request waits, no byte is lost or changed."""

from __future__ import annotations

import http.client
import secrets
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.proxy import delaying_proxy, pausing_proxy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BODY = secrets.token_bytes(300_000)  # more than any buffer on the way holds


class Echo(BaseHTTPRequestHandler):
    """Answers each request with its own body, and keeps the connection."""

    protocol_version = "HTTP/1.1"
    seen: list[str]

    def do_GET(self) -> None:
        self._answer(b"")

    def do_PUT(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            self._answer(b"".join(self._chunks()))
        else:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the parent's
        pass


@contextmanager
def echo_server() -> Iterator[tuple[int, list[str]]]:
    """Yield a server's port and the paths that it was asked for."""
    seen: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnEcho", (Echo,), {"seen": seen}))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1], seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def connected(url: str) -> http.client.HTTPConnection:
    where = urlsplit(url)
    return http.client.HTTPConnection(str(where.hostname), where.port, timeout=30)


def put(connection: http.client.HTTPConnection, path: str, body: bytes | Iterable[bytes]) -> bytes:
    is_whole = isinstance(body, bytes)
    connection.request("PUT", path, body=body, encode_chunked=not is_whole)
    return connection.getresponse().read()


def test_each_request_of_a_connection_waits_before_the_server_sees_it() -> None:
    with echo_server() as (port, seen):
        at_each_pause: list[list[str]] = []

        async def pause() -> None:
            at_each_pause.append(list(seen))

        with pausing_proxy(to_port=port, pause=pause) as proxy:
            connection = connected(proxy.url)
            for path in ("/first", "/second", "/third"):
                put(connection, path, b"x")
            connection.close()

    assert at_each_pause == [[], ["/first"], ["/first", "/second"]]


def test_bodies_of_a_known_length_and_in_chunks_come_through_whole() -> None:
    with echo_server() as (port, _), delaying_proxy(to_port=port, seconds=0) as proxy:
        connection = connected(proxy.url)
        reported = put(connection, "/known", BODY)
        chunked = put(connection, "/chunked", iter((BODY[:70_000], BODY[70_000:])))
        nothing = put(connection, "/nothing", b"")
        connection.close()

    assert (reported, chunked, nothing) == (BODY, BODY, b"")


def test_body_that_awaits_the_servers_leave_is_asked_for() -> None:
    with echo_server() as (port, _), delaying_proxy(to_port=port, seconds=0) as proxy:
        where = urlsplit(proxy.url)
        with socket.create_connection((str(where.hostname), where.port), timeout=30) as client:
            head = b"PUT /asked HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
            client.sendall(head)
            leave = client.recv(25)
            client.sendall(b"ok")
            client.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: client.recv(1024), b""))

    assert leave == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert (answer.partition(b"\r\n")[0], answer[-2:]) == (b"HTTP/1.1 200 OK", b"ok")


def test_client_that_goes_in_the_middle_of_a_request_disturbs_no_other() -> None:
    with echo_server() as (port, seen), delaying_proxy(to_port=port, seconds=0) as proxy:
        where = urlsplit(proxy.url)
        with socket.create_connection((str(where.hostname), where.port)) as client:
            client.sendall(b"PUT /broken HTTP/1.1\r\nContent-")
        connection = connected(proxy.url)
        answer = put(connection, "/whole", b"here")
        connection.close()

    assert (answer, seen) == (b"here", ["/whole"])
