"""The failure analysis' template: all six failures together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qa.checks import check
from qa.template import load_template

REGIONS = ("us-east-1", "us-west-2")
ORIGINAL = Path("lib/failures/original.json")
LINE = (
    "Circular dependency between resources: [TransactionsTable, PrimaryKMSKeyAlias, "
    "PrimaryLambdaExecutionRole, LambdaErrorAlarmPrimary, PrimaryKMSKey, DynamoDBThrottleAlarmPrimary, "
    "LambdaThrottleAlarmPrimary, PrimaryTransactionProcessor, SecondaryLambdaExecutionRole]"
)


def test_cycle_is_told_in_cloudformations_own_line() -> None:
    template = load_template(ORIGINAL)

    found = check(template, regions=REGIONS, select=["circular-dependency"])

    assert [finding.message for finding in found] == [LINE]


def test_stack_of_the_project_has_no_finding() -> None:
    template = load_template("lib/TapStack.json")

    assert check(template, regions=REGIONS, today=date(2026, 11, 23)) == ()
