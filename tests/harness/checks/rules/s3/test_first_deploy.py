"""Stacks whose buckets replicate into each other from the first deployment on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.checks.rules.design import Severity
from tests.harness.checks.small import EAST, WEST, body, found, resource

PEER = {"Peer": {EAST: {"Region": WEST}, WEST: {"Region": EAST}}}
OTHER = {"Fn::FindInMap": ["Peer", {"Ref": "AWS::Region"}, "Region"]}
OPEN = {"Replicate": {"Type": "String", "Default": "yes"}, "Primary": {"Type": "String", "Default": EAST}}
CONDITIONS = {
    "Switched": {"Fn::Equals": [{"Ref": "Replicate"}, "yes"]},
    "SwitchedToo": {"Fn::And": [{"Condition": "Switched"}, {"Condition": "Switched"}]},
    "InPrimary": {"Fn::Equals": [{"Ref": "AWS::Region"}, {"Ref": "Primary"}]},
    "Anywhere": {"Fn::Or": [{"Condition": "InPrimary"}, {"Fn::Not": [{"Condition": "InPrimary"}]}]},
}


def _replication(status: str = "Enabled") -> dict[str, Any]:
    destination = {"Bucket": {"Fn::Sub": ["arn:aws:s3:::docs-${Other}", {"Other": OTHER}]}}
    rule = {"Status": status, "Filter": {}, "DeleteMarkerReplication": {"Status": "Enabled"}}
    return {"Role": "role", "Rules": [{**rule, "Destination": destination}]}


def _findings(replication: object, **entry: Any) -> list[tuple[str | None, Severity]]:
    bucket = resource(
        "AWS::S3::Bucket",
        BucketName={"Fn::Sub": "docs-${AWS::Region}"},
        ReplicationConfiguration=replication,
    )
    sections = {"Mappings": PEER, "Parameters": OPEN, "Conditions": CONDITIONS}
    template = body({"Docs": {**bucket, **entry}}, **sections)
    return [(one.region, one.severity) for one in found("replication-first-deploy", template)]


def test_neither_of_two_buckets_that_replicate_into_each_other_can_be_first() -> None:
    expected = [(EAST, Severity.WARNING), (WEST, Severity.WARNING)]

    assert _findings(_replication()) == expected
    assert _findings(_replication(), Condition="Anywhere") == expected


@pytest.mark.parametrize("condition", ["Switched", "SwitchedToo"])
def test_replication_that_a_parameter_switches_is_left_alone(condition: str) -> None:
    switched = {"Fn::If": [condition, _replication(), {"Ref": "AWS::NoValue"}]}

    assert _findings(switched) == []
    assert _findings(_replication(), Condition=condition) == []


def test_replication_in_one_direction_is_left_alone() -> None:
    assert _findings({"Fn::If": ["InPrimary", _replication(), {"Ref": "AWS::NoValue"}]}) == []
    assert _findings(_replication("Disabled")) == []
