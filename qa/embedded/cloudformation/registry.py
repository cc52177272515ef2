"""Which resource types and properties the embedded AWS really has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from .errors import invalid, unmodelled
from .schemas import schema_of
from .values import wrong_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.service.resource_types import ResourceType

    from .template import Template


@cache
def declared_types() -> Mapping[str, ResourceType]:
    """Return the types that services declare, by their names."""
    # the list of services has CloudFormation itself in it
    from qa.embedded.services import SERVICES  # noqa: PLC0415

    return {kind.name: kind for service in SERVICES for kind in service.resource_types}


@cache
def properties_of(resource_type: str) -> frozenset[str] | None:
    """Return the properties of the type that are honoured; None for a type that is not modelled."""
    kind = declared_types().get(resource_type)
    return None if kind is None else kind.properties


def modelled(resource_type: str) -> ResourceType:
    """Return the type; raises RefusedError for one that is not modelled."""
    kind = declared_types().get(resource_type)
    if kind is None:
        raise unmodelled(f"`{resource_type}`")
    return kind


def supported_types() -> frozenset[str]:
    """Return every resource type that a template may use."""
    return frozenset(declared_types())


def check_types(template: Template, region: str) -> None:
    """Refuse types that AWS does not have."""
    types = {resource["Type"] for resource in template.resources.values()}
    unknown = sorted(name for name in types if not _exists(name, region))
    if unknown:
        raise invalid(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")


def has_attribute(resource_type: str, attribute: str, region: str) -> bool:
    """Say whether Fn::GetAtt knows the attribute."""
    kind, schema = declared_types().get(resource_type), schema_of(resource_type, region)
    if kind is not None and attribute in kind.attributes:
        return True
    return schema is not None and attribute.partition(".")[0] in schema.readable


def unsupported_property(
    logical_id: str, resource_type: str, properties: Mapping[str, Any], region: str
) -> str | None:
    """Return what the service says of a property that the type does not have; None if all is well."""
    schema = schema_of(resource_type, region)
    if schema is None:
        return None
    for name in properties:
        if name not in schema.properties or name in schema.read_only:
            return f"Encountered unsupported property {name}"
    found = [
        f"{where}: extraneous key [{key}] is not permitted" for where, key in schema.extraneous(properties)
    ]
    return _validation_failed(logical_id, found)


def missing_property(
    logical_id: str, resource_type: str, properties: Mapping[str, Any], region: str
) -> str | None:
    """Return what the service says of required properties that are not given; None if all are."""
    schema = schema_of(resource_type, region)
    missing = [] if schema is None else [name for name in schema.required if name not in properties]
    return _validation_failed(logical_id, [f"#: required key [{name}] not found" for name in missing])


def wrong_value(
    logical_id: str, resource_type: str, properties: Mapping[str, Any], region: str
) -> str | None:
    """Return what the service says of values that the type's schema does not allow; None if all are."""
    schema = schema_of(resource_type, region)
    found = [] if schema is None else list(wrong_values(resource_type, schema, properties))
    return _validation_failed(logical_id, found)


def _validation_failed(logical_id: str, found: list[str]) -> str | None:
    if not found:
        return None
    violations = "\n".join(found)
    return f"Properties validation failed for resource {logical_id} with message:\n{violations}"


def _exists(resource_type: str, region: str) -> bool:
    if resource_type.startswith("Custom::") or resource_type.endswith("::MODULE"):
        return True
    return schema_of(resource_type, region) is not None
