"""Create, update and delete one resource through the class that models its type."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

from qa.embedded.service.resource_types import Subject

from . import rights
from .declared import Handler
from .errors import ResourceError, handler_code
from .handler_rights import Phase
from .names import generated_name
from .registry import declared_types, modelled, name_property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .stacks import Resource, Stack

log = logging.getLogger(__name__)


def create(stack: Stack, resource: Resource, properties: Mapping[str, Any]) -> Any:
    """Return the model of a new physical resource; raises ResourceError with its status reason."""
    name = _name(stack, resource, properties)
    try:
        handler = _handler(stack, resource)
        if handler is not None:
            return handler.create(_subject(stack, resource, properties, name=name))
        model = modelled(resource.resource_type)
        rights.require(Phase.CREATE, stack, resource, name=name, properties=properties)
        made = model.create_from_cloudformation_json(
            name,
            _json(resource, properties),
            stack.account_id,
            stack.region,
            LogicalId=resource.logical_id,
            StackId=stack.stack_id,
            ResourceType=resource.resource_type,
        )
        _require_after_creation(stack, resource, made, properties)
    except Exception as broken:  # whatever a resource class raises is that resource's failure
        raise _failure(resource, broken) from broken
    return made


def _require_after_creation(
    stack: Stack, resource: Resource, made: Any, properties: Mapping[str, Any]
) -> None:
    try:
        rights.require(
            Phase.CREATED,
            stack,
            resource,
            name=physical_id(made) or resource.logical_id,
            properties=properties,
        )
    except rights.DeniedError:
        _remove(stack, resource, made, physical_id(made), properties)  # a failed creation leaves nothing
        raise


def update(
    stack: Stack, resource: Resource, properties: Mapping[str, Any], *, before: Mapping[str, Any]
) -> Any:
    """Return the model after an update in place; raises ResourceError with its status reason."""
    name = resource.physical_id
    try:
        handler = _handler(stack, resource)
        if handler is not None:
            subject = _subject(stack, resource, properties, name=resource.model.name, before=before)
            return handler.update(subject, resource.model)
        model = modelled(resource.resource_type)
        rights.require(Phase.UPDATE, stack, resource, name=name, properties=properties)
        updated = model.update_from_cloudformation_json(
            original_resource=resource.model,
            new_resource_name=_name(stack, resource, properties),
            cloudformation_json=_json(resource, properties),
            account_id=stack.account_id,
            region_name=stack.region,
        )
    except Exception as broken:  # as above
        raise _failure(resource, broken) from broken
    return resource.model if updated is None else updated


def delete(stack: Stack, resource: Resource) -> None:
    """Delete the physical resource; raises ResourceError with its status reason."""
    name, properties = resource.physical_id, resource.properties
    try:
        handler = _handler(stack, resource)
        if handler is not None:
            handler.delete(_subject(stack, resource, properties, name=resource.model.name))
            return
        rights.require(Phase.DELETE, stack, resource, name=name, properties=properties)
        _remove(stack, resource, resource.model, name, properties)
    except Exception as broken:  # as above
        raise _failure(resource, broken) from broken


def _remove(
    stack: Stack, resource: Resource, model: Any, physical_name: str, properties: Mapping[str, Any]
) -> None:
    if callable(getattr(model, "delete", None)):
        model.delete(stack.account_id, stack.region)
    else:
        modelled(resource.resource_type).delete_from_cloudformation_json(
            physical_name, _json(resource, properties), stack.account_id, stack.region
        )


def physical_id(model: Any) -> str:
    """Return what Ref gives for the model."""
    return str(getattr(model, "physical_resource_id", "") or "")


def _handler(stack: Stack, resource: Resource) -> Handler | None:
    kind = declared_types().get(resource.resource_type)
    if kind is None:
        return None
    return Handler(kind=kind, world=stack.world, caller=stack.world.authorizer.current())


def _subject(
    stack: Stack,
    resource: Resource,
    properties: Mapping[str, Any],
    *,
    name: str,
    before: Mapping[str, Any] | None = None,
) -> Subject:
    return Subject(
        account_id=stack.account_id,
        region=stack.region,
        name=name,
        properties=properties,
        before=before,
        physical_id=resource.physical_id,
    )


def _name(stack: Stack, resource: Resource, properties: Mapping[str, Any]) -> str:
    chosen = properties.get(name_property(resource.resource_type))
    if isinstance(chosen, str) and chosen:
        return chosen
    kind = declared_types().get(resource.resource_type)
    longest = None if kind is None else kind.limit
    prefix = stack.name if kind is None else kind.prefix or stack.name
    return generated_name(resource.resource_type, prefix, resource.logical_id, longest=longest)


def _json(resource: Resource, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"Type": resource.resource_type, "Properties": dict(properties)}


def _failure(resource: Resource, broken: Exception) -> ResourceError:
    message, code = _told(broken)
    if code == "InternalFailure":
        log.error("the model of %s failed", resource.resource_type, exc_info=broken)
    token = uuid.uuid4()
    return ResourceError(
        resource.logical_id,
        f'Resource handler returned message: "{message}" (RequestToken: {token}, HandlerErrorCode: {code})',
    )


def _told(broken: Exception) -> tuple[str, str]:
    """Return the message and the handler's error code of what a model raised."""
    message = getattr(broken, "message", None)
    if not isinstance(message, str) or not message:
        own = isinstance(broken, (KeyError, TypeError, AttributeError, IndexError, RecursionError))
        return (repr(broken), "InternalFailure") if own else (str(broken) or repr(broken), "InvalidRequest")
    code = getattr(broken, "error_type", None) or getattr(broken, "code", None) or ""
    return message, handler_code(str(code))
