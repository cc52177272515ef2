"""What Invoke promises its callers."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from .functions import zipped

if TYPE_CHECKING:
    from .functions import Aws

ECHO = "exports.handler = async (event) => event;"


@pytest.fixture(scope="module")
def echo(aws: Aws) -> str:
    """A function that returns its event."""
    return aws.function(ECHO)


def test_handler_gets_the_event_and_its_result_comes_back(aws: Aws, echo: str) -> None:
    answer = aws.invoke(echo, {"number": 42, "text": "Grüße"})

    response = (answer["StatusCode"], answer["ExecutedVersion"], answer["Payload"])
    assert response == (200, "$LATEST", {"number": 42, "text": "Grüße"})
    assert "FunctionError" not in answer


def test_payload_may_be_left_out(aws: Aws, echo: str) -> None:
    assert aws.invoke(echo)["Payload"] == {}


def test_handler_without_a_result_returns_null(aws: Aws) -> None:
    name = aws.function("exports.handler = async () => {};")

    assert aws.invoke(name)["Payload"] is None


def test_handler_that_leaves_nothing_to_do_returns_null(aws: Aws) -> None:
    name = aws.function("exports.handler = () => new Promise(() => {});")

    assert aws.invoke(name)["Payload"] is None


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("exports.handler = (event, context, callback) => callback(null, 'done');", id="at once"),
        pytest.param(
            "exports.handler = (e, c, callback) => { setTimeout(() => callback(null, 'done'), 20); };",
            id="later",
        ),
        pytest.param(
            "exports.handler = (event, context, callback) => {"
            "  context.callbackWaitsForEmptyEventLoop = false;"
            "  setTimeout(() => {}, 60000); callback(null, 'done'); };",
            id="without waiting for the event loop",
        ),
    ],
)
def test_handler_may_answer_by_callback(aws: Aws, source: str) -> None:
    name = aws.function(source)

    assert aws.invoke(name)["Payload"] == "done"


def test_error_given_to_the_callback_is_the_functions_error(aws: Aws) -> None:
    name = aws.function("exports.handler = (event, context, callback) => callback(new Error('no'));")

    answer = aws.invoke(name)

    assert (answer["FunctionError"], answer["Payload"]["errorMessage"]) == ("Unhandled", "no")


@pytest.mark.parametrize(
    ("files", "handler"),
    [
        pytest.param({"index.mjs": "export const handler = async () => 'esm';"}, "index.handler", id="mjs"),
        pytest.param(
            {"package.json": '{"type": "module"}', "index.js": "export const handler = async () => 'esm';"},
            "index.handler",
            id="package type",
        ),
        pytest.param(
            {"src/app.mjs": "export const api = { main: async () => 'esm' };"},
            "src/app.api.main",
            id="nested",
        ),
    ],
)
def test_handler_may_be_an_es_module(aws: Aws, files: dict[str, str], handler: str) -> None:
    name = aws.function(files, Handler=handler)

    assert aws.invoke(name)["Payload"] == "esm"


def test_context_tells_the_function_who_it_is(aws: Aws) -> None:
    name = aws.function(
        "exports.handler = async (event, context) =>"
        "  ({ ...context, left: context.getRemainingTimeInMillis() });",
        Timeout=5,
        MemorySize=192,
    )
    client_context = base64.b64encode(b'{"custom": {"tenant": "a"}}').decode()

    context = aws.invoke(name, ClientContext=client_context)["Payload"]

    assert 4000 < context.pop("left") <= 5000
    assert len(context.pop("awsRequestId")) == 36
    assert context.pop("logStreamName").startswith("20")
    assert context == {
        "functionName": name,
        "functionVersion": "$LATEST",
        "memoryLimitInMB": "192",
        "logGroupName": f"/aws/lambda/{name}",
        "invokedFunctionArn": f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
        "callbackWaitsForEmptyEventLoop": True,
        "clientContext": {"custom": {"tenant": "a"}},
    }


def test_warm_environment_keeps_what_the_module_remembers(aws: Aws) -> None:
    name = aws.function("let calls = 0; exports.handler = async () => ++calls;")

    assert [aws.invoke(name)["Payload"] for _ in range(3)] == [1, 2, 3]


def test_environment_is_frozen_between_invocations(aws: Aws) -> None:
    name = aws.function(
        "let ticks = 0; setInterval(() => { ticks += 1; }, 5);"
        "exports.handler = async (event) => {"
        "  if (event.wait) await new Promise((r) => setTimeout(r, event.wait)); return ticks; };"
    )
    before = aws.invoke(name, {"wait": 1})["Payload"]

    aws.invoke(aws.function("exports.handler = () => new Promise((r) => setTimeout(r, 300));"))
    after = aws.invoke(name, {})["Payload"]

    assert after - before <= 5


def test_dry_run_checks_and_runs_nothing(aws: Aws) -> None:
    name = aws.function("let calls = 0; exports.handler = async () => ++calls;")

    dry = aws.invoke(name, {}, InvocationType="DryRun")

    assert (dry["StatusCode"], dry["Payload"]) == (204, None)
    assert aws.invoke(name)["Payload"] == 1


def test_published_version_runs_the_code_it_was_published_with(aws: Aws) -> None:
    name = aws.function("exports.handler = async (e, context) => ['old', context.invokedFunctionArn];")
    client = aws.client("lambda")
    client.publish_version(FunctionName=name)
    client.update_function_code(
        FunctionName=name, ZipFile=zipped({"index.js": "exports.handler = async () => 'new';"})
    )

    old = aws.invoke(name, Qualifier="1")

    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}:1"
    assert (old["ExecutedVersion"], old["Payload"]) == ("1", ["old", arn])
    assert aws.invoke(name)["Payload"] == "new"


def refusal(aws: Aws, name: str, **parameters: object) -> tuple[str, str, int]:
    """Return code, message and HTTP status of the refused Invoke."""
    with pytest.raises(ClientError) as refused:
        aws.client("lambda").invoke(FunctionName=name, **parameters)
    answer = refused.value.response
    return (
        answer["Error"]["Code"],
        answer["Error"]["Message"],
        answer["ResponseMetadata"]["HTTPStatusCode"],
    )


def test_unknown_function_is_not_found(aws: Aws) -> None:
    assert refusal(aws, "nobody") == (
        "ResourceNotFoundException",
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody",
        404,
    )


def test_unknown_qualifier_is_not_found(aws: Aws, echo: str) -> None:
    assert refusal(aws, echo, Qualifier="99") == (
        "ResourceNotFoundException",
        f"Function not found: arn:aws:lambda:us-east-1:123456789012:function:{echo}:99",
        404,
    )


def test_payload_that_is_no_json_is_refused(aws: Aws, echo: str) -> None:
    assert refusal(aws, echo, Payload=b'{"a":') == (
        "InvalidRequestContentException",
        "Could not parse request body into json: Expecting value: line 1 column 6 (char 5)",
        400,
    )


def test_payload_above_6_mb_is_refused(aws: Aws, echo: str) -> None:
    payload = json.dumps("x" * 6_291_455)

    assert refusal(aws, echo, Payload=payload) == (
        "RequestTooLargeException",
        "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
        413,
    )


def test_event_above_1_mb_is_refused(aws: Aws, echo: str) -> None:
    payload = json.dumps("x" * 1_048_575)

    assert refusal(aws, echo, Payload=payload, InvocationType="Event")[:2] == (
        "RequestTooLargeException",
        "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    )


def test_response_above_6_mb_is_the_functions_error_and_the_next_is_healthy(aws: Aws) -> None:
    name = aws.function("exports.handler = async (event) => 'x'.repeat(event.size);", MemorySize=256)

    answer = aws.invoke(name, {"size": 6_300_000})
    healthy = aws.invoke(name, {"size": 3})

    assert (answer["FunctionError"], answer["Payload"]) == (
        "Unhandled",
        {
            "errorType": "Function.ResponseSizeTooLarge",
            "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        },
    )
    assert healthy["Payload"] == "xxx"


@pytest.mark.parametrize("runtime", ["nodejs22.x", "nodejs24.x"])
def test_function_runs_on_the_node_of_its_runtime(runtime: str, aws: Aws) -> None:
    name = aws.function("exports.handler = async () => process.versions.node.split('.')[0];", Runtime=runtime)

    assert aws.invoke(name)["Payload"] == runtime[len("nodejs") : -len(".x")]


@pytest.mark.parametrize(("runtime", "runs"), [("nodejs22.x", False), ("nodejs24.x", True)])
def test_modules_are_told_by_their_syntax_from_nodejs24_on(runtime: str, runs: object, aws: Aws) -> None:
    name = aws.function("export const handler = async () => 1;", Runtime=runtime)

    assert (aws.invoke(name)["Payload"] == 1) is runs


def test_handler_that_takes_a_callback_is_refused_by_nodejs24(aws: Aws) -> None:
    name = aws.function(
        "exports.handler = (event, context, callback) => callback(null, 1);", Runtime="nodejs24.x"
    )

    answer = aws.invoke(name)["Payload"]

    assert answer["errorType"] == "Runtime.CallbackHandlerDeprecated"
    assert answer["errorMessage"] == (
        "ERROR: AWS Lambda has removed support for callback-based function handlers "
        "starting with Node.js 24. "
        "You need to modify this function to use a supported handler signature to use Node.js 24 or later. "
        "For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html."
    )
