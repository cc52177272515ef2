"""Reserved concurrency throttles; metrics count what happened."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from .functions import Aws

SLOW = "exports.handler = (event) => new Promise((r) => setTimeout(r, event.ms ?? 0, 'done'));"


def attempt(aws: Aws, name: str, event: object = None) -> object:
    """Return the payload, or code, reason and HTTP status of the refusal."""
    try:
        return aws.invoke(name, event)["Payload"]
    except ClientError as refused:
        answer = refused.response
        status = answer["ResponseMetadata"]["HTTPStatusCode"]
        return answer["Error"]["Code"], answer.get("Reason"), status


THROTTLED = ("TooManyRequestsException", "ReservedFunctionConcurrentInvocationLimitExceeded", 429)


def test_reservation_of_0_throttles_every_invocation(aws: Aws) -> None:
    name = aws.function(SLOW)
    aws.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)

    assert attempt(aws, name) == THROTTLED
    assert (aws.metrics.values("Throttles", name), aws.metrics.values("Invocations", name)) == ([1], [])


def test_reservation_throttles_what_exceeds_it(aws: Aws) -> None:
    name = aws.function(SLOW)
    aws.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)

    with ThreadPoolExecutor(3) as callers:
        answers = list(callers.map(lambda _: attempt(aws, name, {"ms": 500}), range(3)))

    assert sorted(answers, key=str) == [THROTTLED, THROTTLED, "done"]


def test_deleted_reservation_throttles_no_more(aws: Aws) -> None:
    name = aws.function(SLOW)
    client = aws.client("lambda")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    client.delete_function_concurrency(FunctionName=name)

    assert attempt(aws, name) == "done"


def test_get_function_concurrency_tells_the_reservation(aws: Aws) -> None:
    name = aws.function(SLOW)
    client = aws.client("lambda")
    without = client.get_function_concurrency(FunctionName=name)

    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    reserved = client.get_function_concurrency(FunctionName=name)

    assert "ReservedConcurrentExecutions" not in without
    assert reserved["ReservedConcurrentExecutions"] == 0
    assert client.get_function(FunctionName=name)["Concurrency"] == {"ReservedConcurrentExecutions": 0}


def test_reservation_leaves_the_account_its_minimum(aws: Aws) -> None:
    name = aws.function(SLOW)

    with pytest.raises(ClientError) as refused:
        aws.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=901)

    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": "Specified ReservedConcurrentExecutions for function decreases account's "
        "UnreservedConcurrentExecution below its minimum value of [100].",
    }


def test_parallel_invocations_run_in_environments_of_their_own(aws: Aws) -> None:
    name = aws.function(
        "exports.handler = (event, context) =>"
        "  new Promise((r) => setTimeout(r, 300, context.logStreamName));"
    )

    with ThreadPoolExecutor(3) as callers:
        streams = list(callers.map(lambda _: attempt(aws, name), range(3)))

    assert len(set(map(str, streams))) == 3


def test_more_parallel_invocations_than_environments_all_succeed(aws: Aws) -> None:
    name = aws.function(SLOW)
    many = aws.world.settings.function_environments + 2

    with ThreadPoolExecutor(many) as callers:
        answers = list(callers.map(lambda _: attempt(aws, name, {"ms": 100}), range(many)))

    assert answers == ["done"] * many


def test_invocation_is_measured_by_function_name(aws: Aws) -> None:
    name = aws.function("exports.handler = async (event) => { if (event.fail) throw new Error('no'); };")

    aws.invoke(name)
    aws.invoke(name, {"fail": True})

    values = {
        m: aws.metrics.values(m, name) for m in ("Invocations", "Errors", "Throttles", "ConcurrentExecutions")
    }
    assert values == {
        "Invocations": [1, 1],
        "Errors": [0, 1],
        "Throttles": [0, 0],
        "ConcurrentExecutions": [1, 1],
    }
    durations = [
        d for d in aws.metrics.data if d.name == "Duration" and dict(d.dimensions) == {"FunctionName": name}
    ]
    assert [(d.region, d.namespace, d.unit, 0 < d.value < 3000) for d in durations] == [
        ("us-east-1", "AWS/Lambda", "Milliseconds", True)
    ] * 2
