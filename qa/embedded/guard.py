"""Who may speak to the embedded AWS at all: programs of this machine, and no web page.

A browser sends a page's requests to any loopback port. Two headers that a page cannot forge distinguish them
apart: Host (a page of a domain whose name was pointed at 127.0.0.1, DNS rebinding) and Origin.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from .connections import HOSTS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import Any
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PREFLIGHT_SECONDS = "600"


class Guard:
    """The outermost WSGI application: refuses with 403 before anything reads the request."""

    def __init__(self, inner: WSGIApplication, *, allowed_origins: Collection[str] = ()) -> None:
        self._inner = inner
        self._allowed = frozenset(origin.rstrip("/") for origin in allowed_origins)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass on what a program of this machine sends, or a page of an allowed origin."""
        for host in (str(environ.get("HTTP_HOST", "")), *environ.get(HOSTS, ())):
            if not is_loopback_host(host):
                reason = f"Host {host!r} is not a name or address of this machine's loopback interface"
                return _refused(start_response, reason)
        path = str(environ.get("PATH_INFO", ""))
        if _is_of_moto(path):
            return _refused(start_response, f"no resource {path!r}", status=HTTPStatus.NOT_FOUND)
        origin = environ.get("HTTP_ORIGIN")
        if origin is None:
            return self._inner(environ, start_response)
        if origin not in self._allowed:
            return _refused(
                start_response,
                f"Origin {origin!r} is not allowed; start the server with --allow-origin to allow a web page",
            )
        if environ["REQUEST_METHOD"] == "OPTIONS":
            return _preflight(environ, start_response, origin)
        return self._inner(environ, _readable_by(origin, start_response))


@lru_cache(maxsize=256)  # clients send few of them, each with every request, twice
def is_loopback_host(host: str) -> bool:
    """Say whether a Host header names this machine: 127.0.0.0/8, [::1], localhost, with a bucket before it.

    SDKs put a bucket's name before the host in virtual-hosted style. No public name can end like these:
    `localhost` is reserved (RFC 6761), and a name whose last label is a number is no name (WHATWG URL).
    """
    name = _without_port(host)
    if name is None:
        return False
    if name.startswith("[") and name.endswith("]"):
        return _is_loopback_address(name[1:-1])
    labels = name.lower().removesuffix(".").split(".")
    if not all(labels):
        return False
    return labels[-1] == "localhost" or _is_loopback_address(".".join(labels[-4:]))


def _without_port(host: str) -> str | None:
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return host
    return name if port.isdecimal() else None


def _is_loopback_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def _is_of_moto(path: str) -> bool:
    # moto's recorder replays requests, its dashboard shows all data and its reset wipes them, all unsigned;
    # moto takes any path that begins so, and the browser's icon, for its own
    return path.startswith("/moto-api") or path == "/favicon.ico"


def _refused(
    start_response: StartResponse, reason: str, *, status: HTTPStatus = HTTPStatus.FORBIDDEN
) -> Iterable[bytes]:
    content = f"the embedded AWS refuses this request: {reason}\n".encode("utf-8", "backslashreplace")
    start_response(
        f"{status.value} {status.phrase}",
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(content))),
            ("X-Content-Type-Options", "nosniff"),
            ("Connection", "close"),  # the body was not read
        ],
    )
    return [content]


def _preflight(environ: WSGIEnvironment, start_response: StartResponse, origin: str) -> Iterable[bytes]:
    headers = [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
        ("Access-Control-Max-Age", PREFLIGHT_SECONDS),
        ("Vary", "Origin"),
        ("Content-Length", "0"),
    ]
    request = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
    if request:
        headers.append(("Access-Control-Allow-Headers", request))
    if environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true":
        headers.append(("Access-Control-Allow-Private-Network", "true"))
    start_response("204 No Content", headers)
    return []


def _readable_by(origin: str, start_response: StartResponse) -> StartResponse:
    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        return start_response(status, [*_without_cors(headers), *_cors(origin)], exc_info)

    return start


def _without_cors(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return (each for each in headers if not each[0].lower().startswith("access-control-"))


def _cors(origin: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Expose-Headers", "*"),
        ("Vary", "Origin"),
    )
