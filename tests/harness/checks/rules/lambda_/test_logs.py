"""Functions that leave no log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    RIGHTS,
    checked,
    drop,
    finding,
    put,
    replace,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a function that may not write its log": (
        drop(f"{RIGHTS}/4"),
        (
            finding(
                "function-logs",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies",
                message=(
                    "PrimaryTransactionProcessor logs to "
                    "/aws/lambda/transaction-processor-primary-dev, and its role may not "
                    "logs:CreateLogStream there"
                ),
                actual=[],
                expected=(
                    "an Allow of logs:CreateLogStream on "
                    "log-group:/aws/lambda/transaction-processor-primary-dev:*"
                ),
                fix="allow it in PrimaryLambdaExecutionRole, or attach AWSLambdaBasicExecutionRole",
            ),
        ),
    ),
    "a function that logs elsewhere": (
        replace(
            "Resources/PrimaryTransactionProcessorLogGroup/Properties/LogGroupName/Fn::Sub",
            "processor",
            "worker",
        ),
        (
            finding(
                "function-logs",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies",
                message=(
                    "PrimaryTransactionProcessor logs to "
                    "/aws/lambda/transaction-processor-primary-dev, and its role may not "
                    "logs:CreateLogStream there"
                ),
                actual=[
                    ("arn:aws:logs:us-east-1:123456789012:log-group:${PrimaryTransactionProcessorLogGroup}:*")
                ],
                expected=(
                    "an Allow of logs:CreateLogStream on "
                    "log-group:/aws/lambda/transaction-processor-primary-dev:*"
                ),
                fix="allow it in PrimaryLambdaExecutionRole, or attach AWSLambdaBasicExecutionRole",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a log of any function": put(f"{RIGHTS}/4/Resource", "arn:aws:logs:*:*:log-group:/aws/lambda/*"),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
