"""Composite alarms of alarms elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import (
    checked,
    finding,
    put,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

ELSEWHERE = "arn:aws:cloudwatch:${SecondaryRegion}:${AWS::AccountId}:alarm:errors"
EAST, WESTS = (f"lambda-errors-{side}-${{EnvironmentSuffix}}" for side in ("primary", "secondary"))


def _composite(rule: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::CompositeAlarm",
        "Condition": "IsPrimary",
        "Properties": {"AlarmRule": rule, "AlarmActions": [{"Ref": "PrimarySNSTopic"}]},
    }


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a composite alarm of the other region's": (
        put("Resources/Any", _composite({"Fn::Sub": f"ALARM({EAST}) OR ALARM({WESTS})"})),
        (
            finding(
                "composite-alarm-region",
                "Resources/Any/Properties/AlarmRule",
                message=(
                    "'lambda-errors-secondary-dev' is an alarm in us-west-2; a composite alarm "
                    "sees its own region only"
                ),
                actual="lambda-errors-secondary-dev",
                expected="alarms in us-east-1",
                fix="name the alarms of this region",
            ),
        ),
    ),
    "a composite alarm of an ARN elsewhere": (
        put("Resources/Any", _composite({"Fn::Sub": f"NOT OK({ELSEWHERE})"})),
        (
            finding(
                "composite-alarm-region",
                "Resources/Any/Properties/AlarmRule",
                message=(
                    "'arn:aws:cloudwatch:us-west-2:123456789012:alarm:errors' is an alarm in "
                    "us-west-2; a composite alarm sees its own region only"
                ),
                actual="arn:aws:cloudwatch:us-west-2:123456789012:alarm:errors",
                expected="alarms in us-east-1",
                fix="name the alarms of this region",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a composite alarm of its own region's": put(
        "Resources/Any", _composite({"Fn::Sub": f"ALARM({EAST}) OR ALARM(of-another-stack)"})
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
