"""The failure analysis' templates: all six failures together, and one by one."""

from __future__ import annotations

from datetime import date

import pytest

from qa.checks import check
from qa.template import load_template

REGIONS = ("us-east-1", "us-west-2")
DAY = date(2026, 11, 23)
LINE = (
    "Circular dependency between resources: [TransactionsTable, PrimaryKMSKeyAlias, "
    "PrimaryLambdaExecutionRole, LambdaErrorAlarmPrimary, PrimaryKMSKey, DynamoDBThrottleAlarmPrimary, "
    "LambdaThrottleAlarmPrimary, PrimaryTransactionProcessor, SecondaryLambdaExecutionRole]"
)


def test_cycle_is_told_in_cloudformations_own_line() -> None:
    template = load_template("lib/failures/original.json")

    found = check(template, regions=REGIONS, select=["circular-dependency"])

    assert [finding.message for finding in found] == [LINE]


def test_cycle_is_cut_at_the_key_policy() -> None:
    template = load_template("lib/failures/original.json")

    (finding,) = check(template, regions=REGIONS, select=["circular-dependency"])

    assert finding.fix == (
        "cut PrimaryKMSKey -> PrimaryLambdaExecutionRole (a key policy need not name a role of the stack): "
        'allow the service instead, e.g. "Principal": {"Service": "lambda.amazonaws.com"}, '
        "and grant the role its rights in the role's own policy"
    )


def test_each_failure_of_the_combined_template_has_a_rule_of_its_own() -> None:
    found = check(load_template("lib/failures/original.json"), regions=REGIONS, today=DAY)

    assert {finding.rule for finding in found} >= {
        "circular-dependency",
        "table-with-replicas",
        "reserved-concurrency",
        "deprecated-runtime",
        "key-without-dynamodb",
        "global-table-key",
    }


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("1-circular-dependency", "circular-dependency"),
        ("2-plain-table-with-replicas", "table-with-replicas"),
        ("3-reserved-concurrency", "reserved-concurrency"),
        ("4-deprecated-runtime", "deprecated-runtime"),
        ("5-key-without-dynamodb", "key-without-dynamodb"),
        ("6-key-named-for-global-table", "global-table-key"),
    ],
)
def test_each_failure_alone_is_found_by_its_rule(name: str, rule: str) -> None:
    found = check(load_template(f"lib/failures/{name}.json"), regions=REGIONS, today=DAY)

    assert rule in {finding.rule for finding in found}


def test_stack_of_the_project_has_no_finding() -> None:
    template = load_template("lib/TapStack.json")

    assert check(template, regions=REGIONS, today=DAY) == ()
