"""Environment variables that Lambda does not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    VARIABLES,
    checked,
    finding,
    put,
    short,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "variables of more than four kilobytes": (
        together(put(f"{VARIABLES}/NOTE", "a" * 4100), short),
        (
            finding(
                "function-variables",
                "Resources/PrimaryTransactionProcessor/Properties/Environment/Variables",
                message="The variables have 4,164 bytes at least; Lambda takes 4,096",
                actual=4164,
                expected="at most 4,096 bytes",
                fix="keep long values in a parameter store",
            ),
        ),
    ),
    "a variable that Lambda sets": (
        put(f"{VARIABLES}/AWS_REGION", {"Ref": "AWS::Region"}),
        (
            finding(
                "reserved-variable",
                "Resources/PrimaryTransactionProcessor/Properties/Environment/Variables/AWS_REGION",
                message="Lambda sets AWS_REGION itself and refuses a function that sets it",
                actual="AWS_REGION",
                expected="names that Lambda does not reserve",
                fix="remove AWS_REGION, or give it a name of your own",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a variable of a name of one's own": put(f"{VARIABLES}/HOME_REGION", {"Ref": "AWS::Region"}),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
