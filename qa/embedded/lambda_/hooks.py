"""Where moto 5.2.5 is made to call the real Lambda; the only place that changes moto's classes."""

from __future__ import annotations

import inspect
import json
from functools import wraps
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.utilities.aws_headers import amz_crc32

from .api import REQUEST_ID, LambdaApi, check_statement, checked_name, with_concurrency, with_logging
from .refusals import not_modelled

if TYPE_CHECKING:
    from collections.abc import Callable

# What is wrapped, with the parameters that the wrappers rely on.
WRAPPED: dict[tuple[type, str], tuple[str, ...]] = {
    (LambdaResponse, "invoke"): ("self",),
    (LambdaResponse, "_enrich_response"): ("headers", "body"),
    (LambdaResponse, "get_function_concurrency"): ("self",),
    (LambdaFunction, "invoke"): ("self", "body", "request_headers", "response_headers"),
    (LambdaFunction, "get_configuration"): ("self", "on_create"),
    (LambdaFunction, "get_code"): ("self",),
    (LambdaBackend, "create_function"): ("self", "spec"),
    (LambdaBackend, "update_function_code"): ("self", "function_name", "qualifier", "body"),
    (LambdaBackend, "update_function_configuration"): ("self", "function_name", "qualifier", "body"),
    (LambdaBackend, "put_function_concurrency"): ("self", "function_name", "reserved_concurrency"),
    (LambdaBackend, "put_function_event_invoke_config"): ("self", "function_name", "config"),
    (LambdaBackend, "add_permission"): ("self", "function_name", "qualifier", "raw"),
    (LambdaBackend, "delete_function"): ("self", "function_name", "qualifier"),
}
_originals: dict[tuple[type, str], Callable[..., Any]] = {}
_current: list[LambdaApi] = []


def moved_symbols() -> tuple[str, ...]:
    """Return which of moto's symbols are no longer what the wrappers expect; empty for moto 5.2.5."""
    moved = []
    for (owner, name), parameters in WRAPPED.items():
        original = _originals.get((owner, name)) or getattr(owner, name, None)
        if original is None or tuple(inspect.signature(original).parameters) != parameters:
            moved.append(f"{owner.__module__}.{owner.__qualname__}.{name}")
    return tuple(moved)


def install(api: LambdaApi) -> None:
    """Make moto's Lambda answer through `api` until it is uninstalled.

    Raises RuntimeError when moto is not the one that this module was written for.
    """
    if moved := moved_symbols():
        raise RuntimeError(f"moto is not the 5.2.5 that qa.embedded.lambda_ wraps: {', '.join(moved)}")
    _current.append(api)
    if not _originals:
        for (owner, name), wrapper in _WRAPPERS.items():
            original = getattr(owner, name)
            _originals[owner, name] = original
            setattr(owner, name, wraps(original)(wrapper))


def uninstall(api: LambdaApi) -> None:
    """Let moto's Lambda answer through the one installed before, if there is any."""
    _current.remove(api)


def _api() -> LambdaApi:
    return _current[-1]


def _original(owner: type, name: str, *arguments: Any, **named: Any) -> Any:
    return _originals[owner, name](*arguments, **named)


@amz_crc32
def _invoke(self: LambdaResponse) -> Any:
    return _api().invoke(self)


def _enrich_response(_: LambdaResponse, headers: dict[str, Any], body: Any) -> Any:
    # moto gives every answer an ID of its own
    of_invocation = headers.get(REQUEST_ID)
    headers, body = _original(LambdaResponse, "_enrich_response", headers, body)
    return ({**headers, REQUEST_ID: of_invocation} if of_invocation else headers), body


def _get_function_concurrency(self: LambdaResponse) -> Any:
    status, headers, body = _original(LambdaResponse, "get_function_concurrency", self)
    reserved = {name: value for name, value in json.loads(body).items() if value is not None}
    return status, headers, json.dumps(reserved)


def _invoke_function(self: LambdaFunction, body: str, _: Any, __: Any) -> bytes:
    # only SNS asks: what AWS lets wait for a function, event source mappings, is refused by name
    _api().queue_from_service(self, body)
    return b""


def _get_configuration(self: LambdaFunction, on_create: bool = False) -> Any:  # noqa: FBT001, FBT002 - moto's
    return with_logging(self, _original(LambdaFunction, "get_configuration", self, on_create))


def _get_code(self: LambdaFunction) -> Any:
    return with_concurrency(self, _original(LambdaFunction, "get_code", self))


def _create_function(self: LambdaBackend, spec: dict[str, Any]) -> Any:
    spec = {**spec, "FunctionName": checked_name(spec["FunctionName"])}
    _api().check_new(spec, region=self.region_name)
    created = _original(LambdaBackend, "create_function", self, spec)
    _api().created(self.get_function(created.function_name), spec)
    return created


def _update_code(self: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]) -> Any:
    _api().check_new_code(body)
    function = self.get_function(function_name, qualifier)
    answer = _original(LambdaBackend, "update_function_code", self, function_name, qualifier, body)
    _api().new_code(function, body)
    return answer


def _update_configuration(
    self: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]
) -> Any:
    function = self.get_function(function_name, qualifier)
    _api().check_change(function, body)
    _original(LambdaBackend, "update_function_configuration", self, function_name, qualifier, body)
    _api().changed(function, body)
    return function.get_configuration()


def _put_concurrency(self: LambdaBackend, function_name: str, reserved_concurrency: str) -> Any:
    return _api().reserve(self, function_name, int(reserved_concurrency))


def _put_event_invoke_config(self: LambdaBackend, function_name: str, config: dict[str, Any]) -> Any:
    if any((config.get("DestinationConfig") or {}).values()):
        raise not_modelled("DestinationConfig of asynchronous invocations")
    return _original(LambdaBackend, "put_function_event_invoke_config", self, function_name, config)


def _add_permission(self: LambdaBackend, function_name: str, qualifier: str, raw: str) -> Any:
    check_statement(self.get_function(function_name, qualifier), json.loads(raw).get("StatementId"))
    return _original(LambdaBackend, "add_permission", self, function_name, qualifier, raw)


def _delete_function(self: LambdaBackend, function_name: str, qualifier: str | None = None) -> None:
    function = self.get_function(function_name, qualifier)
    _original(LambdaBackend, "delete_function", self, function_name, qualifier)
    _api().deleted(function)


_WRAPPERS: dict[tuple[type, str], Callable[..., Any]] = {
    (LambdaResponse, "invoke"): _invoke,
    (LambdaResponse, "_enrich_response"): _enrich_response,
    (LambdaResponse, "get_function_concurrency"): _get_function_concurrency,
    (LambdaFunction, "invoke"): _invoke_function,
    (LambdaFunction, "get_configuration"): _get_configuration,
    (LambdaFunction, "get_code"): _get_code,
    (LambdaBackend, "create_function"): _create_function,
    (LambdaBackend, "update_function_code"): _update_code,
    (LambdaBackend, "update_function_configuration"): _update_configuration,
    (LambdaBackend, "put_function_concurrency"): _put_concurrency,
    (LambdaBackend, "put_function_event_invoke_config"): _put_event_invoke_config,
    (LambdaBackend, "add_permission"): _add_permission,
    (LambdaBackend, "delete_function"): _delete_function,
}
