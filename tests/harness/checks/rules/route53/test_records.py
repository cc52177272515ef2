"""Records that the stacks of two regions make."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.checks.rules.design import Severity
from tests.harness.checks.small import IN_EAST, WEST, body, found, resource

RECORD = {"HostedZoneId": "Z1", "Name": "shop.example.com", "Type": "A", "TTL": 60, "ResourceRecords": []}
PARAMETERS = {"Zone": {"Type": "String"}, "Name": {"Type": "String", "Default": "shop.example.com"}}


def _findings(given: dict[str, str] | None = None, **change: Any) -> list[tuple[str | None, Severity]]:
    entry = {"Condition": change.pop("condition")} if "condition" in change else {}
    record = {**resource("AWS::Route53::RecordSet", **{**RECORD, **change}), **entry}
    template = body({"Shop": record}, Parameters=PARAMETERS, Conditions=IN_EAST)
    findings = found("record-in-two-regions", template, parameters=given or {})
    return [(one.region, one.severity) for one in findings]


def test_record_of_both_stacks_fails_in_the_second() -> None:
    assert _findings() == [(WEST, Severity.ERROR)]
    assert _findings(SetIdentifier="shop", Weight=1) == [(WEST, Severity.ERROR)]


@pytest.mark.parametrize("change", [{"HostedZoneId": {"Ref": "Zone"}}, {"Name": {"Ref": "Name"}}])
def test_record_by_a_parameter_may_be_another_in_each_region(change: dict[str, Any]) -> None:
    assert _findings(**change) == [(WEST, Severity.WARNING)]
    assert _findings({"Zone": "Z1", "Name": "a.example.com"}, **change) == [(WEST, Severity.ERROR)]


@pytest.mark.parametrize(
    "change",
    [
        {"SetIdentifier": {"Ref": "AWS::Region"}},
        {"Name": {"Fn::Sub": "${AWS::Region}.example.com"}},
        {"HostedZoneId": {"Fn::ImportValue": "zone"}},
        {"condition": "InEast"},
    ],
    ids=["identifier", "name", "zone of each region", "one stack"],
)
def test_records_of_each_region_are_left_alone(change: dict[str, Any]) -> None:
    assert _findings(**change) == []


def test_records_of_a_group_are_judged_one_by_one() -> None:
    group = {"HostedZoneName": "example.com.", "RecordSets": [{"Name": "a.example.com", "Type": "A"}]}
    template = body({"Shop": resource("AWS::Route53::RecordSetGroup", **group)})

    (one,) = found("record-in-two-regions", template)

    assert one.path == ("Resources", "Shop", "Properties", "RecordSets", 0, "Name")
