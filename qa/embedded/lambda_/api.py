"""What Lambda's API answers where moto's own answer would be wrong."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from moto.s3.models import s3_backends

from . import configuration
from .asynchronous import EventQueue, QueuedEvent
from .code import check_package, is_inline_package
from .concurrency import check_reservation
from .functions import INLINE, LOGGING, log_group, spec_of
from .names import fault_of, plain_name
from .refusals import (
    conflict,
    invalid_content,
    invalid_parameter,
    invalid_request,
    not_modelled,
    too_large,
)
from .service import Invocation, LambdaService, Outcome, new_request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.awslambda.models import LambdaBackend, LambdaFunction
    from moto.awslambda.responses import LambdaResponse

    from qa.embedded.world import World

Answer = tuple[int, dict[str, str], bytes | str]
REQUEST_ID = "x-amzn-requestid"
LIMITS = {"RequestResponse": 6_291_456, "Event": 1_048_576, "DryRun": 6_291_456}


class LambdaApi:
    """The operations of one embedded AWS that moto's classes are made to call."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.service = LambdaService(world)
        self.events = EventQueue(world, workers=lambda: world.settings.function_environments)

    def reset(self) -> None:
        """Forget events and environments."""
        self.events.clear()
        self.service.reset()

    def close(self) -> None:
        """End all threads and processes."""
        self.events.close()
        self.service.close()

    def invoke(self, request: LambdaResponse) -> Answer:
        """Answer Invoke."""
        kind = request.headers.get("X-Amz-Invocation-Type") or "RequestResponse"
        if kind not in LIMITS:
            raise invalid_parameter(f"Value '{kind}' at 'invocationType' is not one of {', '.join(LIMITS)}")
        name = unquote(request.path.rsplit("/", 2)[-2])
        qualifier = parse_qs(request.parsed_url.query).get("Qualifier", [None])[0]
        function = request.backend.get_function(name, qualifier)
        payload = checked_payload(request.body, kind=kind)
        headers = {"x-amz-executed-version": str(function.version), "content-type": "application/json"}
        if kind == "DryRun":
            return 204, {**headers, "status": "204"}, ""
        invocation = self._invocation(
            request.backend, function, payload, qualifier=qualifier, context=client_context(request)
        )
        # the function sees the same ID, and so does its log
        headers[REQUEST_ID] = invocation.request_id
        if kind == "Event":
            self._queue(request.backend, function, invocation, qualifier=qualifier)
            return 202, {"status": "202", REQUEST_ID: invocation.request_id}, ""
        outcome = self.service.invoke(spec_of(function), invocation)
        if outcome.is_error:
            headers["x-amz-function-error"] = "Unhandled"
        if request.headers.get("X-Amz-Log-Type") == "Tail":
            headers["x-amz-log-result"] = base64.b64encode(outcome.log_tail).decode()
        return 200, headers, outcome.payload.decode()

    def queue_from_service(self, function: LambdaFunction, payload: str) -> None:
        """Run a function for a service that does not wait."""
        backend = backend_of(function)
        invocation = self._invocation(backend, function, payload.encode(), qualifier=None)
        self._queue(backend, function, invocation, qualifier=None)

    def _invocation(
        self,
        backend: LambdaBackend,
        function: LambdaFunction,
        payload: bytes,
        *,
        qualifier: str | None,
        context: str | None = None,
    ) -> Invocation:
        arn = unqualified_arn(function)
        return Invocation(
            arn=f"{arn}:{qualifier}" if qualifier else arn,
            payload=payload,
            reserved=reserved_concurrency(backend, function),
            request_id=new_request_id(),
            client_context=context,
        )

    def _queue(
        self,
        backend: LambdaBackend,
        function: LambdaFunction,
        invocation: Invocation,
        *,
        qualifier: str | None,
    ) -> None:
        spec_of(function)  # a function that cannot run is refused now, not in a log
        settings = function.event_invoke_config[0].config if function.event_invoke_config else {}

        def run() -> Outcome:
            current = backend.get_function(function.function_name, qualifier)
            return self.service.invoke(spec_of(current), invocation)

        self.events.put(
            QueuedEvent(
                region=function.region,
                run=run,
                retries=settings.get("MaximumRetryAttempts", 2),
                max_age=settings.get("MaximumEventAgeInSeconds", 6 * 3600.0),
            )
        )

    def check_new(self, spec: Mapping[str, Any], *, region: str) -> None:
        """Raise LambdaRefusalError for a CreateFunction that AWS would refuse or that is not modelled."""
        configuration.check(self.world, spec, region=region)
        self._check_code(spec.get("Code") or {})

    def created(self, function: LambdaFunction, spec: Mapping[str, Any]) -> None:
        """Keep what moto drops of a new function."""
        logging = dict(spec.get("LoggingConfig") or {})
        for version in (function, *backend_of(function).list_versions_by_function(function.function_name)):
            setattr(version, LOGGING, logging)
            setattr(version, INLINE, is_inline_package(version.code_bytes))

    def check_change(self, function: LambdaFunction, requested: Mapping[str, Any]) -> None:
        """Raise LambdaRefusalError for an UpdateFunctionConfiguration that is wrong or not modelled."""
        configuration.check(self.world, requested, region=function.region)

    def changed(self, function: LambdaFunction, requested: Mapping[str, Any]) -> None:
        """Keep what moto drops of a changed configuration."""
        if "LoggingConfig" in requested:
            setattr(function, LOGGING, dict(requested["LoggingConfig"]))
        if "EphemeralStorage" in requested:
            function.ephemeral_storage = requested["EphemeralStorage"]["Size"]

    def check_new_code(self, requested: Mapping[str, Any]) -> None:
        """Raise LambdaRefusalError for an UpdateFunctionCode with a package that cannot be unpacked."""
        self._check_code(requested)

    def new_code(self, function: LambdaFunction, requested: Mapping[str, Any]) -> None:
        """Keep what moto drops of new code."""
        if not requested.get("DryRun"):
            setattr(function, INLINE, is_inline_package(function.code_bytes))
            function.architectures = requested.get("Architectures") or function.architectures
            self.service.retire(unqualified_arn(function), but_code=function.code_sha_256)

    def deleted(self, function: LambdaFunction) -> None:
        """Forget what a function or one of its versions ran on."""
        self.service.retire(unqualified_arn(function))

    def reserve(self, backend: LambdaBackend, name: str, requested: int) -> int:
        """Set the reserved concurrency within the account's limit of 1,000."""
        function = backend.get_function(name)
        others = [
            int(other.reserved_concurrency)
            for other in backend.list_functions()
            if other.function_name != function.function_name and other.reserved_concurrency is not None
        ]
        check_reservation(requested, others)
        function.reserved_concurrency = requested
        return requested

    def _check_code(self, code: Mapping[str, Any]) -> None:
        if "ImageUri" in code:
            raise not_modelled("container images of a Lambda function")
        if code.get("S3ObjectVersion"):
            raise not_modelled("S3ObjectVersion of a Lambda function's code")
        if "ZipFile" in code:
            check_package(base64.b64decode(code["ZipFile"]))
        elif "S3Bucket" in code:
            check_package(self._object(code["S3Bucket"], code.get("S3Key", "")))

    def _object(self, bucket: str, key: str) -> bytes:
        """Return a package's bytes; moto itself answers HTTP 500 when there is no such key."""
        s3 = s3_backends[self.world.account_id]["aws"]
        if bucket not in s3.buckets:
            problem = "NoSuchBucket. S3 Error Message: The specified bucket does not exist"
        elif (found := s3.get_object(bucket, key)) is None:
            problem = "NoSuchKey. S3 Error Message: The specified key does not exist."
        else:
            return bytes(found.value)
        raise invalid_parameter(f"Error occurred while GetObject. S3 Error Code: {problem}")


