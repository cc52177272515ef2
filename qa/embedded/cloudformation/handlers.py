"""Create, update and delete one resource by what its type declares, and the status reason of a failure."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

from qa.embedded.service.resource_types import Subject

from .declared import Handler
from .errors import ResourceError, handler_code
from .names import generated_name
from .registry import modelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa.embedded.service.resource_types import ResourceType

    from .declared import Made
    from .stacks import Resource, Stack

log = logging.getLogger(__name__)


def create(stack: Stack, resource: Resource, properties: Mapping[str, Any]) -> Made:
    """Return a new physical resource; raises ResourceError with its status reason."""
    kind = modelled(resource.resource_type)
    name = _name(kind, stack, resource, properties)
    try:
        return _handler(stack, kind).create(_subject(stack, resource, properties, name=name))
    except Exception as broken:  # whatever a handler raises is that resource's failure
        raise _failure(resource, broken) from broken


def update(
    stack: Stack, resource: Resource, properties: Mapping[str, Any], *, before: Mapping[str, Any]
) -> Made:
    """Return the resource after an update in place; raises ResourceError with its status reason."""
    return _changed(stack, resource, properties, before=before, change=Handler.update)


def restore(
    stack: Stack, resource: Resource, properties: Mapping[str, Any], *, before: Mapping[str, Any]
) -> Made:
    """Return the resource as it was before an update that failed; raises ResourceError."""
    return _changed(stack, resource, properties, before=before, change=Handler.restore)


def _changed(
    stack: Stack,
    resource: Resource,
    properties: Mapping[str, Any],
    *,
    before: Mapping[str, Any],
    change: Callable[[Handler, Subject, Made], Made],
) -> Made:
    made: Made = resource.model
    subject = _subject(stack, resource, properties, name=made.name, before=before)
    try:
        return change(_handler(stack, modelled(resource.resource_type)), subject, made)
    except Exception as broken:  # as above
        raise _failure(resource, broken) from broken


def delete(stack: Stack, resource: Resource) -> None:
    """Delete the physical resource; raises ResourceError with its status reason."""
    made: Made = resource.model
    try:
        subject = _subject(stack, resource, resource.properties, name=made.name)
        _handler(stack, modelled(resource.resource_type)).delete(subject)
    except Exception as broken:  # as above
        raise _failure(resource, broken) from broken


def physical_id(made: Made) -> str:
    """Return what Ref gives for the resource."""
    return made.physical_resource_id


def _handler(stack: Stack, kind: ResourceType) -> Handler:
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


def _name(kind: ResourceType, stack: Stack, resource: Resource, properties: Mapping[str, Any]) -> str:
    chosen = properties.get(kind.named_by)
    if isinstance(chosen, str) and chosen:
        return chosen
    return generated_name(kind.name, kind.prefix or stack.name, resource.logical_id, longest=kind.limit)


def _failure(resource: Resource, broken: Exception) -> ResourceError:
    message, code = _reason_and_code(broken)
    if code == "InternalFailure":
        log.error("the handler of %s failed", resource.resource_type, exc_info=broken)
    token = uuid.uuid4()
    return ResourceError(
        resource.logical_id,
        f'Resource handler returned message: "{message}" (RequestToken: {token}, HandlerErrorCode: {code})',
    )


def _reason_and_code(broken: Exception) -> tuple[str, str]:
    """Return the message and the handler's error code of what a handler raised."""
    message = getattr(broken, "message", None)
    if not isinstance(message, str) or not message:
        own = isinstance(broken, (KeyError, TypeError, AttributeError, IndexError, RecursionError))
        return (repr(broken), "InternalFailure") if own else (str(broken) or repr(broken), "InvalidRequest")
    code = getattr(broken, "error_type", None) or getattr(broken, "code", None) or ""
    return message, handler_code(str(code))
