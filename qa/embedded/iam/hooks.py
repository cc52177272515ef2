"""What of moto's request path, IAM and STS is patched, so that moto asks the judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import ActionResult, BaseResponse
from moto.iam.access_control import PermissionResult
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from moto.sts.responses import TokenResponse

from qa.embedded.patches import Patch, operation, replacement
from qa.embedded.request import WORLD

from . import enforcement, entities, s3_enforcement, simulator
from .callers import ADMINISTRATOR_NAME
from .signatures import remember_payload

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from qa.embedded.world import World


def _world() -> World | None:
    """Return the world that the request is served in; None on a server without a judge.

    moto's classes are one per process, its servers need not be: so a request carries its world, and the
    one that the patches are applied for is not asked.
    """
    world: World | None = request.environ.get(WORLD)
    return world


def _dispatch(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def dispatch(
        self: DomainDispatcherApplication, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Any:
        remember_payload(environ)
        return original(self, environ, start_response)

    return dispatch


def _call_action(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def call_action(self: BaseResponse) -> Any:
        world = _world()
        if world is not None:
            enforcement.authorize(world, self)
        return original(self)

    return call_action


def _no_check(_: World, response: BaseResponse, resource: str = "*") -> None:
    """Keep moto's own check off, whatever its settings: it knows no conditions and few resources."""


def _authorize_s3(
    _: World,
    response: S3Response,  # noqa: ARG001 - as the next
    bucket_name: str | None = None,
    key_name: str | None = None,
) -> None:
    world = _world()
    if world is not None:
        s3_enforcement.authorize(world, bucket_name, key_name)


def _delete_keys(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def delete_keys(self: S3Response, bucket_name: str, authenticated: bool = True) -> Any:  # noqa: FBT001, FBT002 - moto's
        world = _world()
        if world is None:
            return original(self, bucket_name, authenticated)
        return s3_enforcement.delete_permitted(world, self, bucket_name, original)

    return delete_keys


def _permitted(_: World, bucket: FakeBucket, action: str, resource: str) -> PermissionResult:  # noqa: ARG001 - moto's
    # moto's own look at the bucket policy ignores conditions; the judge decides
    return PermissionResult.PERMITTED


def _get_caller_identity(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def get_caller_identity(self: TokenResponse) -> Any:
        world = _world()
        caller = None if world is None else world.authorizer.current()
        if world is None or caller is None or not caller.is_administrator:
            return original(self)
        user_id = f"AIDAQA{ADMINISTRATOR_NAME.upper()}"
        return ActionResult({"UserId": user_id, "Account": world.account_id, "Arn": caller.arn})

    return get_caller_identity


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
    replacement(
        ActionAuthenticatorMixin,
        "_authenticate_and_authorize_s3_action",
        "self, bucket_name, key_name",
        _authorize_s3,
    ),
    Patch(
        owner=S3Response,
        name="_bucket_response_delete_keys",
        parameters="self, bucket_name, authenticated",
        around=_delete_keys,
    ),
    replacement(FakeBucket, "get_permission", "self, action, resource", _permitted),
    Patch(owner=TokenResponse, name="get_caller_identity", parameters="self", around=_get_caller_identity),
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
