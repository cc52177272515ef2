"""Who may speak to the Runtime API of an environment: its runtime, and no web page."""

from __future__ import annotations

import socket
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from qa.embedded.lambda_.runtime_api import VERSION, Call, RuntimeApi

if TYPE_CHECKING:
    from collections.abc import Iterator

NEXT = f"GET {VERSION}/invocation/next HTTP/1.1"


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    """An API that nobody drives yet."""
    api = RuntimeApi()
    yield api
    api.close()


def answer_to(api: RuntimeApi, request: str) -> str:
    """Return the status line for a refused request; only the runtime's, sent after it, is heard."""
    with (
        closing(socket.create_connection(("127.0.0.1", api.port))) as page,
        closing(socket.create_connection(("127.0.0.1", api.port))) as runtime,
    ):
        page.sendall(request.encode())
        headers = f"Host: {api.address}\r\nContent-Length: 5"
        runtime.sendall(f"POST {VERSION}/init/error HTTP/1.1\r\n{headers}\r\n\r\nright".encode())
        heard = api.receive(time.monotonic() + 30)
        assert isinstance(heard, Call)
        assert (heard.method, heard.route, heard.body) == ("POST", "/init/error", b"right")
        page.settimeout(30)
        return page.makefile("r").readline().strip()


@pytest.mark.parametrize(
    "headers",
    [
        "Host: {address}\r\nOrigin: https://page.example",
        "Host: {address}\r\nOrigin: null",
        "Host: {address}\r\nOrigin: http://{address}",
        "Host: page.example:{port}",
        "Host: localhost:{port}",
        "Host: 127.0.0.1",
        "Host: {address}\r\nHost: page.example",
        "Accept: */*",
    ],
    ids=["page", "sandboxed-page", "own-origin", "rebound", "localhost", "no-port", "two-hosts", "no-host"],
)
def test_web_page_takes_no_event(api: RuntimeApi, headers: str) -> None:
    request = f"{NEXT}\r\n{headers.format(address=api.address, port=api.port)}\r\n\r\n"

    assert answer_to(api, request) == "HTTP/1.1 403 Forbidden"


@pytest.mark.parametrize(
    "request_text",
    [
        "NEXT\r\nHost: {address}\r\n\r\n",
        f"{NEXT}\r\nHost: {{address}}\r\nContent-Length: -1\r\n\r\n",
        f"{NEXT}\r\nHost: {{address}}\r\nContent-Length: many\r\n\r\n",
        f"{NEXT}\r\nHost: {{address}}\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n",
    ],
    ids=["start-line", "negative-length", "length-in-words", "two-lengths"],
)
def test_malformed_request_is_refused_and_ends_no_invocation(api: RuntimeApi, request_text: str) -> None:
    request = request_text.format(address=api.address)

    assert answer_to(api, request) == "HTTP/1.1 400 Bad Request"
