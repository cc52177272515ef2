"""What happens to a request before moto sees it: control routes, faults, the gate, moto's own traps."""

from __future__ import annotations

import logging
import re
from functools import partial
from typing import TYPE_CHECKING

from .admission import admit
from .connections import ArrivalTimeoutError
from .control.routes import PREFIX
from .faults import effects
from .gate import fallen_over, out_of_memory, refusal_of, service_name, without_route
from .judge.signatures import USER_AGENT
from .parameters import UNREADABLE
from .request import WORLD, identify
from .service.declaration import special_of
from .well_formed import PageError, answered
from .wire.refusals import RequestRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from .control.routes import ControlRoutes
    from .faults import Fault
    from .request import RequestTarget
    from .wire.refusals import Refusal
    from .world import World

log = logging.getLogger(__name__)

REGION_IN_USER_AGENT = re.compile(r"\bregion/\S+")


class Front:
    """The WSGI application that stands before moto's."""

    def __init__(
        self,
        inner: WSGIApplication,
        world: World,
        *,
        control: ControlRoutes,
        bucket_region: Callable[[str], str | None],
        on_throttle: Callable[[RequestTarget, bytes], None],
    ) -> None:
        self._inner = inner
        self._world = world
        self._control = control
        self._bucket_region = bucket_region
        self._on_throttle = on_throttle

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a control route, apply the faults that hit, refuse what is not modelled, or pass on."""
        if environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._control(environ, start_response)
        _disarm_moto_overrides(environ)
        unread = admit(environ, self._world)
        if unread is not None:
            response = unread.get_response(environ)
            response.headers["Connection"] = "close"
            return response(environ, start_response)
        target = identify(environ)
        self._world.requests.add(target, environ)
        if not self._world.faults.any():
            return self._judged(target, environ, start_response)
        exchange = effects.Exchange(
            target=target,
            environ=environ,
            start_response=start_response,
            serve=partial(self._judged, target),
            on_throttle=self._on_throttle,
            refuse=partial(self._refuse, target, environ, start_response),
        )
        return effects.answer(exchange, self._hitting(target, environ))

    def inside(
        self, target: RequestTarget, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request of a service of this process, which knows what is modelled; no fault hits it."""
        return self._passed_on(target, environ, start_response)

    def _judged(
        self, target: RequestTarget, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            refused = refusal_of(target, environ)
        except RequestRefusedError as broken_off:  # while its body was read
            response = broken_off.get_response(environ)
            response.headers["Connection"] = "close"
            return response(environ, start_response)
        except UNREADABLE as fallen:  # our own rules failed on values that the model excludes
            log.exception("the gate failed on %s:%s", target.service, target.operation)
            refused = fallen_over(target, environ, fallen)
        if refused is not None:
            effects.drain(environ)
            return refused.get_response(environ)(environ, start_response)
        return self._passed_on(target, environ, start_response)

    def _passed_on(
        self, target: RequestTarget, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        environ[WORLD] = self._world
        try:
            return answered(
                self._inner, environ, start_response, holds_object=target.operation == "GetObject"
            )
        except ArrivalTimeoutError:  # the server drops the connection: nobody waits for this answer
            raise
        except PageError:
            response = without_route(target, environ).get_response(environ)
        except MemoryError:
            response = out_of_memory(target, environ).get_response(environ)
        except Exception as fallen:  # else an HTML page with HTTP 500, which SDKs send again and cannot read
            log.exception("moto failed on %s:%s", target.service, target.operation)
            response = fallen_over(target, environ, fallen).get_response(environ)
        response.headers["Connection"] = "close"  # nobody knows how much of the body was read
        return response(environ, start_response)

    def _refuse(
        self,
        target: RequestTarget,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        refusal: Refusal,
        words: str | None = None,
    ) -> Iterable[bytes]:
        name = service_name(target, environ)
        special = special_of(self._world.services, name, refusal)
        refused = RequestRefusedError(name, refusal, words, special=special)
        return refused.get_response(environ)(environ, start_response)

    def _hitting(self, target: RequestTarget, environ: WSGIEnvironment) -> tuple[Fault, ...]:
        # S3 is one name space: a bucket of a lost region is not reached through another one
        home = self._bucket_region(target.bucket) if target.bucket else None
        regions = (target.region,) if home is None else (target.region, home)
        service = service_name(target, environ)
        return self._world.faults.hitting(regions=regions, service=service, operation=target.operation)


def _disarm_moto_overrides(environ: WSGIEnvironment) -> None:
    # moto lets both headers outrank the signature's scope; AWS knows neither
    agent = environ.get("HTTP_USER_AGENT")
    if agent is not None and "region/" in agent:
        environ[USER_AGENT] = agent  # a client may have signed it
        environ["HTTP_USER_AGENT"] = REGION_IN_USER_AGENT.sub("", agent)
    environ.pop("HTTP_X_MOTO_ACCOUNT_ID", None)
