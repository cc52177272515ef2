"""The Runtime API of one execution environment: an HTTP server driven by the thread that invokes."""

from __future__ import annotations

import os
import re
import selectors
import socket
import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

VERSION = "/2018-06-01/runtime"
_CHUNK = 1 << 16
_START = re.compile(r"([A-Z]+) (\S+) HTTP/1\.[01]")
_LENGTH = re.compile(r"[0-9]{1,12}")
_POLL = 0.02  # seconds between looks at the process where there are no pidfds


class Silence(Enum):
    """Why no request came."""

    TIMED_OUT = "timed out"
    EXITED = "exited"


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the runtime; the route is the path below the API's version."""

    connection: _Connection
    method: str
    route: str
    body: bytes

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Send the response; a runtime that is gone is noticed at the next `receive`."""
        lines = [f"HTTP/1.1 {status} {_REASONS[status]}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.connection.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


_REASONS = {
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    413: "Payload Too Large",
}


class RuntimeApi:
    """Listens on a loopback port of its own. Not thread-safe: one thread at a time drives it.

    A web page that guesses the port must not take an event: a request with an Origin, or whose Host is
    not this address (DNS rebinding), is refused and never seen by the thread that invokes.
    """

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._pidfd: int | None = None
        self._polled: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Host and port for AWS_LAMBDA_RUNTIME_API."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    @property
    def port(self) -> int:
        """The port of `address`."""
        return int(self._listener.getsockname()[1])

    def move_to(self, listener: socket.socket) -> None:
        """Listen there instead: at the same address in another network."""
        self._selector.unregister(self._listener)
        self._listener.close()
        self._listener = listener
        self._selector.register(listener, selectors.EVENT_READ)

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Let `receive` return EXITED when the process has ended."""
        if hasattr(os, "pidfd_open"):
            self._pidfd = os.pidfd_open(process.pid)
            self._selector.register(self._pidfd, selectors.EVENT_READ)
        else:
            self._polled = process

    def receive(self, deadline: float) -> Call | Silence:
        """Return the next call, or why there is none by the deadline (monotonic seconds).

        What was sent before the process ended is delivered first.
        """
        while (left := deadline - time.monotonic()) > 0:
            ready = self._selector.select(left if self._polled is None else min(left, _POLL))
            sources = [key.fileobj for key, _ in ready if key.fd != self._pidfd]
            for source in sources:
                if (call := self._read(source)) is not None:
                    return call
            if not sources and (ready or (self._polled is not None and self._polled.poll() is not None)):
                return Silence.EXITED
        return Silence.TIMED_OUT

    def close(self) -> None:
        """Close the port and all connections."""
        for key in tuple(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket | _Connection):
                key.fileobj.close()
        self._selector.close()
        if self._pidfd is not None:
            os.close(self._pidfd)

    def _read(self, source: object) -> Call | None:
        if source is self._listener:
            accepted, _ = self._listener.accept()
            self._selector.register(_Connection(accepted, self.address), selectors.EVENT_READ)
            return None
        assert isinstance(source, _Connection)  # noqa: S101 - nothing else is registered
        call = source.receive()
        if source.is_closed:
            self._selector.unregister(source)
            source.close()
        return call


class _Connection:
    """One keep-alive connection of the runtime; requests are not pipelined."""

    def __init__(self, accepted: socket.socket, host: str) -> None:
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        accepted.settimeout(5)
        self._host = host
        self._socket = accepted
        self._buffer = bytearray()
        self._needed = 0
        self.is_closed = False

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, content: bytes) -> None:
        try:
            self._socket.sendall(content)
        except OSError:
            self.is_closed = True

    def close(self) -> None:
        self._socket.close()

    def receive(self) -> Call | None:
        """Take what has arrived; return the request once it is whole."""
        try:
            chunk = self._socket.recv(_CHUNK)
        except OSError:
            chunk = b""
        if not chunk:
            self.is_closed = True
            return None
        self._buffer += chunk
        if len(self._buffer) < self._needed:
            return None
        return self._parse()

    def _parse(self) -> Call | None:
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return None
        lines = self._buffer[:head_end].decode("latin-1").split("\r\n")
        headers = [_header(line) for line in lines[1:]]
        if any(name == "origin" for name, _ in headers) or _values(headers, "host") != [self._host]:
            self._refuse(403)
            return None
        start = _START.fullmatch(lines[0])
        length = _values(headers, "content-length") or ["0"]
        if start is None or len(length) > 1 or _LENGTH.fullmatch(length[0]) is None:
            self._refuse(400)
            return None
        self._needed = head_end + 4 + int(length[0])
        if len(self._buffer) < self._needed:
            return None
        body = bytes(self._buffer[head_end + 4 : self._needed])
        del self._buffer[: self._needed]
        self._needed = 0
        return Call(self, start[1], start[2].removeprefix(VERSION), body)

    def _refuse(self, status: int) -> None:
        """Answer at once, whatever of the body is still to come, and read nothing more."""
        Call(self, "", "", b"").answer(status, headers={"Connection": "close"})
        self.is_closed = True


def _values(headers: list[tuple[str, str]], name: str) -> list[str]:
    return [value for each, value in headers if each == name]


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()
