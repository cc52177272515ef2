"""The routes under /_qa/ that set the clock, the lags and the faults of an embedded AWS.

They are for people at a desk and for the harness's own tests. The checks of a stack never use them:
they run unchanged against AWS.
"""

from __future__ import annotations

import dataclasses
import hmac
import json
import os
import urllib.request
from typing import TYPE_CHECKING, Any

from qa.errors import QaError

from .faults import Fault
from .settings import ADMIN_SECRET_ACCESS_KEY, NOT_CHANGEABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIEnvironment

    from .faults import Kind
    from .world import World

Json = dict[str, Any]
STRANGER = "the control routes take the header Authorization: Bearer <the administrator's secret access key>"


class ControlError(QaError):
    """The embedded AWS did not do what a control route was asked for."""


class ControlRoutes:
    """The server's side: one handler per route, taking and giving a JSON object."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._routes: dict[tuple[str, str], Callable[[Json], Json]] = {
            ("GET", "health"): self._health,
            ("GET", "settings"): lambda _: self._settings(),
            ("POST", "settings"): self._change_settings,
            ("GET", "clock"): lambda _: {"time": world.clock.time()},
            ("POST", "clock"): self._advance,
            ("POST", "faults"): lambda body: {"id": world.faults.add(Fault(**body))},
            ("POST", "faults/end"): self._end_faults,
            ("POST", "reset"): self._reset,
        }

    def add(self, route: str, handler: Callable[[Json], Json]) -> None:
        """Serve `POST /_qa/<route>` with a handler of a service package."""
        self._routes["POST", route] = handler

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request: 200 with the result, 400 with the reason, 403 without the secret, 404."""
        if not self._is_administrator(environ):
            return _answer(start_response, "403 Forbidden", {"error": STRANGER}, close=True)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        raw = environ["wsgi.input"].read(length) if length else b"{}"
        handler = self._routes.get((environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix("/_qa/")))
        if handler is None:
            status, result = "404 Not Found", {"error": f"no such route; there are {sorted(self._routes)}"}
        else:
            try:
                status, result = "200 OK", handler(json.loads(raw))
            except (KeyError, TypeError, ValueError) as wrong:
                status, result = "400 Bad Request", {"error": f"{type(wrong).__name__}: {wrong}"}
        return _answer(start_response, status, result)

    def _is_administrator(self, environ: WSGIEnvironment) -> bool:
        token = f"Bearer {self._world.settings.admin_secret_access_key}"
        return hmac.compare_digest(str(environ.get("HTTP_AUTHORIZATION", "")).encode(), token.encode())

    def _health(self, _: Json) -> Json:
        world = self._world
        return {
            "pid": os.getpid(),
            "endpoint": world.endpoint,
            "insecure_endpoint": world.insecure_endpoint,
            "account": world.account_id,
        }

    def _change_settings(self, body: Json) -> Json:
        settings = self._world.settings
        known = {each.name: type(getattr(settings, each.name)) for each in dataclasses.fields(settings)}
        for name, value in body.items():
            if name not in known or name in NOT_CHANGEABLE:
                raise KeyError(name)
            setattr(settings, name, known[name](value))
        return self._settings()

    def _settings(self) -> Json:
        settings = dataclasses.asdict(self._world.settings)
        del settings["admin_secret_access_key"]  # who asks has it; an answer may end in a log
        return settings

    def _advance(self, body: Json) -> Json:
        self._world.clock.advance(float(body["advance"]))
        return {"time": self._world.clock.time()}

    def _end_faults(self, body: Json) -> Json:
        if "id" in body:
            self._world.faults.remove(int(body["id"]))
        else:
            self._world.faults.clear()
        return {}

    def _reset(self, _: Json) -> Json:
        from moto.moto_api._internal.models import moto_api_backend  # noqa: PLC0415 - moto loads with the server

        moto_api_backend.reset()
        return {}


def _answer(start_response: StartResponse, status: str, result: Json, *, close: bool = False) -> list[bytes]:
    content = json.dumps(result).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
    start_response(status, [*headers, ("Connection", "close")] if close else headers)
    return [content]


class Control:
    """The caller's side, for tests and scripts. Raises ControlError when a route refuses.

    `secret` is the server's administrator secret; by default that of the servers this process starts.
    """

    def __init__(self, endpoint: str, *, secret: str = ADMIN_SECRET_ACCESS_KEY) -> None:
        self._base = f"{endpoint}/_qa/"
        self._headers = {"Authorization": f"Bearer {secret}"}

    def advance_clock(self, seconds: float) -> None:
        """Move the clock that alarms and metrics go by."""
        self.post("clock", {"advance": seconds})

    def change_settings(self, **settings: float) -> None:
        """Set lags and intervals, in seconds, by the names of Settings."""
        self.post("settings", settings)

    def set_replication(self, source: str, target: str, *, enabled: bool) -> None:
        """Stop or resume the replication of global tables from one region to another."""
        self.post("replication", {"source": source, "target": target, "enabled": enabled})

    def start_fault(
        self,
        kind: Kind,
        *,
        region: str | None = None,
        service: str | None = None,
        operation: str | None = None,
        seconds: float = 0.0,
    ) -> int:
        """Put a fault in force and return its ID."""
        fault = Fault(kind=kind, region=region, service=service, operation=operation, seconds=seconds)
        return int(self.post("faults", dataclasses.asdict(fault))["id"])

    def end_fault(self, fault_id: int) -> None:
        """End one fault."""
        self.post("faults/end", {"id": fault_id})

    def end_faults(self) -> None:
        """End all faults."""
        self.post("faults/end", {})

    def reset(self) -> None:
        """Forget all state: an account in which nothing was ever made."""
        self.post("reset", {})

    def get(self, route: str) -> Json:
        """Return what a reading route tells."""
        return self._call(urllib.request.Request(self._base + route, headers=self._headers))  # noqa: S310 - our own server's URL

    def post(self, route: str, body: Mapping[str, object]) -> Json:
        """Ask a route to do something and return what it answers."""
        content = json.dumps(body).encode()
        request = urllib.request.Request(self._base + route, data=content, headers=self._headers)  # noqa: S310 - as above
        return self._call(request)

    def _call(self, request: urllib.request.Request) -> Json:
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - as above
                result: Json = json.load(answer)
                return result
        except urllib.error.HTTPError as refused:
            with refused:
                raise ControlError(f"{request.full_url}: {refused.read().decode()}") from refused
        except OSError as broken:
            raise ControlError(f"no embedded AWS answers at {request.full_url}: {broken}") from broken
