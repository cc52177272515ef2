"""What a function writes is in its log tail and in CloudWatch Logs, if its role may write there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from qa.wait import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .fakes import FakeAuthorizer
    from .functions import Aws

TALKATIVE = (
    "console.log('at init');"
    "exports.handler = async (event) => {"
    "  console.log('hello %s', 'you', { a: 1 }); console.error('two\\nlines');"
    "  process.stdout.write('raw\\n');"
    "  if (event.fail) throw new Error('failed'); };"
)
VARYING = (
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "<time>"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\b\d+(\.\d+)? ms"), "<n> ms"),
    (re.compile(r"Used: \d+ MB"), "Used: <n> MB"),
)


def steady(text: str) -> str:
    """Return the text without what differs from run to run."""
    for pattern, name in VARYING:
        text = pattern.sub(name, text)
    return text


def events(aws: Aws, group: str) -> list[str]:
    """Return the messages of a log group."""
    found = aws.client("logs").filter_log_events(logGroupName=group)["events"]
    return [event["message"] for event in found]


def group_names(aws: Aws, name: str) -> list[str]:
    """Return the log groups whose name contains the function's."""
    # a page holds 50 of them, and other modules have left theirs
    pages = aws.client("logs").get_paginator("describe_log_groups").paginate()
    groups = [group for page in pages for group in page["logGroups"]]
    return [group["logGroupName"] for group in groups if name in group["logGroupName"]]


@pytest.fixture
def authorizer(aws: Aws) -> Iterator[FakeAuthorizer]:
    """The judge, allowing everything again afterwards."""
    yield aws.authorizer
    aws.authorizer.denied.clear()


def test_the_answer_s_request_id_is_the_one_that_function_and_log_know(aws: Aws) -> None:
    name = aws.function("exports.handler = async (event, context) => context.awsRequestId;")

    answer = aws.invoke(name, {}, LogType="Tail")

    request_id = answer["ResponseMetadata"]["RequestId"]
    in_log = {line.split()[2] for line in aws.tail(answer).splitlines() if "RequestId:" in line}
    assert (answer["Payload"], in_log) == (request_id, {request_id})


def test_an_event_s_request_id_is_the_one_that_its_log_knows(aws: Aws) -> None:
    for number in range(50):  # a full page before it
        aws.client("logs").create_log_group(logGroupName=f"/aws/lambda/a-{uuid4().hex[:8]}-{number}")
    name = aws.function("exports.handler = async () => {};")

    request_id = aws.invoke(name, {}, InvocationType="Event")["ResponseMetadata"]["RequestId"]

    messages = until(
        lambda: " ".join(events(aws, f"/aws/lambda/{name}")) if group_names(aws, name) else "",
        accept=lambda text: "REPORT" in text,
        what="the log of the event",
        within=20.0,
    )
    assert f"START RequestId: {request_id} " in messages


def test_log_tail_holds_the_invocations_lines_in_order(aws: Aws) -> None:
    name = aws.function(TALKATIVE)

    tail = aws.tail(aws.invoke(name, {}, LogType="Tail"))

    assert steady(tail).splitlines() == [
        "START RequestId: <id> Version: $LATEST",
        "<time>\t<id>\tINFO\thello you { a: 1 }",
        "<time>\t<id>\tERROR\ttwo",
        "lines",
        "raw",
        "END RequestId: <id>",
        (
            "REPORT RequestId: <id>\tDuration: <n> ms\tBilled Duration: <n> ms\tMemory Size: 128 MB\t"
            "Max Memory Used: <n> MB\tInit Duration: <n> ms\t"
        ),
    ]


def test_log_tail_comes_only_when_asked_for(aws: Aws) -> None:
    assert "LogResult" not in aws.invoke(aws.function(TALKATIVE))


def test_log_tail_is_the_last_4_kb(aws: Aws) -> None:
    name = aws.function("exports.handler = async () => { console.log('x'.repeat(10000)); };")

    tail = aws.tail(aws.invoke(name, LogType="Tail"))

    assert (len(tail), tail[:3], "REPORT" in tail) == (4096, "xxx", True)


