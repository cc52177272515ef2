"""The words that say where a fault hits: regions, services by boto3's names, their operations."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from qa.embedded.fields import Name, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.service.declaration import Service


def _region_refusal(region: str, _: Mapping[str, Any]) -> str | None:
    return None if region in _regions() else unknown("region", region, _regions())


def _service_refusal(service: str, _: Mapping[str, Any]) -> str | None:
    if service in _services():
        return None
    for each in _services().values():
        if each.scope == service:  # `monitoring` is what signatures call CloudWatch
            return f"unknown service {service!r}. Did you mean {each.name!r}?"
    if service in _service_names():
        return f"the embedded AWS does not model the service {service!r}."
    return unknown("service", service, _services())


def _operation_refusal(operation: str, others: Mapping[str, Any]) -> str | None:
    service = _services()[others["service"]]
    if operation in service.coverage.modelled:
        return None
    known = _operations(service.name)
    if operation not in known:
        return unknown(f"operation of {service.name}", operation, sorted(known))
    return f"the embedded AWS does not model {service.refusal(operation)}."


@cache
def _regions() -> tuple[str, ...]:
    # moto and botocore are imported by who starts a fault: pages and callers need only the fields
    from moto.backends import get_backend  # noqa: PLC0415

    from qa.embedded.settings import ACCOUNT_ID  # noqa: PLC0415

    return tuple(get_backend("dynamodb")[ACCOUNT_ID].regions)


@cache
def _services() -> Mapping[str, Service]:
    from qa.embedded.services import SERVICES  # noqa: PLC0415 - as above

    return {each.name: each for each in SERVICES}


@cache
def _service_names() -> frozenset[str]:
    from botocore.session import get_session  # noqa: PLC0415 - as above

    return frozenset(get_session().get_available_services())


@cache
def _operations(service: str) -> frozenset[str]:
    from moto.core.utils import get_service_model  # noqa: PLC0415 - as above

    return frozenset(get_service_model(service).operation_names)


REGION = Name(words="the name of a region", refusal=_region_refusal)
SERVICE = Name(words="a service by boto3's name", refusal=_service_refusal)
OPERATION = Name(words="an operation of the service, as in boto3's service model", refusal=_operation_refusal)
