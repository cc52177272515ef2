"""Questions to Lambda: how a function is set up, and what it answers."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import ask, ask_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionState:
    """How a function is set up; timeout in seconds, memory in MB, no reservation is None."""

    state: str
    last_update_status: str
    runtime: str
    handler: str
    timeout: int
    memory: int
    role_arn: str
    environment: Mapping[str, str]
    log_group: str
    reserved_concurrency: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What one invocation answered. `error` is Lambda's FunctionError: the code failed, the call did not."""

    payload: object
    error: str | None
    log_tail: str
    request_id: str


def function_state(client: LambdaClient, function_name: str) -> FunctionState | None:
    """Return the function's set-up in the client's region; None if there is no such function."""
    what = f"GetFunctionConfiguration of {function_name!r} in {client.meta.region_name}"
    configuration = ask_or_none(
        what,
        lambda: client.get_function_configuration(FunctionName=function_name),
        absent={"ResourceNotFoundException"},
    )
    if configuration is None:
        return None
    return FunctionState(
        state=configuration.get("State", ""),
        last_update_status=configuration.get("LastUpdateStatus", ""),
        runtime=configuration.get("Runtime", ""),
        handler=configuration.get("Handler", ""),
        timeout=configuration.get("Timeout", 0),
        memory=configuration.get("MemorySize", 0),
        role_arn=configuration.get("Role", ""),
        environment=configuration.get("Environment", {}).get("Variables", {}),
        log_group=configuration.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{function_name}"),
        reserved_concurrency=_reserved_concurrency(client, function_name),
    )


def _reserved_concurrency(client: LambdaClient, function_name: str) -> int | None:
    # AWS leaves the key out when nothing is reserved; the stubs promise it
    response: Mapping[str, object] = ask(
        f"GetFunctionConcurrency of {function_name!r} in {client.meta.region_name}",
        lambda: client.get_function_concurrency(FunctionName=function_name),
    )
    reserved = response.get("ReservedConcurrentExecutions")
    return reserved if isinstance(reserved, int) else None


def invoke(client: LambdaClient, function_name: str, event: object) -> Invocation:
    """Invoke once and wait for the answer, with the last 4 KB of the log.

    The client decides whether a request without an answer is repeated, which may execute twice. StatusCode
    is 200 even when the code failed, see `error`.
    """
    answer = ask(
        f"Invoke of {function_name!r} in {client.meta.region_name}",
        lambda: client.invoke(FunctionName=function_name, LogType="Tail", Payload=json.dumps(event).encode()),
    )
    body = answer["Payload"].read()
    response: Mapping[str, object] = answer
    error = response.get("FunctionError")
    return Invocation(
        payload=json.loads(body) if body else None,
        error=None if error is None else str(error),
        log_tail=base64.b64decode(str(response.get("LogResult", ""))).decode("utf-8", "replace"),
        request_id=answer["ResponseMetadata"]["RequestId"],
    )