def backend_of(function: LambdaFunction) -> LambdaBackend:
    """Return the backend that a function lives in."""
    from moto.awslambda.models import lambda_backends  # noqa: PLC0415 - an import cycle in moto otherwise

    return lambda_backends[function.account_id][function.region]


def reserved_concurrency(backend: LambdaBackend, function: LambdaFunction) -> int | None:
    """Return the reservation of the function, which its versions share."""
    latest = backend.get_function(function.function_name)
    return None if latest.reserved_concurrency is None else int(latest.reserved_concurrency)


def unqualified_arn(function: LambdaFunction) -> str:
    """Return the ARN of a function, whatever version of it is given."""
    return f"arn:aws:lambda:{function.region}:{function.account_id}:function:{function.function_name}"


def checked_name(given: str) -> str:
    """Return the plain name of a new function; raises LambdaRefusalError for what AWS would not take."""
    fault = fault_of(given, "CreateFunction")
    if fault is not None:
        raise invalid_request(fault)
    return plain_name(given)


def check_statement(function: LambdaFunction, statement_id: str) -> None:
    """Raise LambdaRefusalError for a statement of a function's policy that is there already."""
    if any(statement.get("Sid") == statement_id for statement in function.policy.statements):
        raise conflict(
            f"The statement id ({statement_id}) provided already exists. Please provide a new statement id, "
            "or remove the existing statement."
        )


def checked_payload(body: str | bytes | None, *, kind: str) -> bytes:
    """Return the event as bytes; raises LambdaRefusalError when it is too large or no JSON."""
    payload = body.encode() if isinstance(body, str) else body or b""
    if len(payload) > LIMITS[kind]:
        raise too_large(len(payload), kind=kind, limit=LIMITS[kind])
    try:
        json.loads(payload or b"{}", parse_constant=_no_constant)
    except ValueError as problem:
        raise invalid_content(str(problem)) from None
    return payload or b"{}"


def _no_constant(name: str) -> None:
    raise ValueError(f"Unexpected token {name}")


def client_context(request: LambdaResponse) -> str | None:
    """Return the decoded client context; raises LambdaRefusalError when it is no base64 of JSON."""
    encoded = request.headers.get("X-Amz-Client-Context")
    if not encoded:
        return None
    try:
        return json.dumps(json.loads(base64.b64decode(encoded)))
    except ValueError as problem:
        raise invalid_content(f"client context: {problem}") from None


def with_logging(function: LambdaFunction, answer: dict[str, Any]) -> dict[str, Any]:
    """Return a function configuration with what moto leaves out, and without its nulls."""
    answer["LoggingConfig"] = {"LogFormat": "Text", "LogGroup": log_group(function)}
    return {name: value for name, value in answer.items() if value is not None}


def with_concurrency(function: LambdaFunction, answer: dict[str, Any]) -> dict[str, Any]:
    """Return GetFunction's answer with the reservation; moto drops a reservation of 0."""
    if function.reserved_concurrency is not None:
        answer["Concurrency"] = {"ReservedConcurrentExecutions": int(function.reserved_concurrency)}
    return answer
