"""Each way in which a function can fail has an error of its own, and the next invocation is healthy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .functions import zipped

if TYPE_CHECKING:
    from .functions import Aws

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

ON_DEMAND = """
exports.handler = async (event) => {
  if (event.fail === 'throw') throw new TypeError('boom');
  if (event.fail === 'string') throw 'boom';
  if (event.fail === 'exit') process.exit(3);
  if (event.fail === 'exit quietly') process.exit(0);
  if (event.fail === 'loop') for (;;);
  if (event.fail === 'hang') await new Promise((resolve) => setTimeout(resolve, 60000));
  if (event.fail === 'heap') { const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length)); }
  if (event.fail === 'reject') { Promise.reject(new Error('lost')); await new Promise(() => {}); }
  if (event.fail === 'uncaught') {
    setImmediate(() => { throw new RangeError('late'); });
    await new Promise(() => {});
  }
  if (event.fail === 'bigint') return 1n;
  return 'healthy';
};
"""


@pytest.fixture(scope="module")
def fragile(aws: Aws) -> str:
    """A function that fails as its event says."""
    return aws.function(ON_DEMAND, Timeout=1)


@pytest.mark.parametrize(
    ("failure", "error_type", "message"),
    [
        pytest.param("throw", "TypeError", "boom", id="thrown error"),
        pytest.param("string", "string", "boom", id="thrown string"),
        pytest.param(
            "exit",
            "Runtime.ExitError",
            "RequestId: <id> Error: Runtime exited with error: exit status 3",
            id="exit",
        ),
        pytest.param(
            "exit quietly",
            "Runtime.ExitError",
            "RequestId: <id> Error: Runtime exited without providing a reason",
            id="exit with status 0",
        ),
        pytest.param(
            "loop",
            "Sandbox.Timedout",
            "RequestId: <id> Error: Task timed out after 1.00 seconds",
            id="endless loop",
        ),
        pytest.param(
            "hang",
            "Sandbox.Timedout",
            "RequestId: <id> Error: Task timed out after 1.00 seconds",
            id="timeout",
        ),
        pytest.param("reject", "Runtime.UnhandledPromiseRejection", "Error: lost", id="unhandled rejection"),
        pytest.param("uncaught", "RangeError", "late", id="uncaught exception"),
        pytest.param("bigint", "Error", "Unable to stringify response body", id="result that is no JSON"),
    ],
)
def test_failure_is_unhandled_with_its_own_type_and_the_next_invocation_is_healthy(
    aws: Aws, fragile: str, failure: str, error_type: str, message: str
) -> None:
    failed = aws.invoke(fragile, {"fail": failure})
    healthy = aws.invoke(fragile)

    payload = failed["Payload"]
    reported = (payload["errorType"], UUID.sub("<id>", payload["errorMessage"]))
    assert (failed["StatusCode"], failed["FunctionError"], reported) == (
        200,
        "Unhandled",
        (error_type, message),
    )
    assert healthy["Payload"] == "healthy"


def test_exhausted_heap_ends_the_runtime_and_the_next_invocation_is_healthy(aws: Aws) -> None:
    name = aws.function(ON_DEMAND, Timeout=20)

    failed = aws.invoke(name, {"fail": "heap"})
    healthy = aws.invoke(name)

    assert failed["FunctionError"] == "Unhandled"
    assert failed["Payload"]["errorType"] == "Runtime.ExitError"
    assert failed["Payload"]["errorMessage"].endswith("Runtime exited with error: signal: aborted")
    assert healthy["Payload"] == "healthy"


def test_thrown_error_carries_its_trace_with_the_paths_of_aws(aws: Aws, fragile: str) -> None:
    trace = aws.invoke(fragile, {"fail": "throw"})["Payload"]["trace"]

    assert trace[:2] == ["TypeError: boom", trace[1]]
    assert "(/var/task/index.js:3:" in trace[1]
    assert not [line for line in trace if "lambda/code" in line or "qa/embedded" in line]


@pytest.mark.parametrize(
    ("files", "handler", "error_type", "message"),
    [
        pytest.param(
            {"index.js": "exports.handler = ("},
            "index.handler",
            "Runtime.UserCodeSyntaxError",
            "SyntaxError: Unexpected end of input",
            id="syntax error",
        ),
        pytest.param(
            {"index.js": "exports.other = () => {};"},
            "index.handler",
            "Runtime.HandlerNotFound",
            "index.handler is undefined or not exported",
            id="missing handler",
        ),
        pytest.param(
            {"index.js": ""},
            "main.handler",
            "Runtime.ImportModuleError",
            "Error: Cannot find module 'main'\nRequire stack:\n- /var/runtime/index.mjs",
            id="missing file",
        ),
        pytest.param(
            {"index.js": "require('nothing');"},
            "index.handler",
            "Runtime.ImportModuleError",
            "Error: Cannot find module 'nothing'\n"
            "Require stack:\n- /var/task/index.js\n- /var/runtime/index.mjs",
            id="missing import",
        ),
        pytest.param(
            {"index.js": "throw new RangeError('at init');"},
            "index.handler",
            "RangeError",
            "at init",
            id="error while loading",
        ),
        pytest.param({"index.js": ""}, "index", "Runtime.MalformedHandlerName", "Bad handler", id="no dot"),
    ],
)
def test_function_that_cannot_be_loaded_says_why(
    aws: Aws, files: dict[str, str], handler: str, error_type: str, message: str
) -> None:
    name = aws.function(files, Handler=handler)

    answer = aws.invoke(name)

    payload = answer["Payload"]
    assert (answer["FunctionError"], payload["errorType"], payload["errorMessage"]) == (
        "Unhandled",
        error_type,
        message,
    )


def test_function_is_healthy_once_its_code_is_mended(aws: Aws) -> None:
    name = aws.function("exports.handler = (")
    broken = aws.invoke(name)

    aws.client("lambda").update_function_code(
        FunctionName=name, ZipFile=zipped({"index.js": "exports.handler = async () => 'mended';"})
    )
    mended = aws.invoke(name)

    assert (broken["FunctionError"], mended["Payload"]) == ("Unhandled", "mended")
