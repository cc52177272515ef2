"""Pseudo parameters: what a stack knows about where it runs."""

from __future__ import annotations

from typing import Final


class NoValueType:
    """The type of NO_VALUE."""

    def __repr__(self) -> str:
        return "NO_VALUE"


NO_VALUE: Final = NoValueType()
"""AWS::NoValue while resolving; it never gets into a result."""

PSEUDO_PARAMETERS = frozenset(
    f"AWS::{name}"
    for name in (
        "AccountId",
        "NotificationARNs",
        "NoValue",
        "Partition",
        "Region",
        "StackId",
        "StackName",
        "URLSuffix",
    )
)

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html; longest prefix first
_PARTITIONS = (
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
    ("cn-", "aws-cn", "amazonaws.com.cn"),
)


def partition_of(region: str) -> str:
    """Return the partition a region belongs to."""
    return next((partition for prefix, partition, _ in _PARTITIONS if region.startswith(prefix)), "aws")


def url_suffix_of(region: str) -> str:
    """Return the domain that the region's service endpoints end with."""
    return next((suffix for prefix, _, suffix in _PARTITIONS if region.startswith(prefix)), "amazonaws.com")


def pseudo_parameters(
    *, region: str, account_id: str, stack_name: str, stack_id: str | None, notification_arns: tuple[str, ...]
) -> dict[str, object]:
    """Return the value of each pseudo parameter; the stack ID ends in a UUID of zeros unless it is given."""
    partition = partition_of(region)
    arn = f"arn:{partition}:cloudformation:{region}:{account_id}:stack/{stack_name}"
    return {
        "AWS::AccountId": account_id,
        "AWS::NotificationARNs": list(notification_arns),
        "AWS::NoValue": NO_VALUE,
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::StackId": stack_id or f"{arn}/00000000-0000-0000-0000-000000000000",
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": url_suffix_of(region),
    }
