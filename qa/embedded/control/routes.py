"""The server's side of the control routes: what there is at which path, and who may use it."""

from __future__ import annotations

import dataclasses
import hmac
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any

from qa.embedded.faults import UnknownFaultError
from qa.embedded.fields import Field, FieldError, Number, nearest, read_fields, read_json, shown
from qa.embedded.settings import CHANGEABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from qa.embedded.world import World

Json = dict[str, Any]
PREFIX = "/_qa/"
ROOT = f"{PREFIX}v1/"
STRANGER = "the control routes take the header Authorization: Bearer <the administrator's secret access key>"
MOST_OF_BODY = 65_536
LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
ID = "{id}"
"""Stands in a path for a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path below /_qa/v1/."""

    method: str
    path: str
    summary: str
    result: str
    """The response's JSON object, in words."""
    handle: Callable[[World, Json], Json]
    """Takes the body's fields; a number of the path is the field `id`."""
    fields: tuple[Field, ...] | None = ()
    """The fields of the body; None leaves the body to `handle`."""


def _state(world: World, _: Json) -> Json:
    return {
        "pid": os.getpid(),
        "endpoint": world.endpoint,
        "insecure_endpoint": world.insecure_endpoint,
        "account": world.account_id,
    }


def _clock(world: World, _: Json) -> Json:
    return {"time": world.clock.time()}


def _advance(world: World, given: Json) -> Json:
    if world.clock.time() + given["advance"] > LATEST:
        raise FieldError("the clock cannot be moved beyond the year 9998.")
    world.clock.advance(given["advance"])
    return _clock(world, given)


def _settings(world: World, _: Json) -> Json:
    settings = dataclasses.asdict(world.settings)
    del settings["admin_secret_access_key"]  # the caller has it; a response may end in a log
    return settings


def _change_settings(world: World, given: Json) -> Json:
    if not given:
        raise FieldError(f"settings: name one or more of {', '.join(each.name for each in CHANGEABLE)}.")
    for name, value in given.items():
        setattr(world.settings, name, value)
    return _settings(world, given)


def _faults(world: World, _: Json) -> Json:
    return {"faults": [fault.as_json() for fault in world.faults.in_force()]}


def _start_fault(world: World, given: Json) -> Json:
    return world.faults.start(**given).as_json()


def _end_fault(world: World, given: Json) -> Json:
    world.faults.end(given["id"])
    return {}


def _end_faults(world: World, _: Json) -> Json:
    world.faults.end_all()
    return {}


def _requests(world: World, _: Json) -> Json:
    return {"requests": world.requests.as_json()}


def _reset(_: World, __: Json) -> Json:
    from moto.moto_api._internal.models import moto_api_backend  # noqa: PLC0415 - pages need the routes without moto

    moto_api_backend.reset()
    return {}


ADVANCE = Field(
    name="advance",
    type=Number(least=0, most=10 * 366 * 86_400),
    summary="how far the clock is moved forward",
    is_required=True,
)
THE_SETTINGS = "the settings, also those that cannot be changed"

ROUTES = (
    Route(
        method="GET",
        path="state",
        summary="Where the server is",
        result="`pid`, `endpoint`, `insecure_endpoint`, `account`",
        handle=_state,
    ),
    Route(
        method="GET",
        path="clock",
        summary="The time that alarms, metrics and mute rules go by",
        result="`time`, seconds since the epoch",
        handle=_clock,
    ),
    Route(
        method="POST",
        path="clock",
        summary="Move the clock forward; due alarms are evaluated before the response",
        result="`time`",
        handle=_advance,
        fields=(ADVANCE,),
    ),
    Route(
        method="GET",
        path="settings",
        summary="Lags, intervals and limits",
        result=THE_SETTINGS,
        handle=_settings,
    ),
    Route(
        method="POST",
        path="settings",
        summary="Change one or more of them, all or none",
        result=THE_SETTINGS,
        handle=_change_settings,
        fields=CHANGEABLE,
    ),
    Route(
        method="GET",
        path="faults",
        summary="The faults in force, oldest first",
        result="`faults`, each with `id`, `kind` and its parameters",
        handle=_faults,
    ),
    Route(
        method="POST",
        path="faults",
        summary="Start a fault",
        result="the fault, with its `id` and the defaults of what was left out",
        handle=_start_fault,
        fields=None,
    ),
    Route(
        method="DELETE", path="faults", summary="End all faults", result="an empty object", handle=_end_faults
    ),
    Route(
        method="DELETE",
        path=f"faults/{ID}",
        summary="End one fault",
        result="an empty object; 404 when there is none of that ID",
        handle=_end_fault,
    ),
    Route(
        method="GET",
        path="requests",
        summary="The last 2,000 requests of callers, oldest first",
        result="`requests`, each with `number`, `region`, `service`, `operation`, `bucket`, and whether the "
        "`administrator` sent it",
        handle=_requests,
    ),
    Route(
        method="POST",
        path="reset",
        summary="Forget all resources; clock, settings and faults stay",
        result="an empty object",
        handle=_reset,
    ),
)


