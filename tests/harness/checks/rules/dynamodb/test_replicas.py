"""Replicas: the faults seeded in the design, and what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    LATENCY,
    REPLICAS,
    TABLE,
    WEST,
    Severity,
    checked,
    drop,
    finding,
    put,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "no replica in the stack's own region": (
        drop(f"{REPLICAS}/0"),
        (
            finding(
                "replica-own-region",
                REPLICAS,
                message=("The Replicas section must contain an entry for the current region, us-east-1"),
                actual=["us-west-2"],
                expected="us-east-1 among them",
                fix=("add a replica for us-east-1, or keep the table out of there with a Condition"),
            ),
            finding(
                "receiving-region",
                "Resources/ReplicationLatencyAlarmSecondary/Properties/Dimensions/1/Value",
                region=WEST,
                message="No record replicates from us-west-2 to us-east-1",
                actual="us-east-1",
                expected="the region of another replica",
                fix="name the region that receives",
            ),
        ),
    ),
    "no replica in the peer region, whose stack uses the table's name": (
        drop(f"{REPLICAS}/1"),
        (
            finding(
                "replica-peer-region",
                REPLICAS,
                severity=Severity.ERROR,
                message="The table has no replica in us-west-2, where the stack uses its name",
                actual=["us-east-1"],
                expected="us-west-2 among them",
                fix="add a replica for us-west-2",
            ),
            finding(
                "receiving-region",
                f"{LATENCY}/Dimensions/1/Value",
                message="No record replicates from us-east-1 to us-west-2",
                actual="us-west-2",
                expected="the region of another replica",
                fix="name the region that receives",
            ),
        ),
    ),
    "recovery off in one replica": (
        put(f"{REPLICAS}/1/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled", value=False),
        (
            finding(
                "replica-recovery",
                f"{REPLICAS}/1/PointInTimeRecoverySpecification",
                message=("The replica in us-west-2 cannot be restored to a point in time; another one can"),
                actual=False,
                expected="PointInTimeRecoveryEnabled true in every replica",
                fix="switch PointInTimeRecoverySpecification on in this replica too",
            ),
        ),
    ),
    "recovery left out in one replica": (
        drop(f"{REPLICAS}/0/PointInTimeRecoverySpecification"),
        (
            finding(
                "replica-recovery",
                f"{REPLICAS}/0/PointInTimeRecoverySpecification",
                message=("The replica in us-east-1 cannot be restored to a point in time; another one can"),
                actual=None,
                expected="PointInTimeRecoveryEnabled true in every replica",
                fix="switch PointInTimeRecoverySpecification on in this replica too",
            ),
        ),
    ),
    "no stream": (
        drop(f"{TABLE}/Properties/StreamSpecification"),
        (
            finding(
                "global-table-stream",
                f"{TABLE}/Properties/StreamSpecification/StreamViewType",
                message="A global table with 2 replicas needs a stream of new and old images",
                actual=None,
                expected="StreamViewType NEW_AND_OLD_IMAGES",
                fix='add "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"}',
            ),
        ),
    ),
    "a stream of keys only": (
        put(f"{TABLE}/Properties/StreamSpecification/StreamViewType", "KEYS_ONLY"),
        (
            finding(
                "global-table-stream",
                f"{TABLE}/Properties/StreamSpecification/StreamViewType",
                severity=Severity.WARNING,
                message="A global table with 2 replicas needs a stream of new and old images",
                actual="KEYS_ONLY",
                expected="StreamViewType NEW_AND_OLD_IMAGES",
                fix='add "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"}',
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "recovery is off in every replica": together(
        drop(f"{REPLICAS}/0/PointInTimeRecoverySpecification"),
        drop(f"{REPLICAS}/1/PointInTimeRecoverySpecification"),
    ),
    "a strongly consistent table needs no stream": together(
        drop(f"{TABLE}/Properties/StreamSpecification"),
        put(f"{TABLE}/Properties/MultiRegionConsistency", "STRONG"),
        put(f"{TABLE}/Properties/GlobalTableWitnesses", [{"Region": "us-east-2"}]),
    ),
    "the regions of the replicas are not known": together(
        put("Parameters/Third", {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/region"}),
        put(f"{REPLICAS}/0/Region", {"Ref": "Third"}),
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
