"""In which protocol a request came: read off its headers and its service's own model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ServiceModel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FORM = "application/x-www-form-urlencoded"
JSON_TYPE = re.compile(r"application/x-amz-json-(1\.[01])")
JSON_VERSION = "1.1"
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
    json_version: str = JSON_VERSION
    has_query_codes: bool = False
    """Its clients still read the codes of the query protocol that the service spoke before."""


def dialect_of(service: str, environ: Mapping[str, Any]) -> Dialect:
    """Return how to answer a request to a service by boto3's name, or by a signature's when unknown.

    What the headers say counts where the service speaks it; else the protocol that boto3 would take.
    """
    if service == "s3":
        return Dialect(protocol=Protocol.S3)
    requested, stated = _requested(service, environ), _json_version(environ)
    speech = _speech_of(service)
    if speech is None:
        return Dialect(protocol=requested or Protocol.REST_JSON, json_version=stated or JSON_VERSION)
    return Dialect(
        protocol=requested if requested in speech.protocols else speech.usual,
        json_version=stated or speech.json_version,
        has_query_codes=speech.has_query_codes,
    )


def is_rest(service: str) -> bool:
    """Say whether a service tells its operations apart by method and path, by its own model."""
    speech = _speech_of(service)
    return speech is not None and speech.usual in (Protocol.REST_JSON, Protocol.REST_XML)


def _requested(service: str, environ: Mapping[str, Any]) -> Protocol | None:
    kind = str(environ.get("CONTENT_TYPE", ""))
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor" or kind == "application/cbor":
        return Protocol.CBOR
    if "HTTP_X_AMZ_TARGET" in environ or JSON_TYPE.fullmatch(kind):
        return Protocol.JSON
    if kind.startswith(FORM) or "Action=" in str(environ.get("QUERY_STRING", "")):
        return Protocol.EC2 if service == "ec2" else Protocol.QUERY
    return None


def _json_version(environ: Mapping[str, Any]) -> str | None:
    stated = JSON_TYPE.fullmatch(str(environ.get("CONTENT_TYPE", "")))
    return None if stated is None else stated[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speech:
    """What the model of a service says of its protocols."""

    protocols: frozenset[Protocol]
    usual: Protocol
    json_version: str
    has_query_codes: bool


@lru_cache(maxsize=512)
def _speech_of(service: str) -> _Speech | None:
    """Read a service's model; None for an unknown one. A model takes a megabyte, so none is kept."""
    if SERVICE.fullmatch(service) is None:
        return None
    try:
        model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    except UnknownServiceError:
        return None
    metadata: Mapping[str, Any] = model.metadata
    protocols = frozenset(map(Protocol, metadata.get("protocols", (metadata["protocol"],))))
    has_query_codes = "awsQueryCompatible" in metadata  # and former clients still speak that protocol
    return _Speech(
        protocols=protocols | {Protocol.QUERY} if has_query_codes else protocols,
        usual=Protocol(model.resolved_protocol),
        json_version=str(metadata.get("jsonVersion", JSON_VERSION)),
        has_query_codes=has_query_codes,
    )
