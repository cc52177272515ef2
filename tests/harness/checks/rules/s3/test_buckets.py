"""Buckets and rules that S3 refuses, and replication that does not span the regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import (
    BUCKET,
    WEST,
    Severity,
    add,
    checked,
    drop,
    finding,
    put,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

RULE = f"{BUCKET}/ReplicationConfiguration/Fn::If/1/Rules/0"
DESTINATION = f"{RULE}/Destination"
ROLE = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/replication"}
IN_TIME = {"Status": "Enabled", "Time": {"Minutes": 15}}


def _bucket(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::S3::Bucket",
        "Condition": "IsPrimary",
        "Properties": {"VersioningConfiguration": {"Status": "Enabled"}, **properties},
    }


def _replicating_to(target: Any) -> dict[str, Any]:
    rule = {
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": target},
    }
    return _bucket(ReplicationConfiguration={"Role": ROLE, "Rules": [rule]})


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "an access control list": (
        put(f"{BUCKET}/AccessControl", "LogDeliveryWrite"),
        (
            finding(
                "bucket-acl",
                "Resources/PrimaryDocumentsBucket/Properties/AccessControl",
                message="The bucket has an access control list, and its ownership setting takes none",
                actual="LogDeliveryWrite",
                expected="no AccessControl, or an ObjectOwnership that takes one",
                fix="remove AccessControl, and say it in a bucket policy",
            ),
        ),
    ),
    "an access control list on a bucket that says nothing": (
        put("Resources/Site", _bucket(AccessControl="PublicRead")),
        (
            finding(
                "bucket-acl",
                "Resources/Site/Properties/AccessControl",
                message="The bucket has an access control list, and its ownership setting takes none",
                actual="PublicRead",
                expected="no AccessControl, or an ObjectOwnership that takes one",
                fix="remove AccessControl, and say it in a bucket policy",
            ),
        ),
    ),
    "two destinations in rules of the old form": (
        put(
            "Resources/Site",
            _bucket(
                ReplicationConfiguration={
                    "Role": ROLE,
                    "Rules": [
                        {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": f"arn:aws:s3:::{name}"}}
                        for name in ("one", "two")
                    ],
                },
            ),
        ),
        (
            finding(
                "replication-destinations",
                "Resources/Site/Properties/ReplicationConfiguration/Rules/1/Destination/Bucket",
                message="Number of distinct destination bucket ARNs cannot exceed 1 in rules without Filter",
                actual="arn:aws:s3:::two",
                expected="one destination, or Filter in every rule",
                fix='add "Filter": {"Prefix": ""}, Priority and DeleteMarkerReplication to every rule',
            ),
        ),
    ),
    "a Filter without DeleteMarkerReplication": (
        drop(f"{RULE}/DeleteMarkerReplication"),
        (
            finding(
                "replication-rule-form",
                "Resources/PrimaryDocumentsBucket/Properties/ReplicationConfiguration/Fn::If/1/Rules/0",
                message="A rule with Filter needs DeleteMarkerReplication",
                actual=[
                    "Destination",
                    "Filter",
                    "Id",
                    "Priority",
                    "SourceSelectionCriteria",
                    "Status",
                ],
                expected="Filter, Priority and DeleteMarkerReplication together, or none of them",
                fix='fix the rule: "Filter": {"Prefix": ""} selects every object',
            ),
        ),
    ),
    "a rule of the old form with what is new": (
        drop(f"{RULE}/Filter"),
        (
            finding(
                "replication-rule-form",
                "Resources/PrimaryDocumentsBucket/Properties/ReplicationConfiguration/Fn::If/1/Rules/0",
                severity=Severity.WARNING,
                message="A rule without Filter knows no Priority and no DeleteMarkerReplication",
                actual=[
                    "DeleteMarkerReplication",
                    "Destination",
                    "Id",
                    "Priority",
                    "SourceSelectionCriteria",
                    "Status",
                ],
                expected="Filter, Priority and DeleteMarkerReplication together, or none of them",
                fix='fix the rule: "Filter": {"Prefix": ""} selects every object',
            ),
        ),
    ),
    "delete markers of a filter by tags": (
        together(
            put(f"{RULE}/Filter", {"TagFilter": {"Key": "kind", "Value": "receipt"}}),
            put(f"{RULE}/DeleteMarkerReplication/Status", "Enabled"),
            add(
                "Resources/PrimaryReplicationRole/Properties/Policies/0/PolicyDocument/Statement/2/Action",
                "s3:ReplicateDelete",
            ),
        ),
        (
            finding(
                "replication-rule-form",
                "Resources/PrimaryDocumentsBucket/Properties/ReplicationConfiguration/Fn::If/1/Rules/0",
                message="A rule that filters by tags replicates no delete markers",
                actual=[
                    "DeleteMarkerReplication",
                    "Destination",
                    "Filter",
                    "Id",
                    "Priority",
                    "SourceSelectionCriteria",
                    "Status",
                ],
                expected="Filter, Priority and DeleteMarkerReplication together, or none of them",
                fix='fix the rule: "Filter": {"Prefix": ""} selects every object',
            ),
        ),
    ),
    "timed without metrics": (
        put(f"{DESTINATION}/ReplicationTime", IN_TIME),
        (
            finding(
                "replication-time",
                (
                    "Resources/PrimaryDocumentsBucket/Properties/ReplicationConfiguration/Fn::If/1/Rules/0/De"
                    "stination/Metrics"
                ),
                message="ReplicationTime must be specified together with a Metrics block",
                actual=None,
                expected="Metrics with Status Enabled",
                fix='add "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}',
            ),
        ),
    ),
    "timed to half an hour": (
        together(
            put(f"{DESTINATION}/ReplicationTime", {"Status": "Enabled", "Time": {"Minutes": 30}}),
            put(f"{DESTINATION}/Metrics", {"Status": "Enabled"}),
        ),
        (
            finding(
                "replication-time",
                (
                    "Resources/PrimaryDocumentsBucket/Properties/ReplicationConfiguration/Fn::If/1/Rules/0/De"
                    "stination/ReplicationTime/Time/Minutes"
                ),
                message="Replication Time Control knows 15 minutes only",
                actual=30,
                expected="15",
                fix="write 15",
            ),
        ),
    ),
    "a rule that is off": (
        together(put(f"{RULE}/Status", "Disabled"), drop(f"{RULE}/SourceSelectionCriteria")),
        (
            finding(
                "replication-disabled",
                (
                    "Resources/PrimaryDocumentsBucket/Properties/ReplicationConfiguration/Fn::If/1/Rules/0/St"
                    "atus"
                ),
                message="No replication rule of the bucket is on",
                actual="Disabled",
                expected="Enabled",
                fix="enable the rule, or remove ReplicationConfiguration",
            ),
        ),
    ),
    "a destination of the same stack": (
        together(
            put("Resources/Archive", _bucket()),
            put("Resources/Inbox", _replicating_to({"Fn::GetAtt": ["Archive", "Arn"]})),
        ),
        (
            finding(
                "replication-same-region",
                "Resources/Inbox/Properties/ReplicationConfiguration/Rules/0/Destination/Bucket",
                message="Archive is of the same stack, and so of the same region",
                actual="${Archive.Arn}",
                expected="a bucket in the other region",
                fix="make the destination in the other region's stack, by a Condition, and name it",
            ),
        ),
    ),
    "nothing comes back": (
        drop("Resources/SecondaryDocumentsBucket/Properties/ReplicationConfiguration"),
        (
            finding(
                "replication-one-way",
                "Resources/SecondaryDocumentsBucket",
                region=WEST,
                message=(
                    "PrimaryDocumentsBucket (us-east-1) replicates into this bucket, which "
                    "replicates nothing back"
                ),
                actual=None,
                expected="a ReplicationConfiguration with the other bucket as destination",
                fix="replicate in both directions",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "what a bucket has anyway": put(f"{BUCKET}/AccessControl", "Private"),
    "a list for the owner, which S3 ignores": put(
        "Resources/Inbox", _bucket(AccessControl="BucketOwnerFullControl")
    ),
    "an access control list that the ownership takes": together(
        put(f"{BUCKET}/AccessControl", "LogDeliveryWrite"),
        put(f"{BUCKET}/OwnershipControls/Rules/0/ObjectOwnership", "BucketOwnerPreferred"),
    ),
    "a rule of the old form": together(
        drop(f"{RULE}/Filter"), drop(f"{RULE}/Priority"), drop(f"{RULE}/DeleteMarkerReplication")
    ),
    "the only rule without Priority, as AWS CDK writes it": drop(f"{RULE}/Priority"),
    "timed and measured": together(
        put(f"{DESTINATION}/ReplicationTime", IN_TIME),
        put(f"{DESTINATION}/Metrics", {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}),
    ),
    "a destination of another stack": put(
        "Resources/Inbox", _replicating_to("arn:aws:s3:::archive-of-another-team")
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()


def test_of_several_rules_each_needs_a_priority() -> None:
    second = {"Id": "b", "Status": "Enabled", "Filter": {"Prefix": "b/"}}
    rules = [
        {
            **second,
            "Destination": {"Bucket": "arn:aws:s3:::x"},
            "DeleteMarkerReplication": {"Status": "Disabled"},
        },
        {
            **second,
            "Priority": 2,
            "Destination": {"Bucket": "arn:aws:s3:::y"},
            "DeleteMarkerReplication": {"Status": "Disabled"},
        },
    ]
    bucket = _bucket(ReplicationConfiguration={"Role": ROLE, "Rules": rules})

    found = [each for each in checked(put("Resources/Inbox", bucket)) if each.rule == "replication-rule-form"]

    assert [(each.path[-1], each.message) for each in found] == [(0, "A rule with Filter needs Priority")]
