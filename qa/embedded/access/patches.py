"""What of moto's request path is patched, so that moto calls the judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import BaseResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from qa.embedded.judge.signatures import remember_payload
from qa.embedded.patches import Patch, apply, replacement

from . import enforcement
from .authorizer import PolicyAuthorizer

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from qa.embedded.world import World


def install(world: World) -> None:
    """Give the world its judge and let moto ask it until the world closes."""
    world.authorizer = PolicyAuthorizer(world)
    world.on_close(apply(PATCHES, world))


def _dispatch(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def dispatch(
        self: DomainDispatcherApplication, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Any:
        remember_payload(environ)
        return original(self, environ, start_response)

    return dispatch


def _call_action(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def call_action(self: BaseResponse) -> Any:
        world = enforcement.world_of_request()
        if world is not None:
            enforcement.authorize(world, self)
        return original(self)

    return call_action


def _no_check(_: World, response: BaseResponse, resource: str = "*") -> None:
    """Keep moto's own check off, whatever its settings: it knows no conditions and few resources."""


PATCHES = (
    Patch(
        owner=DomainDispatcherApplication,
        name="__call__",
        parameters="self, environ, start_response",
        around=_dispatch,
    ),
    Patch(owner=BaseResponse, name="call_action", parameters="self", around=_call_action),
    replacement(
        ActionAuthenticatorMixin, "_authenticate_and_authorize_normal_action", "self, resource", _no_check
    ),
)
