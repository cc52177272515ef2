"""A server on loopback that gives each request the next of the answers it was given."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOST = None
"""The request is read, and the connection ends without an answer."""


@dataclass(slots=True, kw_only=True)
class Answering:
    """Where the server is, and the requests that it has had."""

    url: str
    port: int
    seen: list[str] = field(default_factory=list)


@contextmanager
def answering(*answers: tuple[int, bytes] | None) -> Iterator[Answering]:
    """Serve inside the block; a request beyond the last answer gets the last one."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            response.seen.append(f"{self.command} {self.path}")
            answer = left.pop(0) if len(left) > 1 else left[0]
            if answer is LOST:
                self.close_connection = True
                return
            status, body = answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("x-amzn-RequestId", "a-request")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names are the parent's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the parent's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    response = Answering(url=f"http://127.0.0.1:{port}", port=port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield response
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
