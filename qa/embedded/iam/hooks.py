"""Where moto 5.2.5 is made to ask the judge; the only place of this package that changes moto's classes."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

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

from . import enforcement, entities, s3_enforcement, simulator
from .callers import ADMINISTRATOR_NAME
from .signatures import remember_payload

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from qa.embedded.world import World

# What is wrapped, with the parameters that the wrappers rely on.
WRAPPED: dict[tuple[type, str], tuple[str, ...]] = {
    (DomainDispatcherApplication, "__call__"): ("self", "environ", "start_response"),
    (BaseResponse, "call_action"): ("self",),
    (ActionAuthenticatorMixin, "_authenticate_and_authorize_normal_action"): ("self", "resource"),
    (ActionAuthenticatorMixin, "_authenticate_and_authorize_s3_action"): ("self", "bucket_name", "key_name"),
    (S3Response, "_bucket_response_delete_keys"): ("self", "bucket_name", "authenticated"),
    (FakeBucket, "get_permission"): ("self", "action", "resource"),
    (TokenResponse, "get_caller_identity"): ("self",),
    (IAMBackend, "delete_policy"): ("self", "policy_arn"),
    (IAMBackend, "delete_user"): ("self", "user_name"),
    (IAMBackend, "delete_group"): ("self", "group_name"),
    (IAMBackend, "update_assume_role_policy"): ("self", "role_name", "policy_document"),
    (IAMBackend, "create_role"): (
        *("self", "role_name", "assume_role_policy_document", "path", "permissions_boundary"),
        *("description", "tags", "max_session_duration", "linked_service"),
    ),
}
# Operations that moto's IAM has not: a public method of the response class is an operation of the service.
ADDED = (
    "simulate_principal_policy",
    "simulate_custom_policy",
    "get_context_keys_for_principal_policy",
    "get_context_keys_for_custom_policy",
)
_originals: dict[tuple[type, str], Callable[..., Any]] = {}
_worlds: list[World] = []


def moved_symbols() -> tuple[str, ...]:
    """Return which of moto's symbols are no longer what the wrappers expect; empty for moto 5.2.5."""
    moved = []
    for (owner, name), parameters in WRAPPED.items():
        original = _originals.get((owner, name)) or getattr(owner, name, None)
        if original is None or tuple(inspect.signature(original).parameters) != parameters:
            moved.append(f"{owner.__module__}.{owner.__qualname__}.{name}")
    return tuple(moved)


def install(world: World) -> None:
    """Make moto ask this world's judge until it closes; raises RuntimeError when moto has changed."""
    if moved := moved_symbols():
        raise RuntimeError(f"moto is not the 5.2.5 that qa.embedded.iam wraps: {', '.join(moved)}")
    if not any(each is world for each in _worlds):
        _worlds.append(world)
        world.on_close(lambda: _leave(world))
    if _originals:
        return
    for (owner, name), wrapper in _WRAPPERS.items():
        original = getattr(owner, name)
        _originals[owner, name] = original
        setattr(owner, name, wraps(original)(wrapper))
    for name in ADDED:
        setattr(IamResponse, name, getattr(simulator, name))


def _leave(world: World) -> None:
    _worlds[:] = [each for each in _worlds if each is not world]


def _world() -> World | None:
    """Return the world whose port the request came in on; None on a server without a judge.

    moto's classes are one per process, its servers need not be.
    """
    port = str(request.environ["SERVER_PORT"])
    endpoints = (
        (world, urlsplit(url)) for world in _worlds for url in (world.endpoint, world.insecure_endpoint)
    )
    return next((world for world, endpoint in endpoints if str(endpoint.port) == port), None)


def _dispatch(
    self: DomainDispatcherApplication, environ: WSGIEnvironment, start_response: StartResponse
) -> Any:
    remember_payload(environ)
    return _originals[DomainDispatcherApplication, "__call__"](self, environ, start_response)


def _call_action(self: BaseResponse) -> Any:
    world = _world()
    if world is not None:
        enforcement.authorize(world, self)
    return _originals[BaseResponse, "call_action"](self)


def _no_check_of_motos(self: BaseResponse, resource: str = "*") -> None:
    """Keep moto's own check off, whatever its settings: it knows no conditions and few resources."""


def _authorize_s3(self: S3Response, bucket_name: str | None = None, key_name: str | None = None) -> None:  # noqa: ARG001
    world = _world()
    if world is not None:
        s3_enforcement.authorize(world, bucket_name, key_name)


def _delete_keys(self: S3Response, bucket_name: str, authenticated: bool = True) -> Any:  # noqa: FBT001, FBT002
    original = _originals[S3Response, "_bucket_response_delete_keys"]
    world = _world()
    if world is None:
        return original(self, bucket_name, authenticated)
    return s3_enforcement.delete_permitted(world, self, bucket_name, original)


def _permitted(self: FakeBucket, action: str, resource: str) -> PermissionResult:  # noqa: ARG001 - moto's signature
    # moto's own look at the bucket policy ignores conditions; the judge decides
    return PermissionResult.PERMITTED


def _get_caller_identity(self: TokenResponse) -> ActionResult:
    world = _world()
    caller = None if world is None else world.authorizer.current()
    if world is None or caller is None or not caller.is_administrator:
        identity: ActionResult = _originals[TokenResponse, "get_caller_identity"](self)
        return identity
    user_id = f"AIDAQA{ADMINISTRATOR_NAME.upper()}"
    return ActionResult({"UserId": user_id, "Account": world.account_id, "Arn": caller.arn})


def _delete_policy(self: IAMBackend, policy_arn: str) -> None:
    entities.require_unattached(self, policy_arn)
    _originals[IAMBackend, "delete_policy"](self, policy_arn)


def _delete_user(self: IAMBackend, user_name: str) -> None:
    entities.require_idle_user(self, user_name)
    _originals[IAMBackend, "delete_user"](self, user_name)


def _delete_group(self: IAMBackend, group_name: str) -> None:
    entities.require_idle_group(self, group_name)
    _originals[IAMBackend, "delete_group"](self, group_name)


def _update_trust(self: IAMBackend, role_name: str, policy_document: str) -> None:
    entities.require_known_principals(self.account_id, policy_document)
    _originals[IAMBackend, "update_assume_role_policy"](self, role_name, policy_document)


def _create_role(
    self: IAMBackend, role_name: str, assume_role_policy_document: str, *rest: Any, **named: Any
) -> Any:
    entities.require_known_principals(self.account_id, assume_role_policy_document)
    create = _originals[IAMBackend, "create_role"]
    return create(self, role_name, assume_role_policy_document, *rest, **named)


_WRAPPERS: dict[tuple[type, str], Callable[..., Any]] = {
    (DomainDispatcherApplication, "__call__"): _dispatch,
    (BaseResponse, "call_action"): _call_action,
    (ActionAuthenticatorMixin, "_authenticate_and_authorize_normal_action"): _no_check_of_motos,
    (ActionAuthenticatorMixin, "_authenticate_and_authorize_s3_action"): _authorize_s3,
    (S3Response, "_bucket_response_delete_keys"): _delete_keys,
    (FakeBucket, "get_permission"): _permitted,
    (TokenResponse, "get_caller_identity"): _get_caller_identity,
    (IAMBackend, "delete_policy"): _delete_policy,
    (IAMBackend, "delete_user"): _delete_user,
    (IAMBackend, "delete_group"): _delete_group,
    (IAMBackend, "update_assume_role_policy"): _update_trust,
    (IAMBackend, "create_role"): _create_role,
}
