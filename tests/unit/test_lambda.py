"""Checks 47-54: the transaction processors and their code."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from .findings import Finding, differs, finding, require, unless
from .javascript import command_input, environment_names, exported_names, required_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stack import Stack

CODE = "Code/ZipFile"
MAX_CODE = 4096
PINNED = dt.date(2026, 11, 1)
"""The day these checks look from: the calendar alone turns none of them red. Move it with a release."""
DEPRECATED = {
    "nodejs16.x": dt.date(2024, 6, 12),
    "nodejs18.x": dt.date(2025, 9, 1),
    "nodejs20.x": dt.date(2026, 4, 30),
    "nodejs22.x": dt.date(2027, 4, 30),
    "nodejs24.x": dt.date(2028, 4, 30),
}
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, as cfn-lint 1.58 ships it."""


def test_the_processors_run_on_a_supported_node_22(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        do = "use nodejs22.x: the code is written for it and tested on it"
        yield from differs(stack, _processor(stack), "Runtime", "nodejs22.x", do=do)
        runtime = str(stack.property(_processor(stack), "Runtime"))
        end = DEPRECATED.get(runtime, dt.date.min)
        if end <= PINNED:
            actual, expected = f"{runtime}, deprecated on {end}", f"supported on {PINNED}"
            do = "AWS will refuse to create and update it: move to its successor"
            yield finding(stack, _processor(stack), "Runtime", actual=actual, expected=expected, do=do)

    require(each for stack in stacks for each in findings(stack))


def test_the_processors_have_a_minute_and_512_megabytes(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        do = "a standby with less than the primary fails when it is needed"
        yield from differs(stack, _processor(stack), "Timeout", 60, do=do)
        yield from differs(stack, _processor(stack), "MemorySize", 512, do=do)

    require(found for stack in stacks for found in findings(stack))


def test_no_function_reserves_concurrency(stacks: tuple[Stack, Stack]) -> None:
    require(
        finding(
            stack,
            function,
            "ReservedConcurrentExecutions",
            actual=stack.property(function, "ReservedConcurrentExecutions"),
            expected="no reservation",
            do="remove it: it eats the account's pool, and an account of 10 refuses the deployment",
        )
        for stack in stacks
        for function in stack.of_type("AWS::Lambda::Function")
        if "ReservedConcurrentExecutions" in stack.resources[function].properties
    )


def test_the_inline_code_exports_the_handler(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        do = "inline code is the module index"
        yield from differs(stack, _processor(stack), "Handler", "index.handler", do=do)
        exported = exported_names(_code(stack))
        name = str(stack.property(_processor(stack), "Handler")).partition(".")[2]
        if name not in exported:
            do = f"export it: exports.{name} = …"
            yield finding(stack, _processor(stack), CODE, actual=sorted(exported), expected=name, do=do)

    require(found for stack in stacks for found in findings(stack))


def test_the_inline_code_is_the_source_file_and_small(stacks: tuple[Stack, Stack], source: str) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        code = _code(stack)
        if code != source:
            actual, expected = _first_difference(code, source)
            do = "edit lib/transaction-processor.js and run python lib/embed.py"
            yield finding(stack, _processor(stack), CODE, actual=actual, expected=expected, do=do)
        if len(code) >= MAX_CODE:
            actual, expected = f"{len(code)} characters", f"fewer than {MAX_CODE}"
            yield finding(
                stack, _processor(stack), CODE, actual=actual, expected=expected, do="shorten the source"
            )
        if "aws-sdk" in required_modules(code):
            do = "the runtime has version 3 only: require @aws-sdk/client-…"
            yield finding(
                stack, _processor(stack), CODE, actual="aws-sdk", expected="@aws-sdk/client-…", do=do
            )

    require(each for stack in stacks for each in findings(stack))


def test_the_code_encrypts_and_writes_record_and_document_once(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        expected = (
            ("EncryptCommand", "EncryptionContext"),
            ("PutItemCommand", "attribute_not_exists("),
            ("PutObjectCommand", "IfNoneMatch: '*'"),
        )
        for command, argument in expected:
            given = command_input(_code(stack), command)
            if given is None or argument not in given:
                actual = "not sent" if given is None else " ".join(given.split())
                do = "a repeated transaction must write nothing twice, and no account number in clear"
                what = f"{command} sent with {argument}"
                yield finding(stack, _processor(stack), CODE, actual=actual, expected=what, do=do)

    require(each for stack in stacks for each in findings(stack))


def test_the_environment_names_the_regions_own_resources(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        path = "Environment/Variables"
        expected = {
            "TABLE_NAME": f"transactions-table-{stack.suffix}",
            "BUCKET_NAME": stack.meaning(f"${{{stack.side}DocumentsBucket}}"),
            "KMS_KEY_ID": stack.meaning(f"${{{stack.side}KMSKey.Arn}}"),
            "REGION": stack.region,
            "ENVIRONMENT": stack.suffix,
        }
        actual = stack.meaning(stack.property(_processor(stack), path))
        do = "set each to the resource of this region, the key by its ARN"
        yield from unless(stack, _processor(stack), path, actual=actual, expected=expected, do=do)
        unset = environment_names(_code(stack)) - set(actual if isinstance(actual, dict) else ())
        for name in sorted(unset):
            do = "set it: the code reads it"
            yield finding(
                stack, _processor(stack), f"{path}/{name}", actual="unset", expected="a value", do=do
            )

    require(each for stack in stacks for each in findings(stack))


def test_each_processor_finds_its_log_group_made_for_it(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        group = f"{_processor(stack)}LogGroup"
        name = f"/aws/lambda/{stack.property(_processor(stack), 'FunctionName')}"
        do = "name it after the function, or Lambda makes another that is kept for ever"
        yield from differs(stack, group, "LogGroupName", name, do=do)
        yield from differs(stack, group, "RetentionInDays", 7, do="logs are kept for a week")
        processor = stack.resources.get(_processor(stack))
        first = processor.depends_on if processor else ()
        if group not in first:
            do = "add DependsOn: a function that runs first makes the group itself"
            yield finding(stack, _processor(stack), "", actual=f"DependsOn {first}", expected=group, do=do)

    require(found for stack in stacks for found in findings(stack))


def _processor(stack: Stack) -> str:
    return f"{stack.side}TransactionProcessor"


def _code(stack: Stack) -> str:
    return str(stack.property(_processor(stack), CODE))


def _first_difference(actual: str, expected: str) -> tuple[str, str]:
    """Return the first line in which the two texts differ, with its number."""
    pairs = zip([*actual.split("\n"), "(end)"], [*expected.split("\n"), "(end)"], strict=False)
    for number, (left, right) in enumerate(pairs, 1):
        if left != right:
            return f"line {number}: {left}", f"line {number}: {right}"
    return f"{len(actual)} characters", f"{len(expected)} characters"
