"""What a stack asks for that is not modelled: all of it in one refusal, before anything is made."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from moto.core.utils import get_service_model

from qa.embedded.inside import fitted
from qa.embedded.service.declaration import service_named
from qa.embedded.service.resource_types import Each, Request, Setting, Subject, Value

from .errors import unmodelled
from .intrinsics import unmodelled_functions
from .references import references
from .registry import declared_types, unsupported_property
from .schemas import is_function, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.embedded.service.resource_types import ResourceType
    from qa.embedded.world import World

# Every resource may say these; they change nothing that the embedded AWS does.
_IGNORED_POLICIES = ("Delete", "Retain", "RetainExceptOnCreate")


def refuse_unmodelled(
    world: World, resources: Mapping[str, Mapping[str, Any]], outputs: Mapping[str, Any], *, region: str
) -> None:
    """Raise RefusedError that names everything that is not modelled; conditions are decided already."""
    found: dict[str, None] = {}
    for logical_id, resource in resources.items():
        found.update(dict.fromkeys(_of_resource(world, logical_id, resource, region)))
    for name, output in outputs.items():
        found.update(dict.fromkeys(unmodelled_functions(output, f"Outputs/{name}")))
    for entry in (*resources.values(), *outputs.values()):
        found.update(dict.fromkeys(_unmodelled_attributes(entry, resources, region)))
    if found:
        raise unmodelled("; ".join(found))


def _of_resource(world: World, logical_id: str, resource: Mapping[str, Any], region: str) -> Iterator[str]:
    where, name = f"`Resources/{logical_id}`", resource["Type"]
    properties: Mapping[str, Any] = resource.get("Properties", {})
    yield from unmodelled_functions(properties, f"Resources/{logical_id}/Properties")
    yield from (f"{each} at {where}" for each in _attributes(resource))
    if unsupported_property(logical_id, name, properties, region):
        return  # the service finds that when it comes to the resource, and so do we
    kind = declared_types().get(name)
    if kind is None:
        yield f"`{name}` at {where}"
        return
    for path in _properties(kind, properties):
        yield f"property {path} of `{name}` at {where}"
    for what in _parameters(world, kind, properties, region):
        yield f"{what} at {where}"


def _attributes(resource: Mapping[str, Any]) -> Iterator[str]:
    yield from (each for each in ("CreationPolicy", "UpdatePolicy") if each in resource)
    for each in ("DeletionPolicy", "UpdateReplacePolicy"):
        if resource.get(each, "Delete") not in _IGNORED_POLICIES:
            yield f"{each} {resource[each]}"


def _properties(kind: ResourceType, properties: Mapping[str, Any]) -> Iterator[str]:
    for name, value in properties.items():
        if name not in kind.properties:
            yield name
        elif name in kind.parts:
            yield from (f"{name}.{key}" for key in _keys(value) if key not in kind.parts[name].split())
        else:
            unknown = [set(_unknown(shape, value, name)) for shape in _shapes(kind.name, name)]
            yield from sorted(set.intersection(*unknown)) if unknown else ()


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _keys(each)
    elif isinstance(value, dict) and not is_function(value):
        yield from value


@cache
def _shapes(type_name: str, name: str) -> tuple[Any, ...]:
    """Return the shapes of the parameters that a property goes to as it stands."""
    kind = declared_types()[type_name]
    found = []
    for request in _requests(kind):
        members = _members(request.service or kind.service, request.operation)
        for parameter, value in request.parameters.items():
            if isinstance(value, Value) and value.path == name and parameter.lower() in members:
                found.append(members[parameter.lower()])
    return tuple(found)


def _requests(kind: ResourceType) -> Iterator[Request]:
    if kind.create is not None:
        yield kind.create
    for each in kind.settings:
        if isinstance(each, Setting | Each):
            yield each.put


def _members(service: str, operation: str) -> dict[str, Any]:
    shape = get_service_model(service).operation_model(operation).input_shape
    return {} if shape is None else {name.lower(): member for name, member in shape.members.items()}


def _unknown(shape: Any, value: Any, path: str) -> Iterator[str]:
    """Yield the paths of members that the shape of a parameter has not."""
    if isinstance(value, list) and shape.type_name == "list":
        for each in value:
            yield from _unknown(shape.member, each, path)
    elif isinstance(value, dict) and shape.type_name == "structure" and not is_function(value):
        members = {name.lower(): member for name, member in shape.members.items()}
        for key, part in value.items():
            if key.lower() in members:
                yield from _unknown(members[key.lower()], part, f"{path}.{key}")
            else:
                yield f"{path}.{key}"


def _parameters(
    world: World, kind: ResourceType, properties: Mapping[str, Any], region: str
) -> Iterator[str]:
    """Yield what the services do not model of the requests, as far as no function has to make it first."""
    subject = Subject(
        account_id=world.account_id, region=region, name="name", properties=_literal(properties)
    )
    for request in _requests(kind):
        service = request.service or kind.service
        known = service_named(world.services, service)
        shape = get_service_model(service).operation_model(request.operation).input_shape
        if known is None or shape is None or not request.given(subject):
            continue
        with suppress(Exception):  # what cannot be filled in yet is for the request itself
            filled = fitted(shape, request.call(subject).parameters)
            what = known.refused_parameter(request.operation, filled)
            if what is not None:
                yield what


def _literal(value: Any) -> Any:
    if isinstance(value, list):
        return [each for each in map(_literal, value) if each is not None]
    if not isinstance(value, dict):
        return value
    if is_function(value):
        return None
    parts = {name: _literal(part) for name, part in value.items()}
    return {name: part for name, part in parts.items() if part is not None}


def _unmodelled_attributes(
    entry: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]], region: str
) -> Iterator[str]:
    """Yield the attributes that AWS tells of a resource and that are not known here."""
    for reference in references([entry.get("Properties"), entry.get("Value"), entry.get("Export")]):
        target, attribute = resources.get(reference.target), reference.attribute
        if target is None or attribute is None:
            continue
        kind, schema = declared_types().get(target["Type"]), schema_of(target["Type"], region)
        if kind is None or schema is None or attribute in kind.attributes:
            continue
        if attribute.partition(".")[0] in schema.read_only:
            yield f"attribute {attribute} of `{kind.name}` at `Resources/{reference.target}`"
