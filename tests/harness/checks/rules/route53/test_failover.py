"""Health checks and failover records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import checked, finding, put, together

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change


def _check(**config: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Route53::HealthCheck",
        "Condition": "IsPrimary",
        "Properties": {"HealthCheckConfig": config},
    }


def _record(**properties: Any) -> dict[str, Any]:
    common = {"Name": "shop.example.com", "Type": "A", "HostedZoneId": "Z1", "SetIdentifier": "east"}
    return {
        "Type": "AWS::Route53::RecordSet",
        "Condition": "IsPrimary",
        "Properties": {**common, "Failover": "PRIMARY", **properties},
    }


TARGET = {"DNSName": "east.example.com", "HostedZoneId": "Z2"}
ON_ALARM = {
    "Type": "CLOUDWATCH_METRIC",
    "AlarmIdentifier": {"Name": {"Ref": "LambdaErrorAlarmPrimary"}, "Region": {"Ref": "AWS::Region"}},
}

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a threshold of nothing": (
        put("Resources/Shop", _check(Type="CALCULATED", HealthThreshold=0, ChildHealthChecks=["a", "b"])),
        (
            finding(
                "health-check-blind",
                "Resources/Shop/Properties/HealthCheckConfig/HealthThreshold",
                message="With a threshold of 0 the check is always healthy",
                actual=0,
                expected="1 to 2",
                fix="name real checks as children, and a threshold between 1 and their number",
            ),
        ),
    ),
    "more than there are children": (
        put("Resources/Shop", _check(Type="CALCULATED", HealthThreshold=3, ChildHealthChecks=["a", "b"])),
        (
            finding(
                "health-check-blind",
                "Resources/Shop/Properties/HealthCheckConfig/HealthThreshold",
                message="With 2 children and a threshold of 3 the check is never healthy",
                actual=3,
                expected="1 to 2",
                fix="name real checks as children, and a threshold between 1 and their number",
            ),
        ),
    ),
    "no children": (
        put("Resources/Shop", _check(Type="CALCULATED", HealthThreshold=1)),
        (
            finding(
                "health-check-blind",
                "Resources/Shop/Properties/HealthCheckConfig/ChildHealthChecks",
                message="The check has no children to calculate from",
                actual=None,
                expected="one child or more",
                fix="name real checks as children, and a threshold between 1 and their number",
            ),
        ),
    ),
    "an alarm of the other region": (
        put(
            "Resources/Shop",
            _check(
                Type="CLOUDWATCH_METRIC",
                AlarmIdentifier={
                    "Name": {"Ref": "LambdaErrorAlarmPrimary"},
                    "Region": {"Ref": "SecondaryRegion"},
                },
            ),
        ),
        (
            finding(
                "health-check-region",
                "Resources/Shop/Properties/HealthCheckConfig/AlarmIdentifier/Region",
                message="LambdaErrorAlarmPrimary is an alarm in us-east-1, not in us-west-2",
                actual="us-west-2",
                expected="us-east-1",
                fix="name the alarm's region, or the alarm of that region",
            ),
        ),
    ),
    "the other region's alarm by its name": (
        put(
            "Resources/Shop",
            _check(
                Type="CLOUDWATCH_METRIC",
                AlarmIdentifier={
                    "Name": {"Fn::Sub": "lambda-errors-secondary-${EnvironmentSuffix}"},
                    "Region": {"Ref": "AWS::Region"},
                },
            ),
        ),
        (
            finding(
                "health-check-region",
                "Resources/Shop/Properties/HealthCheckConfig/AlarmIdentifier/Region",
                message="LambdaErrorAlarmSecondary is an alarm in us-west-2, not in us-east-1",
                actual="us-east-1",
                expected="us-west-2",
                fix="name the alarm's region, or the alarm of that region",
            ),
        ),
    ),
    "nobody tells the record's health": (
        put("Resources/Shop", _record(TTL="60", ResourceRecords=["192.0.2.1"])),
        (
            finding(
                "failover-without-check",
                "Resources/Shop/Properties/HealthCheckId",
                message="Route 53 takes this record for healthy always, and never fails over",
                actual=None,
                expected="a HealthCheckId, or an AliasTarget with EvaluateTargetHealth true",
                fix="name a health check that can see this region fail",
            ),
        ),
    ),
    "an alias that is not evaluated": (
        put("Resources/Shop", _record(AliasTarget={**TARGET, "EvaluateTargetHealth": False})),
        (
            finding(
                "failover-without-check",
                "Resources/Shop/Properties/HealthCheckId",
                message="Route 53 takes this record for healthy always, and never fails over",
                actual=None,
                expected="a HealthCheckId, or an AliasTarget with EvaluateTargetHealth true",
                fix="name a health check that can see this region fail",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "one of two": put(
        "Resources/Shop", _check(Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=["a", "b"])
    ),
    "children that are not known": together(
        put("Parameters/Checks", {"Type": "CommaDelimitedList"}),
        put(
            "Resources/Shop",
            _check(Type="CALCULATED", HealthThreshold=1, ChildHealthChecks={"Ref": "Checks"}),
        ),
    ),
    "the region's own alarm": put("Resources/Shop", _check(**ON_ALARM)),
    "the other region's alarm, in its region": put(
        "Resources/Shop",
        _check(
            Type="CLOUDWATCH_METRIC",
            AlarmIdentifier={
                "Name": {"Fn::Sub": "lambda-errors-secondary-${EnvironmentSuffix}"},
                "Region": {"Ref": "SecondaryRegion"},
            },
        ),
    ),
    "a record with its check": together(
        put("Resources/Check", _check(**ON_ALARM)),
        put(
            "Resources/Shop", _record(TTL="60", ResourceRecords=["192.0.2.1"], HealthCheckId={"Ref": "Check"})
        ),
    ),
    "an alias that is evaluated": put(
        "Resources/Shop", _record(AliasTarget={**TARGET, "EvaluateTargetHealth": True})
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