def test_endless_output_is_cut_and_said_so(aws: Aws) -> None:
    name = aws.function(
        "const line = 'x'.repeat(99999) + '\\n';"
        "exports.handler = async () => { for (let i = 0; i < 50; i++) process.stdout.write(line); };"
    )

    aws.invoke(name)

    cut = [message for message in events(aws, f"/aws/lambda/{name}") if message.startswith("(")]
    assert cut == ["(805696 bytes before this were left out)"]


def test_report_of_a_timeout_says_so(aws: Aws) -> None:
    name = aws.function("exports.handler = () => new Promise((r) => setTimeout(r, 9000));", Timeout=1)

    lines = steady(aws.tail(aws.invoke(name, LogType="Tail"))).splitlines()

    assert lines[1] == "<time> <id> Task timed out after 1.00 seconds"
    assert lines[-1].endswith("Status: timeout\t")


def test_log_stream_holds_one_event_per_message(aws: Aws) -> None:
    name = aws.function(TALKATIVE)

    aws.invoke(name)

    messages = [steady(message) for message in events(aws, f"/aws/lambda/{name}")]
    assert messages[:5] == [
        "<time>\tundefined\tINFO\tat init",
        "START RequestId: <id> Version: $LATEST",
        "<time>\t<id>\tINFO\thello you { a: 1 }",
        "<time>\t<id>\tERROR\ttwo\nlines",
        "raw",
    ]


def test_log_stream_is_named_after_date_and_version(aws: Aws) -> None:
    name = aws.function(TALKATIVE)

    aws.invoke(name)

    streams = aws.client("logs").describe_log_streams(logGroupName=f"/aws/lambda/{name}")["logStreams"]
    assert [
        bool(re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", s["logStreamName"])) for s in streams
    ] == [True]


def test_error_is_logged_with_its_stack(aws: Aws) -> None:
    name = aws.function(TALKATIVE)

    aws.invoke(name, {"fail": True})

    errors = [message for message in events(aws, f"/aws/lambda/{name}") if "Invoke Error" in message]
    assert [steady(error).partition(',"stack"')[0] for error in errors] == [
        '<time>\t<id>\tERROR\tInvoke Error \t{"errorType":"Error","errorMessage":"failed"'
    ]


def test_function_writes_to_the_log_group_of_its_logging_config(aws: Aws) -> None:
    group = "/qa/elsewhere"
    aws.client("logs").create_log_group(logGroupName=group)
    name = aws.function(TALKATIVE, LoggingConfig={"LogGroup": group})

    aws.invoke(name)

    assert [line for line in events(aws, group) if line == "raw"] == ["raw"]
    assert group_names(aws, name) == []


def test_log_group_is_not_created_without_the_right_to(aws: Aws, authorizer: FakeAuthorizer) -> None:
    name = aws.function(TALKATIVE)
    authorizer.denied.add("logs:CreateLogGroup")

    answer = aws.invoke(name)

    assert ("FunctionError" in answer, group_names(aws, name)) == (False, [])


@pytest.mark.parametrize("action", ["logs:CreateLogStream", "logs:PutLogEvents"])
def test_nothing_is_logged_without_the_right_to(aws: Aws, authorizer: FakeAuthorizer, action: str) -> None:
    name = aws.function(TALKATIVE)
    aws.client("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    authorizer.denied.add(action)

    aws.invoke(name)

    assert events(aws, f"/aws/lambda/{name}") == []


def test_role_is_asked_about_its_own_log_stream(aws: Aws, authorizer: FakeAuthorizer) -> None:
    role_arn = aws.role()
    name = aws.function(TALKATIVE, Role=role_arn)
    authorizer.questions.clear()

    aws.invoke(name)

    prefix = f"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/{name}:log-stream:"
    requested = [(q.action, q.resource.startswith(prefix), q.caller.role_arn) for q in authorizer.questions]
    assert requested == [
        ("logs:CreateLogGroup", True, role_arn),
        ("logs:CreateLogStream", True, role_arn),
        ("logs:PutLogEvents", True, role_arn),
    ]
