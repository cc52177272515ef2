"""Requests in a service's own protocol, also with values that its model excludes."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.serialize import (
    JSONSerializer,
    QuerySerializer,
    RestJSONSerializer,
    RestXMLSerializer,
    RpcV2CBORSerializer,
)

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

PATIENCE = 20.0
"""Seconds after which an answer counts as one that never comes."""
PYTHON: dict[str, type] = {"structure": dict, "map": dict, "list": list}


def _fits(shape: Shape, value: object) -> bool:
    kind = PYTHON.get(shape.type_name)
    if kind is list:
        return isinstance(value, list) and None not in value
    if kind is not None:
        return isinstance(value, kind)
    if shape.type_name == "string":
        return isinstance(value, str)
    return not isinstance(value, str | dict | list)


class LooseQuery(QuerySerializer):
    """The query protocol, with any value at any place."""

    def _serialize(self, serialized: Any, value: Any, shape: Any, prefix: str = "") -> None:
        if shape is not None and _fits(shape, value):
            super()._serialize(serialized, value, shape, prefix)  # type: ignore[misc]  # not in the stubs
        elif isinstance(value, dict):
            serialized |= {f"{prefix}.{name}": str(inner) for name, inner in value.items()}
        elif isinstance(value, list):
            serialized |= {f"{prefix}.member.{index}": str(inner) for index, inner in enumerate(value, 1)}
        else:
            serialized[prefix] = str(value)


class LooseJSON(JSONSerializer):
    """JSON, with any value at any place."""

    def _serialize(self, serialized: Any, value: Any, shape: Any, key: Any = None) -> None:
        if _fits(shape, value):
            super()._serialize(serialized, value, shape, key)  # type: ignore[misc]  # not in the stubs
        else:
            serialized[key] = value


class LooseRestJSON(RestJSONSerializer):
    """JSON in paths, headers and bodies, with any value at any place."""

    def _serialize(self, serialized: Any, value: Any, shape: Any, key: Any = None) -> None:
        if _fits(shape, value):
            super()._serialize(serialized, value, shape, key)  # type: ignore[misc]  # not in the stubs
        else:
            serialized[key] = value


class LooseRestXML(RestXMLSerializer):
    """XML, with any value at any place."""

    def _serialize(self, shape: Any, params: Any, xmlnode: Any, name: str) -> None:
        if _fits(shape, params):
            super()._serialize(shape, params, xmlnode, name)  # type: ignore[misc]  # not in the stubs
            return
        node = ET.SubElement(xmlnode, name)
        if isinstance(params, dict):
            for inner, value in params.items():
                ET.SubElement(node, inner).text = str(value)
        else:
            node.text = str(params)


class LooseCBOR(RpcV2CBORSerializer):
    """CBOR, with texts at any place."""

    def _serialize_data_item(self, serialized: Any, value: Any, shape: Any, key: Any = None) -> None:
        if isinstance(value, str) and shape.type_name != "string":
            self._serialize_type_string(serialized, value, None, None)  # type: ignore[attr-defined]  # same
        else:
            super()._serialize_data_item(serialized, value, shape, key)  # type: ignore[misc]  # not in the stubs


SERIALIZERS = {
    "query": LooseQuery,
    "json": LooseJSON,
    "rest-json": LooseRestJSON,
    "rest-xml": LooseRestXML,
    "smithy-rpc-v2-cbor": LooseCBOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; status 0 for no answer at all."""

    status: int
    kind: str
    body: bytes


def sent(
    endpoint: str,
    model: OperationModel,
    protocol: str,
    parameters: dict[str, Any],
    *,
    secret: str = ADMIN_SECRET_ACCESS_KEY,
) -> Answer | None:
    """Send a request signed by the administrator; None for parameters that the protocol cannot carry."""
    try:
        response = SERIALIZERS[protocol]().serialize_to_request(parameters, model)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):
        return None
    body = response["body"]
    if isinstance(body, dict):
        body = urlencode(body)
    elif not isinstance(body, str | bytes | bytearray):
        return None
    url = endpoint + response["url_path"]
    if response["query_string"]:
        query = response["query_string"]
        separator = "&" if "?" in url else "?"
        url += separator + (query if isinstance(query, str) else urlencode(query, doseq=True))
    headers = {
        name: value if isinstance(value, str) else str(value) for name, value in response["headers"].items()
    }
    request = AWSRequest(method=response["method"], url=url, headers=headers, data=body)
    _sign(request, model, secret)
    try:
        return _exchanged(request.prepare())
    except (TimeoutError, http.client.HTTPException, ConnectionError):
        return Answer(status=0, kind="", body=b"")
    except (ValueError, TypeError):  # a line break in a header, a control character in a path
        return None


def _sign(request: AWSRequest, model: OperationModel, secret: str) -> None:
    credentials = Credentials(ADMIN_ACCESS_KEY_ID, secret)
    service = model.service_model
    signer = S3SigV4Auth if service.service_name == "s3" else SigV4Auth
    signer(credentials, service.signing_name, "us-east-1").add_auth(request)


def _exchanged(prepared: Any) -> Answer:
    place = urlsplit(prepared.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=PATIENCE)
    try:
        target = place.path + (f"?{place.query}" if place.query else "")
        headers = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in prepared.headers.items()
        }
        connection.request(prepared.method, target, prepared.body, headers)
        response = connection.getresponse()
        return Answer(
            status=response.status, kind=response.headers.get("Content-Type", ""), body=response.read()
        )
    finally:
        connection.close()
