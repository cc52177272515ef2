"""Carries connections from a function's own loopback to the endpoint."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

_CHUNK = 1 << 16


class Relay:
    """Accepts at `listener` and passes bytes to and from `address`, until it is closed."""

    def __init__(self, listener: socket.socket, address: tuple[str, int]) -> None:
        self._listener = listener
        self._address = address
        threading.Thread(target=self._accept, daemon=True, name="qa-lambda-relay").start()

    def close(self) -> None:
        """Take no more connections; those that are there end with the function's process."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                inner, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(inner,), daemon=True, name="qa-lambda-relay").start()

    def _carry(self, inner: socket.socket) -> None:
        with inner:
            try:
                outer = socket.create_connection(self._address)
            except OSError:
                return
            with outer:
                for end in (inner, outer):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                back = threading.Thread(target=_pump, args=(outer, inner), daemon=True)
                back.start()
                _pump(inner, outer)
                back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            sink.sendall(chunk)
    for end, how in ((sink, socket.SHUT_WR), (source, socket.SHUT_RD)):
        with suppress(OSError):
            end.shutdown(how)
