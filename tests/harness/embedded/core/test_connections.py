"""Connections that bring their request too slowly, or are too many."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from qa.embedded.connections import Limits, Listener

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

PATIENCE = 30.0
"""Seconds until a test gives up on a server that never closes."""


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@contextmanager
def listening(limits: Limits) -> Iterator[int]:
    listener = Listener("127.0.0.1", 0, echo, limits)
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield listener.server_port
    finally:  # a red test would leave a thread that keeps the whole run from ending
        listener.shutdown()
        thread.join()
        listener.server_close()


def received(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET", b"GET / HTTP/1.1\r\nHost: a\r\n", b"PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"],
    ids=["nothing", "half a line", "half the headers", "half a body"],
)
def test_a_connection_whose_request_does_not_arrive_is_closed_without_an_answer(sent: bytes) -> None:
    with (
        listening(Limits(grace=0.05)) as port,
        socket.create_connection(("127.0.0.1", port), PATIENCE) as connection,
    ):
        connection.sendall(sent)

        assert received(connection) == b""


def test_a_request_that_comes_in_pieces_is_served() -> None:
    with (
        listening(Limits(grace=PATIENCE)) as port,
        socket.create_connection(("127.0.0.1", port), PATIENCE) as connection,
    ):
        for piece in (b"PUT / HTTP/1.1\r\nContent-", b"Length: 6\r\n\r\n", b"abc", b"def"):
            connection.sendall(piece)

        assert received(connection).endswith(b"\r\n\r\nabcdef")


def test_a_connection_too_many_is_refused_at_once_and_room_is_made_again() -> None:
    with (
        listening(Limits(grace=PATIENCE, connections=1)) as port,
        socket.create_connection(("127.0.0.1", port), PATIENCE) as first,
        socket.create_connection(("127.0.0.1", port), PATIENCE) as second,
    ):
        assert received(second).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        first.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert received(first).startswith(b"HTTP/1.1 200 OK\r\n")
