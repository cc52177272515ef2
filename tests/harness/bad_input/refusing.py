"""An AWS on this machine that knows one answer: no."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

BODY = (
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
    "<Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
)


class RefusingAws:
    """Answers every request with 403, `code` and `message` in the Query protocol's words."""

    code = "AccessDenied"
    message = "no"
    date: str | None = None
    """The Date header; None for the time of now."""
    page: str | None = None
    """A web page to answer with in AWS's place, as somebody else's proxy does."""

    def __enter__(self) -> Self:
        aws = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                refusal = BODY.format(code=aws.code, message=aws.message)
                body = (aws.page or refusal).encode()
                self.send_response(403 if aws.page is None else 200)
                self.send_header("Content-Type", "text/xml" if aws.page is None else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def date_time_string(self, timestamp: float | None = None) -> str:
                return aws.date or super().date_time_string(timestamp)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address to say after --endpoint-url."""
        return f"http://127.0.0.1:{self._server.server_port}"
