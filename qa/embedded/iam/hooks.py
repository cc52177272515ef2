"""What of moto's request path and IAM is patched, so that moto asks the judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import BaseResponse
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from qa.embedded.patches import Patch, operation, replacement

from . import enforcement, entities, simulator
from .signatures import remember_payload

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from qa.embedded.world import World


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


def _first(check: Callable[..., None]) -> Callable[[Callable[..., Any], World], Callable[..., Any]]:
    """Return what asks `check` with the backend and the first argument before moto goes to work."""

    def around(original: Callable[..., Any], _: World) -> Callable[..., Any]:
        def checked(self: IAMBackend, name: str) -> Any:
            check(self, name)
            return original(self, name)

        return checked

    return around


def _update_trust(original: Callable[..., None], _: World) -> Callable[..., None]:
    def update_assume_role_policy(self: IAMBackend, role_name: str, policy_document: str) -> None:
        entities.require_known_principals(self.account_id, policy_document)
        original(self, role_name, policy_document)

    return update_assume_role_policy


def _create_role(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def create_role(
        self: IAMBackend, role_name: str, assume_role_policy_document: str, *rest: Any, **named: Any
    ) -> Any:
        entities.require_known_principals(self.account_id, assume_role_policy_document)
        return original(self, role_name, assume_role_policy_document, *rest, **named)

    return create_role


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
    Patch(
        owner=IAMBackend,
        name="delete_policy",
        parameters="self, policy_arn",
        around=_first(entities.require_unattached),
    ),
    Patch(
        owner=IAMBackend,
        name="delete_user",
        parameters="self, user_name",
        around=_first(entities.require_idle_user),
    ),
    Patch(
        owner=IAMBackend,
        name="delete_group",
        parameters="self, group_name",
        around=_first(entities.require_idle_group),
    ),
    Patch(
        owner=IAMBackend,
        name="update_assume_role_policy",
        parameters="self, role_name, policy_document",
        around=_update_trust,
    ),
    Patch(
        owner=IAMBackend,
        name="create_role",
        parameters=(
            "self, role_name, assume_role_policy_document, path, permissions_boundary, "
            "description, tags, max_session_duration, linked_service"
        ),
        around=_create_role,
    ),
    operation(IamResponse, "simulate_principal_policy", simulator.simulate_principal_policy, is_added=True),
    operation(IamResponse, "simulate_custom_policy", simulator.simulate_custom_policy, is_added=True),
    operation(
        IamResponse,
        "get_context_keys_for_principal_policy",
        simulator.get_context_keys_for_principal_policy,
        is_added=True,
    ),
    operation(
        IamResponse,
        "get_context_keys_for_custom_policy",
        simulator.get_context_keys_for_custom_policy,
        is_added=True,
    ),
)
