"""Runtimes and concurrency of functions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qa.checks import Finding, Severity
from tests.harness.checks.findings import finding
from tests.harness.checks.small import EAST, IN_EAST, body, found, resource

GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg"


def _function(**properties: Any) -> dict[str, Any]:
    return resource("AWS::Lambda::Function", **properties)


DEPRECATED = finding(
    "deprecated-runtime",
    "Resources/Worker/Properties/Runtime",
    region=None,
    message="runtime nodejs18.x is deprecated since 2025-09-01; no function with it can be created from …",
    actual="nodejs18.x",
    expected="a runtime that is supported on 2026-01-01",
    fix="move to …",
)
DAY = date(2026, 1, 1)


def _lasting(finding: Finding) -> Finding:
    """Return the finding without what moves with the releases of the table of runtimes."""
    message = re.sub(r"(from|since) \S+$", r"\1 …", finding.message)
    return replace(finding, message=message, fix=re.sub(r"move to \S+", "move to …", finding.fix))


def test_runtime_past_its_date() -> None:
    (finding,) = found("deprecated-runtime", body({"Worker": _function(Runtime="nodejs18.x")}), today=DAY)

    assert _lasting(finding) == DEPRECATED


def test_runtime_that_no_function_can_be_made_with_is_an_error() -> None:
    (finding,) = found("deprecated-runtime", body({"Worker": _function(Runtime="nodejs4.3")}), today=DAY)

    assert (finding.severity, finding.actual) == (Severity.ERROR, "nodejs4.3")


@pytest.mark.parametrize("runtime", ["nodejs18.x", "python9.9", {"Ref": "Runtime"}])
def test_runtime_before_its_date_or_not_known(runtime: Any) -> None:
    template = body({"Worker": _function(Runtime=runtime)}, Parameters={"Runtime": {"Type": "String"}})

    assert found("deprecated-runtime", template, today=date(2025, 8, 31)) == ()


def test_runtime_of_one_region_is_found_in_the_branch_that_names_it() -> None:
    runtime = {"Fn::If": ["InEast", "nodejs4.3", "nodejs22.x"]}
    template = body({"Worker": _function(Runtime=runtime)}, Conditions=IN_EAST)

    found_there = found("deprecated-runtime", template, today=date(2026, 1, 1))

    assert [(each.region, each.path[3:]) for each in found_there] == [(EAST, ("Runtime", "Fn::If", 1))]


RESERVED = finding(
    "reserved-concurrency",
    "Resources/Worker/Properties/ReservedConcurrentExecutions",
    region=None,
    message="Worker reserves 100 concurrent executions",
    actual=100,
    expected="an account limit of at least 200: 100 reserved by this stack and 100 that AWS keeps free; "
    "new accounts have 10",
    fix="take ReservedConcurrentExecutions out: the function then scales to what the account has",
)


def test_reservation_names_the_limit_it_needs() -> None:
    template = body({"Worker": _function(ReservedConcurrentExecutions=100)})

    assert found("reserved-concurrency", template) == (RESERVED,)


def test_reservation_beyond_the_accounts_limit_is_an_error() -> None:
    template = body({"Worker": _function(ReservedConcurrentExecutions=100)})

    assert found("reserved-concurrency", template, concurrency_limit=150) == (
        replace(
            RESERVED,
            severity=Severity.ERROR,
            message="Worker reserves 100 concurrent executions of the account's 150",
            expected="an account limit of at least 200: 100 reserved by this stack and 100 that AWS keeps "
            "free, not 150",
        ),
    )


def test_reservations_of_a_stack_add_up() -> None:
    template = body(
        {
            "Worker": _function(ReservedConcurrentExecutions="300"),
            "Other": _function(ReservedConcurrentExecutions=700),
        }
    )

    found_there = found("reserved-concurrency", template, concurrency_limit=1000)

    assert [finding.message for finding in found_there] == [
        "Worker reserves 300 concurrent executions of the account's 1000; the stack 1000 in all",
        "Other reserves 700 concurrent executions of the account's 1000; the stack 1000 in all",
    ]


@pytest.mark.parametrize(
    ("reserved", "limit", "count"),
    [(900, 1000, 0), (901, 1000, 1), (1, 10, 1), (0, 10, 0), (0, None, 0), ({"Ref": "AWS::StackId"}, 10, 0)],
    ids=["all but 100", "one more", "new account", "switched off", "off, no limit", "no number"],
)
def test_account_keeps_a_hundred(reserved: Any, limit: int | None, count: int) -> None:
    template = body({"Worker": _function(ReservedConcurrentExecutions=reserved)})

    assert [each.rule for each in found("reserved-concurrency", template, concurrency_limit=limit)] == [
        "reserved-concurrency"
    ] * count