class RouteError(Exception):
    """No route has the path, or the path has not the method."""

    def __init__(self, status: HTTPStatus, message: str, *, allow: str = "") -> None:
        super().__init__(message)
        self.status, self.allow = status, allow


class ControlRoutes:
    """The WSGI application of the control routes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request: with the result, or with an error that says why there is none."""
        if not self._is_administrator(environ):
            headers = [("WWW-Authenticate", "Bearer"), ("Connection", "close")]  # the body was not read
            return _respond(start_response, HTTPStatus.UNAUTHORIZED, {"error": STRANGER}, headers)
        try:
            return _respond(start_response, HTTPStatus.OK, self._result(environ))
        except UnknownFaultError as error:
            return _respond(start_response, HTTPStatus.NOT_FOUND, {"error": str(error)})
        except FieldError as error:
            close = [("Connection", "close")]  # of a body that is too long nothing was read
            return _respond(start_response, HTTPStatus.BAD_REQUEST, {"error": str(error)}, close)
        except RouteError as error:
            headers = [("Allow", error.allow)] if error.allow else []
            close = [("Connection", "close")]
            return _respond(start_response, error.status, {"error": str(error)}, [*headers, *close])

    def _is_administrator(self, environ: WSGIEnvironment) -> bool:
        token = f"Bearer {self._world.settings.admin_secret_access_key}"
        return hmac.compare_digest(str(environ.get("HTTP_AUTHORIZATION", "")).encode(), token.encode())

    def _result(self, environ: WSGIEnvironment) -> Json:
        route, numbers = _route_of(str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"]))
        where = f"{route.method} {ROOT}{route.path}"
        if environ.get("QUERY_STRING"):
            raise FieldError(f"{where}: there are no query parameters; fields stand in a JSON body.")
        body = read_json(_body_of(environ))
        if route.fields is not None:
            body = read_fields(where, route.fields, body)
        return route.handle(self._world, {**body, **numbers})


def _route_of(method: str, path: str) -> tuple[Route, dict[str, int]]:
    named = path.removeprefix(ROOT)
    parent, _, last = named.rpartition("/")
    is_numbered = last.isascii() and last.isdigit() and len(last) <= 18
    pattern = f"{parent}/{ID}" if is_numbered else named
    routes = {route.method: route for route in ROUTES if path.startswith(ROOT) and route.path == pattern}
    if not routes:
        raise RouteError(HTTPStatus.NOT_FOUND, _no_path(path))
    if method not in routes:
        allow = ", ".join(routes)
        message = f"{path} has no method {method}. It has: {allow}."
        raise RouteError(HTTPStatus.METHOD_NOT_ALLOWED, message, allow=allow)
    return routes[method], {"id": int(last)} if is_numbered else {}


def _no_path(path: str) -> str:
    known = tuple(dict.fromkeys(route.path for route in ROUTES))
    near = nearest(path.removeprefix(PREFIX).removeprefix(ROOT.removeprefix(PREFIX)), known)
    hint = f"Known below {ROOT}: {', '.join(known)}." if near is None else f"Did you mean {ROOT + near!r}?"
    return f"unknown path {shown(path)}. {hint}"


def _body_of(environ: WSGIEnvironment) -> bytes:
    if "wsgi.input_terminated" in environ:  # sent in chunks: the length is known at the end
        return _read(environ["wsgi.input"], MOST_OF_BODY + 1)
    text = str(environ.get("CONTENT_LENGTH") or "0")
    if not (text.isascii() and text.isdigit()):
        raise FieldError(f"Content-Length is not a number: {text!r}.")
    # of one that is too long no more than needed to know it
    return _read(environ["wsgi.input"], min(int(text[:18]), MOST_OF_BODY + 1))


def _read(stream: IO[bytes], most: int) -> bytes:
    content = b""
    while len(content) < most and (piece := stream.read(most - len(content))):
        content += piece
    if len(content) > MOST_OF_BODY:
        raise FieldError(f"the body is longer than {MOST_OF_BODY:,} bytes.")
    return content


def _respond(
    start_response: StartResponse,
    status: HTTPStatus,
    result: Json,
    headers: Iterable[tuple[str, str]] = (),
) -> list[bytes]:
    content = json.dumps(result).encode()
    headers_sent = [("Content-Type", "application/json"), ("Content-Length", str(len(content))), *headers]
    start_response(f"{status.value} {status.phrase}", headers_sent)
    return [content]
