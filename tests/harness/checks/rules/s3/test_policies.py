"""Bucket policies that let in everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import (
    BUCKET,
    Severity,
    add,
    checked,
    finding,
    put,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

PUBLIC = "Resources/PrimaryDocumentsBucketPolicy/Properties/PolicyDocument/Statement"
OBJECTS = {"Fn::Sub": "${PrimaryDocumentsBucket.Arn}/*"}
OPEN = f"{BUCKET}/PublicAccessBlockConfiguration"


def _allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource, **more}


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a public policy on a bucket that blocks them": (
        add(PUBLIC, _allow("s3:GetObject", OBJECTS)),
        (
            finding(
                "public-bucket-policy",
                "Resources/PrimaryDocumentsBucketPolicy/Properties/PolicyDocument/Statement/1",
                message=(
                    "S3 refuses this policy: it lets everybody in, and the bucket blocks public policies"
                ),
                actual=["s3:GetObject"],
                expected="principals by name, or a condition that says who",
                fix=("name the principals, or set BlockPublicPolicy and RestrictPublicBuckets to false"),
            ),
        ),
    ),
    "a bucket that everybody may write to": (
        together(
            add(PUBLIC, _allow(["s3:GetObject", "s3:PutObject"], OBJECTS)),
            put(f"{OPEN}/BlockPublicPolicy", value=False),
        ),
        (
            finding(
                "public-bucket-policy",
                "Resources/PrimaryDocumentsBucketPolicy/Properties/PolicyDocument/Statement/1",
                severity=Severity.WARNING,
                message="Everybody may s3:PutObject",
                actual=["s3:GetObject", "s3:PutObject"],
                expected="principals by name, or a condition that says who",
                fix="name the principals",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a web site": together(
        add(PUBLIC, _allow("s3:GetObject", OBJECTS)),
        put(f"{OPEN}/BlockPublicPolicy", value=False),
        put(f"{OPEN}/RestrictPublicBuckets", value=False),
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
