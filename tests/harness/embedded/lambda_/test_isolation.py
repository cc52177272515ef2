"""A function sees no more of this machine than it would see of AWS's, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from qa.embedded.lambda_.sandbox import MB
from qa.wait import until

from .processes import is_running, process_of, processes_with

if TYPE_CHECKING:
    import pytest

    from .functions import Aws


def test_environment_is_built_from_nothing(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_SECRET_OF_THE_HOST", "1")
    name = aws.function(
        "exports.handler = async () => process.env;", Environment={"Variables": {"TABLE": "orders"}}
    )

    variables = aws.invoke(name)["Payload"]

    assert set(variables) == {
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_EC2_METADATA_DISABLED"),
        *("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EXECUTION_ENV"),
        *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        *("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE"),
        *("AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "_HANDLER"),
        *("HOME", "TMPDIR", "TZ", "LANG", "PATH", "NODE_COMPILE_CACHE", "TABLE"),
    }
    assert variables["AWS_ENDPOINT_URL"] == aws.world.endpoint


def test_functions_own_variables_cannot_lead_it_off_this_machine(aws: Aws) -> None:
    name = aws.function(
        "exports.handler = async () =>"
        "  [process.env.AWS_ENDPOINT_URL, process.env.AWS_ENDPOINT_URL_S3 ?? null];",
        Environment={
            "Variables": {
                "AWS_ENDPOINT_URL": "http://example.com",
                "AWS_ENDPOINT_URL_S3": "http://example.com",
            }
        },
    )

    assert aws.invoke(name)["Payload"] == [aws.world.endpoint, None]


def test_limits_are_set_on_the_process(aws: Aws) -> None:
    name = aws.function(
        "exports.handler = async () => 'ready';",
        MemorySize=256,
        EphemeralStorage={"Size": 600},
    )
    aws.invoke(name)

    lines = Path(f"/proc/{process_of(name)}/limits").read_text().splitlines()

    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    assert (limits["Max data size"], limits["Max file size"], limits["Max core file size"]) == (
        [str(320 * MB)] * 2,
        [str(600 * MB)] * 2,
        ["0", "0"],
    )


def test_memory_outside_the_heap_is_limited_too(aws: Aws) -> None:
    name = aws.function(
        "exports.handler = async () => { const kept = [];"
        "  try { for (let i = 0; i < 60; i++) kept.push(Buffer.alloc(10 * 1024 * 1024, 1)); }"
        "  catch (error) { return error.message; } return kept.length; };",
        MemorySize=128,
        Timeout=10,
    )

    assert aws.invoke(name)["Payload"] == "Array buffer allocation failed"


def test_process_that_the_handler_started_dies_with_the_timeout(aws: Aws) -> None:
    mark = f"61.{uuid4().int % 10**9:09}"
    name = aws.function(
        "exports.handler = async (wait) => {"
        f"  require('child_process').spawn('sleep', ['{mark}']);"
        "  await new Promise((r) => setTimeout(r, wait)); };",
        Timeout=3,
    )
    aws.invoke(name, 1)
    assert len(processes_with(mark)) == 1

    aws.invoke(name, 60000)

    until(lambda: processes_with(mark), lambda running: not running, what="its children", within=5)


def test_reset_ends_all_environments_and_removes_their_folders(aws: Aws) -> None:
    name = aws.function("exports.handler = async () => 'ready';")
    aws.invoke(name)
    pid = process_of(name)

    aws.world.reset()

    assert not is_running(pid)
    assert list((aws.world.scratch / "lambda" / "environments").iterdir()) == []
