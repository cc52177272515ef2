"""Where moto is made to call the real Lambda: what is patched of its classes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.utilities.aws_headers import amz_crc32

from qa.embedded.patches import Patch

from .api import REQUEST_ID, LambdaApi, check_statement, checked_name, with_concurrency, with_logging
from .refusals import not_modelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from qa.embedded.world import World

    Original: TypeAlias = Callable[..., Any]

OPTIONAL: dict[str, dict[str, Any]] = {
    "Environment": {"Variables": {}},
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}
"""Members that moto takes for given inside a parameter of UpdateFunctionConfiguration."""


def _invoke(_: Original, world: World) -> Original:
    def invoke(self: LambdaResponse) -> Any:
        return world.part(LambdaApi).invoke(self)

    wrapped: Original = amz_crc32(invoke)
    return wrapped


def _enrich_response(original: Original, _: World) -> Original:
    def enrich_response(_: LambdaResponse, headers: dict[str, Any], body: Any) -> Any:
        # moto gives every response an ID of its own
        of_invocation = headers.get(REQUEST_ID)
        headers, body = original(headers, body)  # moto's is static
        return ({**headers, REQUEST_ID: of_invocation} if of_invocation else headers), body

    return enrich_response


def _get_function_concurrency(original: Original, _: World) -> Original:
    def get_function_concurrency(self: LambdaResponse) -> Any:
        status, headers, body = original(self)
        reserved = {name: value for name, value in json.loads(body).items() if value is not None}
        return status, headers, json.dumps(reserved)

    return get_function_concurrency


def _invoke_function(_: Original, world: World) -> Original:
    def invoke(self: LambdaFunction, body: str, *_: Any) -> bytes:
        # only SNS calls it: what AWS lets wait for a function, event source mappings, is refused by name
        world.part(LambdaApi).queue_from_service(self, body)
        return b""

    return invoke


def _get_configuration(original: Original, _: World) -> Original:
    def get_configuration(self: LambdaFunction, *, on_create: bool = False) -> Any:
        return with_logging(self, original(self, on_create))

    return get_configuration


def _get_code(original: Original, _: World) -> Original:
    return lambda self: with_concurrency(self, original(self))


def _create_function(original: Original, world: World) -> Original:
    def create_function(self: LambdaBackend, spec: dict[str, Any]) -> Any:
        spec = {**spec, "FunctionName": checked_name(spec["FunctionName"])}
        api = world.part(LambdaApi)
        api.check_new(spec, region=self.region_name)
        created = original(self, spec)
        api.created(self.get_function(created.function_name), spec)
        return created

    return create_function


def _update_code(original: Original, world: World) -> Original:
    def update_function_code(
        self: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> Any:
        api = world.part(LambdaApi)
        api.check_new_code(body)
        function = self.get_function(function_name, qualifier)
        response = original(self, function_name, qualifier, body)
        api.new_code(function, body)
        return response

    return update_function_code


def _update_configuration(original: Original, world: World) -> Original:
    def update_function_configuration(
        self: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> Any:
        api = world.part(LambdaApi)
        function = self.get_function(function_name, qualifier)
        api.check_change(function, body)
        given = {
            name: {**empty, **body[name]} for name, empty in OPTIONAL.items() if body.get(name) is not None
        }
        original(self, function_name, qualifier, {**body, **given})
        api.changed(function, body)
        return function.get_configuration()

    return update_function_configuration


def _put_concurrency(_: Original, world: World) -> Original:
    def put_function_concurrency(self: LambdaBackend, function_name: str, reserved_concurrency: str) -> Any:
        return world.part(LambdaApi).reserve(self, function_name, int(reserved_concurrency))

    return put_function_concurrency


def _put_event_invoke_config(original: Original, _: World) -> Original:
    def put_function_event_invoke_config(
        self: LambdaBackend, function_name: str, config: dict[str, Any]
    ) -> Any:
        if any((config.get("DestinationConfig") or {}).values()):
            raise not_modelled("DestinationConfig of asynchronous invocations")
        return original(self, function_name, config)

    return put_function_event_invoke_config


def _add_permission(original: Original, _: World) -> Original:
    def add_permission(self: LambdaBackend, function_name: str, qualifier: str, raw: str) -> Any:
        check_statement(self.get_function(function_name, qualifier), json.loads(raw).get("StatementId"))
        return original(self, function_name, qualifier, raw)

    return add_permission


def _delete_function(original: Original, world: World) -> Original:
    def delete_function(self: LambdaBackend, function_name: str, qualifier: str | None = None) -> None:
        function = self.get_function(function_name, qualifier)
        original(self, function_name, qualifier)
        world.part(LambdaApi).deleted(function)

    return delete_function


def _patch(owner: type, name: str, parameters: str, around: Callable[[Original, World], Original]) -> Patch:
    return Patch(owner=owner, name=name, parameters=parameters, around=around)


_UPDATE = "self, function_name, qualifier, body"

PATCHES = (
    _patch(LambdaResponse, "invoke", "self", _invoke),
    _patch(LambdaResponse, "_enrich_response", "headers, body", _enrich_response),
    _patch(LambdaResponse, "get_function_concurrency", "self", _get_function_concurrency),
    _patch(LambdaFunction, "invoke", "self, body, request_headers, response_headers", _invoke_function),
    _patch(LambdaFunction, "get_configuration", "self, on_create", _get_configuration),
    _patch(LambdaFunction, "get_code", "self", _get_code),
    _patch(LambdaBackend, "create_function", "self, spec", _create_function),
    _patch(LambdaBackend, "update_function_code", _UPDATE, _update_code),
    _patch(LambdaBackend, "update_function_configuration", _UPDATE, _update_configuration),
    _patch(
        LambdaBackend,
        "put_function_concurrency",
        "self, function_name, reserved_concurrency",
        _put_concurrency,
    ),
    _patch(
        LambdaBackend,
        "put_function_event_invoke_config",
        "self, function_name, config",
        _put_event_invoke_config,
    ),
    _patch(LambdaBackend, "add_permission", "self, function_name, qualifier, raw", _add_permission),
    _patch(LambdaBackend, "delete_function", "self, function_name, qualifier", _delete_function),
)
