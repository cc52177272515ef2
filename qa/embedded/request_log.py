"""The last requests that came in, so that a test can see which region the code under test asks."""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING, Any

from .settings import ADMIN_ACCESS_KEY_ID

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from .request import RequestTarget

MOST = 2_000
"""Requests that are kept."""


class RequestLog:
    """Numbered requests of callers, oldest first; what services send one another is not among them."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._requests: deque[tuple[int, RequestTarget, str]] = deque(maxlen=MOST)

    def add(self, target: RequestTarget, environ: WSGIEnvironment) -> None:
        """Note a request; it is parsed when somebody asks for it."""
        signed = str(environ.get("HTTP_AUTHORIZATION", "")) or str(environ.get("QUERY_STRING", ""))
        self._requests.append((next(self._numbers), target, signed))

    def as_json(self) -> list[dict[str, Any]]:
        """Return the requests as the control routes show them: no signature, key or parameter."""
        return [
            {
                "number": number,
                "region": target.region,
                "service": target.service,
                "operation": target.operation,
                "bucket": target.bucket,
                "administrator": ADMIN_ACCESS_KEY_ID in signed,
            }
            for number, target, signed in tuple(self._requests)
        ]
