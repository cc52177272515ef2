"""How environments start, are kept and are replaced."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import pytest
from moto.awslambda.models import lambda_backends

from qa.embedded.lambda_.functions import spec_of
from qa.embedded.lambda_.service import Invocation, LambdaService, new_request_id

from .processes import process_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .functions import Aws

# its process ID is of its own tree, and says nothing here
NONCE = "const nonce = Math.random(); exports.handler = async () => nonce;"


@pytest.fixture
def impatient(aws: Aws) -> Iterator[LambdaService]:
    """A service that gives init 0.3 s instead of 10."""
    service = LambdaService(aws.world, init_seconds=0.3)
    yield service
    service.close()


def invoke(service: LambdaService, name: str) -> object:
    """Run a function in the given service."""
    function = lambda_backends["123456789012"]["us-east-1"].get_function(name)
    invocation = Invocation(
        arn=function.function_arn, payload=b"{}", reserved=None, request_id=new_request_id()
    )
    return json.loads(service.invoke(spec_of(function), invocation).payload)


def test_init_that_takes_too_long_is_started_over_within_the_functions_timeout(
    aws: Aws, impatient: LambdaService
) -> None:
    name = aws.function(
        "const end = Date.now() + 600; while (Date.now() < end); exports.handler = async () => 'ready';",
        Timeout=10,
    )

    assert invoke(impatient, name) == "ready"


def test_init_that_never_ends_times_out(aws: Aws, impatient: LambdaService) -> None:
    name = aws.function("for (;;);", Timeout=1)

    answer = invoke(impatient, name)

    assert isinstance(answer, dict)
    assert (answer["errorType"], answer["errorMessage"].partition(" Error: ")[2]) == (
        "Sandbox.Timedout",
        "Task timed out after 1.00 seconds",
    )


def test_environment_that_was_killed_while_frozen_is_replaced(aws: Aws) -> None:
    name = aws.function(NONCE)
    first = aws.invoke(name)["Payload"]
    pid = process_of(name)
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # ended, and not yet reaped

    second = aws.invoke(name)

    assert "FunctionError" not in second
    assert second["Payload"] != first


def test_longest_idle_environment_makes_room_for_another(aws: Aws) -> None:
    cap = aws.world.settings.function_environments
    names = [aws.function(NONCE) for _ in range(cap + 1)]

    nonces = [aws.invoke(name)["Payload"] for name in names]

    assert aws.invoke(names[-1])["Payload"] == nonces[-1]
    assert aws.invoke(names[0])["Payload"] != nonces[0]


def test_deleted_function_leaves_no_process(aws: Aws) -> None:
    name = aws.function("exports.handler = async () => 'ready';")
    aws.invoke(name)
    pid = process_of(name)

    aws.client("lambda").delete_function(FunctionName=name)

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
