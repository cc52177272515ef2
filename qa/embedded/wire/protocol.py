"""In which protocol a request came: read off its headers and its service's own model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from botocore.exceptions import UnknownServiceError
from moto.core.utils import get_service_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from moto.core.model import ServiceModel

FORM = "application/x-www-form-urlencoded"
JSON_TYPE = re.compile(r"application/x-amz-json-(1\.[01])")
SERVICE = re.compile(r"[a-z0-9-]{1,64}")


class Protocol(Enum):
    """A protocol of AWS, by botocore's name; S3 writes errors in a form of its own."""

    JSON = "json"
    REST_JSON = "rest-json"
    CBOR = "smithy-rpc-v2-cbor"
    QUERY = "query"
    EC2 = "ec2"
    REST_XML = "rest-xml"
    S3 = "s3"


IN_JSON = frozenset({Protocol.JSON, Protocol.REST_JSON})
IN_XML = frozenset({Protocol.QUERY, Protocol.EC2, Protocol.REST_XML, Protocol.S3})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the answer to one request is written."""

    protocol: Protocol
    json_version: str = "1.1"
    has_query_codes: bool = False
    """Its clients still read the codes of the query protocol that the service spoke before."""


def dialect_of(service: str, environ: Mapping[str, Any]) -> Dialect:
    """Return how to answer a request to a service by boto3's name, or by a signature's when unknown.

    What the headers say counts where the service speaks it; else the protocol that boto3 would take.
    """
    if service == "s3":
        return Dialect(protocol=Protocol.S3)
    requested = _requested(service, environ)
    model = _model(service) if SERVICE.fullmatch(service) else None
    if model is None:
        return Dialect(protocol=requested or Protocol.REST_JSON, json_version=_json_version(environ, None))
    spoken = model.metadata.get("protocols", (str(model.protocol),))
    protocol = requested if requested and requested.value in spoken else _default(model)
    return Dialect(
        protocol=protocol,
        json_version=_json_version(environ, model),
        has_query_codes="awsQueryCompatible" in model.metadata,
    )


@cache
def is_rest(service: str) -> bool:
    """Say whether a service tells its operations apart by method and path, by its own model."""
    model = _model(service) if SERVICE.fullmatch(service) else None
    return model is not None and str(model.protocol).startswith("rest-")


def _requested(service: str, environ: Mapping[str, Any]) -> Protocol | None:
    kind = str(environ.get("CONTENT_TYPE", ""))
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor" or kind == "application/cbor":
        return Protocol.CBOR
    if "HTTP_X_AMZ_TARGET" in environ or JSON_TYPE.fullmatch(kind):
        return Protocol.JSON
    if kind.startswith(FORM) or "Action=" in str(environ.get("QUERY_STRING", "")):
        return Protocol.EC2 if service == "ec2" else Protocol.QUERY
    return None


def _json_version(environ: Mapping[str, Any], model: ServiceModel | None) -> str:
    stated = JSON_TYPE.fullmatch(str(environ.get("CONTENT_TYPE", "")))
    if stated is not None:
        return stated[1]
    return "1.1" if model is None else str(model.metadata.get("jsonVersion", "1.1"))


def _default(model: ServiceModel) -> Protocol:
    return Protocol(str(model.resolved_protocol))


@cache
def _model(service: str) -> ServiceModel | None:
    try:
        return get_service_model(service)
    except UnknownServiceError:
        return None
