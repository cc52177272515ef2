"""What `qa check` says of each failure: every one is found, by a rule made for it."""

from __future__ import annotations

from datetime import date

import pytest

from qa.checks import check
from qa.template import load_template

from .conftest import CIRCULAR, TEMPLATES

REGIONS = ("us-east-1", "us-west-2")
TODAY = date(2026, 11, 23)
FOUND = {
    "1-circular-dependency.json": [("circular-dependency", "error", "PrimaryKMSKey", None)],
    "2-plain-table-with-replicas.json": [
        ("table-with-replicas", "error", "TransactionsTable", "us-east-1"),
        # the table is not in West any more, whose function is given its name
        ("environment-target", "warning", "SecondaryTransactionProcessor", "us-west-2"),
    ],
    "3-reserved-concurrency.json": [
        ("reserved-concurrency", "warning", "PrimaryTransactionProcessor", "us-east-1")
    ],
    "4-deprecated-runtime.json": [
        ("deprecated-runtime", "warning", "PrimaryTransactionProcessor", "us-east-1")
    ],
    "5-key-without-dynamodb.json": [("key-without-dynamodb", "warning", "PrimaryKMSKey", "us-east-1")],
    "6-key-named-for-global-table.json": [("global-table-key", "error", "TransactionsTable", "us-east-1")],
    "original.json": [
        ("circular-dependency", "error", "PrimaryKMSKey", None),
        ("key-without-dynamodb", "warning", "PrimaryKMSKey", None),
        ("unbounded-service", "note", "PrimaryKMSKey", None),
        ("table-with-replicas", "error", "TransactionsTable", None),
        ("global-table-key", "error", "TransactionsTable", None),
        ("replication-same-region", "note", "PrimaryDocumentsBucket", None),
        ("deprecated-runtime", "warning", "PrimaryTransactionProcessor", None),
        ("reserved-concurrency", "warning", "PrimaryTransactionProcessor", None),
    ],
}
"""Rule, severity, resource and region (None: both) of each finding, in template order."""


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_failure_is_found_and_nothing_else(name: str) -> None:
    found = check(load_template(TEMPLATES[name]), regions=REGIONS, today=TODAY)

    assert [(one.rule, str(one.severity), one.logical_id, one.region) for one in found] == FOUND[name]


def test_the_original_is_refused_in_cloudformations_words() -> None:
    first = check(load_template(TEMPLATES["original.json"]), regions=REGIONS)[0]

    assert first.message == CIRCULAR


def test_a_reservation_is_an_error_in_a_new_account() -> None:
    template = load_template(TEMPLATES["3-reserved-concurrency.json"])

    found = check(template, regions=REGIONS, concurrency_limit=10)

    assert [(one.rule, str(one.severity)) for one in found] == [("reserved-concurrency", "error")]


def test_the_design_has_no_finding_of_any_level() -> None:
    design = TEMPLATES["original.json"].parents[1] / "TapStack.json"

    assert check(load_template(design), regions=REGIONS, today=TODAY) == ()
