"""Requests that the embedded AWS sends to itself, in this process: judged and served like any other.

A service that works for a caller, as CloudFormation does, has no credentials of theirs to sign with; the
front takes its word for who is calling. Faults hit only what comes from outside.
"""

from __future__ import annotations

import io
import json
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlencode, urlsplit

from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from moto.core.utils import get_service_model

from .request import CALLED_VIA, CALLER, PARAMETERS, RequestTarget
from .service.declaration import service_named
from .settings import ADMIN_ACCESS_KEY_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIEnvironment

    from botocore.model import OperationModel, Shape

    from .world import Caller, World

ANSWER_OF_ERROR = 300


class RequestFailedError(Exception):
    """A service has refused the request; `code` and `message` are its own."""

    def __init__(self, operation: str, code: str, message: str) -> None:
        super().__init__(f"{operation}: {code}: {message}")
        self.code = code
        self.message = message


class Inside:
    """The services of one embedded AWS, as one of them calls another."""

    def __init__(
        self, app: Callable[[RequestTarget, WSGIEnvironment, StartResponse], Iterable[bytes]], world: World
    ) -> None:
        self._app = app
        self._world = world

    def request(  # whom, what, where and for whom
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        region: str,
        caller: Caller,
        via: str,
    ) -> dict[str, Any]:
        """Return the answer to a request as boto3 would, without its metadata; raises RequestFailedError.

        `via` is the service principal that calls on the caller's behalf (aws:CalledVia). Values are fitted to
        the operation's model first: see `fitted`.
        """
        model = get_service_model(service).operation_model(operation)
        try:
            fitting = {} if model.input_shape is None else fitted(model.input_shape, parameters)
        except LookupError as unknown:
            words = f"the embedded AWS does not model {unknown.args[0]} of {operation}"
            raise RequestFailedError(operation, "NotImplemented", words) from unknown
        self._require_modelled(service, operation, fitting)
        sent = _serializer(_protocol(service)).serialize_to_request(fitting, model)
        environ = self._environ(sent, model, region)
        environ[CALLER] = caller
        environ[CALLED_VIA] = via
        environ[PARAMETERS] = fitting
        target = RequestTarget(
            service=model.service_model.signing_name,
            region=region,
            operation=operation,
            bucket=fitting.get("Bucket") if service == "s3" else None,
        )
        with self._world.authorizer.acting_as(caller):
            status, headers, content = self._answer(target, environ)
        return _parsed(model, status, headers, content)

    def _require_modelled(self, service: str, operation: str, parameters: Mapping[str, Any]) -> None:
        """Raise RequestFailedError for what the gate refuses: it need not read what is known here."""
        known = service_named(self._world.services, service)
        if known is None:
            return
        what = known.refusal(operation) or known.refused_parameter(operation, parameters)
        if what is not None:
            words = f"the embedded AWS does not model {what}"
            raise RequestFailedError(operation, "NotImplemented", words)

    def _answer(
        self, target: RequestTarget, environ: WSGIEnvironment
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        responses: list[tuple[int, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
            responses.append((int(status[:3]), headers))
            return lambda _: None

        answer = self._app(target, environ, start)
        try:
            content = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        return *responses[-1], content

    def _environ(self, sent: Mapping[str, Any], model: OperationModel, region: str) -> WSGIEnvironment:
        path, _, in_path = str(sent["url_path"]).partition("?")
        query = "&".join(part for part in (in_path, urlencode(sent["query_string"], doseq=True)) if part)
        body = _body(sent)
        endpoint = urlsplit(self._world.endpoint)
        scope = f"{ADMIN_ACCESS_KEY_ID}/19700101/{region}/{model.service_model.signing_name}/aws4_request"
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": sent["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "RAW_URI": f"{path}?{query}" if query else path,
            "REQUEST_URI": f"{path}?{query}" if query else path,
            "SERVER_NAME": endpoint.hostname,
            "SERVER_PORT": str(endpoint.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": endpoint.netloc,
            # only its scope is read: it says for which service and region the request is
            "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
            "CONTENT_LENGTH": str(len(body)),
            "qa.secure_transport": "true",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in sent["headers"].items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        return environ


def fitted(shape: Shape, value: Any) -> Any:
    """Return the value in the types and names of a shape of the service's model.

    CloudFormation takes "7" for 7 and "true" for true, writes objects where an API takes their JSON, and
    begins names with capitals where an API may not. Raises LookupError for a member that the shape has not.
    """
    return _FITTING.get(shape.type_name, lambda _, as_is: as_is)(shape, value)


def _structure(shape: Any, value: Any) -> Any:
    if isinstance(value, str):
        value = json.loads(value)
    names = _members(shape)
    unknown = [key for key in value if key.lower() not in names]
    if unknown:
        raise LookupError(f"{shape.name} has no {', '.join(unknown)}")
    return {
        names[key.lower()]: fitted(shape.members[names[key.lower()]], item) for key, item in value.items()
    }


@cache
def _members(shape: Any) -> Mapping[str, str]:
    return {name.lower(): name for name in shape.members}


def _list(shape: Any, value: Any) -> Any:
    return [fitted(shape.member, item) for item in value]


def _map(shape: Any, value: Any) -> Any:
    return {str(key): fitted(shape.value, item) for key, item in value.items()}


def _text(_: Any, value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def _number(shape: Any, value: Any) -> Any:
    return float(value) if shape.type_name in ("float", "double") else int(value)


_FITTING: Mapping[str, Callable[[Any, Any], Any]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _text,
    "boolean": lambda _, value: str(value).lower() == "true",
    "blob": lambda _, value: value.encode() if isinstance(value, str) else value,
    **dict.fromkeys(("integer", "long", "float", "double"), _number),
}


@cache
def _protocol(service: str) -> str:
    """Return a protocol of the service that moto speaks too, JSON where there is a choice."""
    model = get_service_model(service)
    return "json" if "json" in model.metadata.get("protocols", ()) else str(model.resolved_protocol)


@cache
def _serializer(protocol: str) -> Any:
    return create_serializer(protocol, include_validation=False)


@cache
def _parser(protocol: str) -> Any:
    return create_parser(protocol)


def _body(sent: Mapping[str, Any]) -> bytes:
    body = sent["body"]
    if isinstance(body, dict):
        return urlencode(body).encode()
    return body.encode() if isinstance(body, str) else bytes(body)


def _parsed(
    model: OperationModel, status: int, headers: list[tuple[str, str]], content: bytes
) -> dict[str, Any]:
    response = {"status_code": status, "headers": HeadersDict(dict(headers)), "body": content}
    service = model.service_model.service_name
    parsed: dict[str, Any] = _parser(_protocol(service)).parse(
        {**response, "context": {"operation_name": model.name}}, model.output_shape
    )
    if status >= ANSWER_OF_ERROR:
        error = parsed.get("Error", {})
        raise RequestFailedError(model.name, str(error.get("Code", status)), str(error.get("Message", "")))
    parsed.pop("ResponseMetadata", None)
    return parsed
