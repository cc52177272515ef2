"""What has to be there for every service of the embedded AWS, and what of it a list of services lacks."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import UnknownServiceError
from botocore.session import Session

import qa.embedded
from qa.embedded.cloudformation.parameters import TYPES as PLAIN_TYPES
from qa.embedded.cloudformation.schemas import schema_of
from qa.embedded.judge.errors import NotModelledError
from qa.embedded.patches import drift
from qa.embedded.s3.rights import S3Call, needs_of
from qa.live.evidence.services import COLLECTORS
from qa.stack.clients import Clients

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qa.embedded.service.declaration import Service
    from qa.embedded.service.resource_types import ResourceType

# operations that a request may be taken for, and that the service's own model does not name
BESIDE_THE_MODEL = {"s3": frozenset({"BucketCORSPreflightCheck", "ObjectCORSPreflightCheck", "PostObject"})}
PARTS = {
    "coverage": ("coverage", "COVERAGE"),
    "rights": ("rights", "RIGHTS"),
    "policy_of": ("rights", "policy_of"),
    "resource_types": ("resources", "RESOURCE_TYPES"),
    "dynamic_references": ("templates", "DYNAMIC_REFERENCES"),
    "parameter_types": ("templates", "PARAMETER_TYPES"),
    "start": ("", "start"),
    "patches": ("", "PATCHES"),
}
"""Parts of a service, and the module of its package and the name where each stands."""
WITHOUT_CLIENT = {"dynamodbstreams": "replication is looked at in the tables, never in their streams"}
WITHOUT_EVIDENCE = {
    "dynamodbstreams": "nothing asks it",
    "logs": "the log of an invocation is shown with its function",
    "sqs": "a check's own queue is gone after it; its topic is shown",
    "sts": "it keeps nothing but sessions",
}


def forgotten(services: Sequence[Service]) -> tuple[str, ...]:
    """Return a line on each thing that a service or a resource type lacks."""
    return tuple(
        line
        for service in services
        for line in (*_of(service), *_of_types(service, services), *_of_values(service, services))
    )


def undeclared(services: Sequence[Service]) -> tuple[str, ...]:
    """Return a line on each service, and each part of one, that a package has and nothing declares."""
    return tuple(_undeclared({each.name: each for each in services}))


def _undeclared(known: Mapping[str, Service]) -> Iterator[str]:
    for path in sorted(Path(qa.embedded.__file__).parent.glob("*/declaration.py")):
        package = f"qa.embedded.{path.parent.name}"
        if package == "qa.embedded.service":  # where services are declared, and none itself
            continue
        name = import_module(f"{package}.declaration").SERVICE.name
        if name not in known:
            yield f"{name}: qa/embedded/services.py does not list {package}"
            continue
        for part, (module, value) in PARTS.items():
            full = f"{package}.{module}" if module else package
            own = getattr(import_module(full), value, None) if find_spec(full) else None
            if own is not None and getattr(known[name], part) is not own:
                yield f"{name}: declaration.py leaves out {value} of {full}"


def package_of(name: str) -> str:
    """Return how Python spells the name of a service."""
    return f"{name}_" if iskeyword(name) else name


def _of(service: Service) -> Iterator[str]:
    name = service.name
    model = _model(name)
    if model is None:
        yield f"{name}: boto3 has no service of this name"
        return
    if service.scope != model.signing_name:
        yield f"{name}: its requests are signed for {model.signing_name!r}, declared as {service.scope!r}"
    operations = frozenset(model.operation_names) | BESIDE_THE_MODEL.get(name, frozenset())
    classified = service.coverage.modelled | service.coverage.refused.keys()
    yield from _lines(name, "coverage.py says nothing of", operations - classified)
    yield from _lines(name, "coverage.py names an unknown operation", classified - operations)
    yield from _lines(name, "rights.py has no rights for", _without_rights(service, model))
    for patch in service.patches:
        yield from (f"{name}: patch of moto: {difference}" for difference in drift([patch]))
    if name not in WITHOUT_CLIENT and not hasattr(Clients, package_of(name)):
        yield f"{name}: qa/stack/clients.py has no client"
    if name not in WITHOUT_EVIDENCE and name not in COLLECTORS:
        yield f"{name}: qa/live/evidence/services.py has no collector"


def _of_types(service: Service, services: Sequence[Service]) -> Iterator[str]:
    known = {each.name: each for each in services}
    for kind in service.resource_types:
        schema = schema_of(kind.name, "us-east-1")
        if schema is None:
            yield f"{kind.name}: CloudFormation has no type of this name"
            continue
        allowed = schema.properties - schema.read_only
        yield from _lines(kind.name, "its schema has no property", kind.properties - allowed)
        yield from _unanswered(kind.name, set(_requests(kind)), known)


def _of_values(service: Service, services: Sequence[Service]) -> Iterator[str]:
    """Yield what is missing for the values that templates take of a service by a name."""
    known = {each.name: each for each in services}
    named = {f"{{{{resolve:{name}:…}}}}": value for name, value in service.dynamic_references.items()}
    named |= {name: kind.value for name, kind in service.parameter_types.items()}
    for name, value in named.items():
        call = value.request("name")
        yield from _unanswered(name, {(call.service, call.operation)}, known)
    for name, kind in service.parameter_types.items():
        if kind.of not in PLAIN_TYPES:
            yield f"{name}: is read as {kind.of}, which is no type of parameters"


def _unanswered(
    what: str, requests: Iterable[tuple[str, str]], known: Mapping[str, Service]
) -> Iterator[str]:
    for name, operation in sorted(requests):
        if name not in known:
            yield f"{what}: sends {name}:{operation}, and qa/embedded/services.py has no {name}"
        elif operation not in known[name].coverage.modelled:
            yield f"{what}: sends {name}:{operation}, which is not modelled"


def _requests(kind: ResourceType) -> Iterator[tuple[str, str]]:
    """Yield service and operation of each request that a type may send."""
    singles = [kind.create, kind.read, kind.exists]
    parts: list[Any] = [*kind.settings, *kind.delete]
    for part in parts:
        singles += [getattr(part, "put", None), getattr(part, "remove", None)]
        singles += [part] if hasattr(part, "operation") else []
        yield from ((kind.service, operation) for operation in getattr(part, "operations", ()))
    for request in singles:
        if request is not None:
            yield request.service or kind.service, request.operation


def _without_rights(service: Service, model: Any) -> Iterable[str]:
    if service.name != "s3":
        return service.coverage.modelled - service.rights.keys()
    return [name for name in service.coverage.modelled if not _has_rights_in_s3(model.operation_model(name))]


def _has_rights_in_s3(operation: Any) -> bool:
    """Say whether S3, which goes by method and query, finds the rights of an operation's request."""
    path, _, query = operation.http["requestUri"].partition("?")
    shape = operation.input_shape
    required = () if shape is None else shape.required_members
    places = {name: shape.members[name].serialization for name in required}
    needed = {each["name"]: "x" for each in places.values() if each.get("location") == "querystring"}
    fixed = dict(part.partition("=")[::2] for part in query.split("&") if part)
    call = S3Call(
        method=operation.http["method"],
        bucket="documents" if "{Bucket}" in path else None,
        key="a" if "{Key+}" in path else None,
        query={**fixed, **needed},
        headers={each["name"]: "a/b" for each in places.values() if each.get("location") == "header"},
    )
    try:
        needs_of(call)
    except NotModelledError:
        return False
    return True


def _lines(name: str, what: str, missing: Iterable[str]) -> Iterator[str]:
    yield from (f"{name}: {what} {each}" for each in sorted(missing))


@cache
def _model(name: str) -> Any:
    try:
        return Session().get_service_model(name)
    except UnknownServiceError:
        return None
