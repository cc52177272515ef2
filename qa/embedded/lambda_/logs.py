"""What functions write reaches CloudWatch Logs, as far as the function's role may write there."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from moto.logs.exceptions import ResourceAlreadyExistsException, ResourceNotFoundException
from moto.logs.models import logs_backends

from qa.embedded.world import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.embedded.world import World

    from .environment import Environment, Result
    from .functions import FunctionSpec

TAIL_BYTES = 4096


def new_stream(version: str) -> str:
    """Return the name of a new environment's log stream."""
    return f"{time.strftime('%Y/%m/%d', time.gmtime())}/[{version}]{uuid4().hex}"


def start_line(request_id: str, version: str) -> str:
    """Return the platform's line before an invocation."""
    return f"START RequestId: {request_id} Version: {version}"


def end_lines(request_id: str, environment: Environment, result: Result, seconds: float) -> tuple[str, str]:
    """Return the platform's END and REPORT lines; takes the init time off the environment."""
    milliseconds = seconds * 1000
    report = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {math.ceil(milliseconds)} ms",
        f"Memory Size: {environment.spec.memory_size} MB",
        f"Max Memory Used: {environment.peak_memory()} MB",
    ]
    if environment.init_seconds is not None:
        report.append(f"Init Duration: {environment.init_seconds * 1000:.2f} ms")
        environment.init_seconds = None
    if result.is_error:
        report.append(f"Status: {result.status.value}")
    return f"END RequestId: {request_id}", "\t".join(report) + "\t"


def tail(messages: Sequence[str]) -> bytes:
    """Return the last 4 KB of an invocation's log."""
    return "".join(f"{message}\n" for message in messages).encode()[-TAIL_BYTES:]


def deliver(world: World, spec: FunctionSpec, stream: str, messages: Sequence[str]) -> None:
    """Put messages into the function's log stream; without the right to, they are lost as on AWS."""
    if not messages or not _has_stream(world, spec, stream):
        return
    if not _may(world, spec, "logs:PutLogEvents", stream):
        return
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": message} for message in messages]
    with suppress(ResourceNotFoundException):  # deleted this moment
        logs_backends[spec.account_id][spec.region].put_log_events(spec.log_group, stream, events)


def _has_stream(world: World, spec: FunctionSpec, stream: str) -> bool:
    backend = logs_backends[spec.account_id][spec.region]
    group = backend.groups.get(spec.log_group)
    if group is not None and stream in group.streams:
        return True
    if group is None and not _may(world, spec, "logs:CreateLogGroup"):
        return False
    if not _may(world, spec, "logs:CreateLogStream"):
        return False
    with suppress(ResourceAlreadyExistsException):  # another environment of the function was faster
        backend.ensure_log_group(spec.log_group)
        backend.create_log_stream(spec.log_group, stream)
    return True


def _may(world: World, spec: FunctionSpec, action: str, stream: str = "") -> bool:
    # CloudWatch Logs checks all three actions on the stream's form of the ARN, which `…:*` matches
    resource = f"arn:aws:logs:{spec.region}:{spec.account_id}:log-group:{spec.log_group}:log-stream:{stream}"
    caller = world.authorizer.role_caller(spec.role_arn, spec.name)
    question = Question(caller=caller, action=action, resource=resource, region=spec.region)
    return world.authorizer.decide(question).allowed
