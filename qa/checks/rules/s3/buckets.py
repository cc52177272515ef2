"""Buckets and replication rules that S3 refuses, and replication that does not span the regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.destinations import destination
from qa.checks.knowledge.naming import BUCKET, get_nested, mappings, plain, resources_of_type
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.template import EvaluatedResource

_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_OWNERSHIP = f"{_GUIDE}about-object-ownership.html"
_FORM = f"{_GUIDE}replication-add-config.html"
_TIME = f"{_GUIDE}replication-time-control.html"
_SCENARIOS = f"{_GUIDE}replication.html#replication-scenario"
_NO_LISTS = ("Private", "BucketOwnerFullControl", "BucketOwnerRead")
"""What a bucket has anyway, and what S3 ignores on a bucket."""
_RULES = ("ReplicationConfiguration", "Rules")


@rule("bucket-acl", severity=Severity.ERROR, source=_OWNERSHIP)
def bucket_acl(context: Context) -> Iterator[Fault]:
    """An access control list on a bucket whose objects belong to its owner.

    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting": S3 refuses the
    bucket. That is the setting of every bucket that says no other since April 2023. Private is what a
    bucket has anyway, and lists for the owner are ignored on buckets. Let a bucket policy say who may do
    what.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        written, controls = bucket.properties.get("AccessControl"), bucket.properties.get("OwnershipControls")
        owned = get_nested(controls, "Rules", 0, "ObjectOwnership") if controls else "BucketOwnerEnforced"
        if isinstance(written, str) and written not in _NO_LISTS and owned == "BucketOwnerEnforced":
            yield Fault(
                path=stack.path_of(bucket.logical_id, "AccessControl"),
                region=stack.region,
                message="The bucket has an access control list, and its ownership setting takes none",
                actual=written,
                expected="no AccessControl, or an ObjectOwnership that takes one",
                fix="remove AccessControl, and say it in a bucket policy",
            )


@rule("replication-rule-form", severity=Severity.ERROR, source=_FORM)
def replication_rule_form(context: Context) -> Iterator[Fault]:
    """A replication rule that is half of the old form and half of the new.

    With Filter a rule needs DeleteMarkerReplication ("… must be specified for this version of Cross Region
    Replication configuration schema") and, where it is not the only one, Priority; a filter by tags takes
    no delete markers. Without Filter the rule is of the old form, which knows neither of the two: a warning.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        rules = list(_rules(bucket))
        for index, replication in rules:
            words = _misformed(replication, is_alone=len(rules) == 1)
            if words:
                yield Fault(
                    path=stack.path_of(bucket.logical_id, *_RULES, index),
                    region=stack.region,
                    severity=None if "Filter" in replication else Severity.WARNING,
                    message=words,
                    actual=sorted(replication),
                    expected="Filter, Priority and DeleteMarkerReplication together, or none of them",
                    fix='fix the rule: "Filter": {"Prefix": ""} selects every object',
                )


def _misformed(replication: dict[str, Any], *, is_alone: bool) -> str | None:
    new = ("Priority", "DeleteMarkerReplication")
    if "Filter" not in replication:
        stray = [key for key in new if key in replication]
        return f"A rule without Filter knows no {' and no '.join(stray)}" if stray else None
    missing = [key for key in new if key not in replication and not (is_alone and key == "Priority")]
    if missing:
        return f"A rule with Filter needs {' and '.join(missing)}"
    chosen, markers = replication["Filter"], get_nested(replication, "DeleteMarkerReplication", "Status")
    is_by_tag = get_nested(chosen, "TagFilter") or get_nested(chosen, "And", "TagFilters")
    return (
        "A rule that filters by tags replicates no delete markers"
        if is_by_tag and markers == "Enabled"
        else None
    )


@rule("replication-destinations", severity=Severity.ERROR, source=_FORM)
def replication_destinations(context: Context) -> Iterator[Fault]:
    """Several destinations in replication rules of the old form.

    "Number of distinct destination bucket ARNs cannot exceed 1": without Filter all rules of a bucket have
    one destination. Rules with Filter, Priority and DeleteMarkerReplication may have several.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        rules = list(_rules(bucket))
        named = {index: plain(get_nested(one, "Destination", "Bucket")) for index, one in rules}
        others = [index for index, name in named.items() if name != next(iter(named.values()))]
        if others and not any("Filter" in one for _, one in rules):
            yield Fault(
                path=stack.path_of(bucket.logical_id, *_RULES, others[0], "Destination", "Bucket"),
                region=stack.region,
                message="Number of distinct destination bucket ARNs cannot exceed 1 in rules without Filter",
                actual=named[others[0]],
                expected="one destination, or Filter in every rule",
                fix='add "Filter": {"Prefix": ""}, Priority and DeleteMarkerReplication to every rule',
            )


@rule("replication-time", severity=Severity.ERROR, source=_TIME)
def replication_time(context: Context) -> Iterator[Fault]:
    """Replication Time Control without the metrics that measure it.

    "Must be specified together with a Metrics block": S3 refuses the rule. Its Minutes are 15 here and
    there; there is no other value.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        for index, replication in _rules(bucket):
            timed, metrics = (
                get_nested(replication, "Destination", key) for key in ("ReplicationTime", "Metrics")
            )
            if get_nested(timed, "Status") != "Enabled":
                continue
            path = (bucket.logical_id, *_RULES, index, "Destination")
            if metrics is None or get_nested(metrics, "Status") == "Disabled":
                yield Fault(
                    path=stack.path_of(*path, "Metrics"),
                    region=stack.region,
                    message="ReplicationTime must be specified together with a Metrics block",
                    actual=plain(metrics),
                    expected="Metrics with Status Enabled",
                    fix='add "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}',
                )
            minutes = get_nested(timed, "Time", "Minutes")
            if isinstance(minutes, int | str) and str(minutes) != "15":
                yield Fault(
                    path=stack.path_of(*path, "ReplicationTime", "Time", "Minutes"),
                    region=stack.region,
                    message="Replication Time Control knows 15 minutes only",
                    actual=minutes,
                    expected="15",
                    fix="write 15",
                )


@rule("replication-disabled", severity=Severity.NOTE, source=_FORM)
def replication_disabled(context: Context) -> Iterator[Fault]:
    """A bucket whose replication rules are all disabled.

    It looks as if it replicated, and does not: what is written meanwhile is not caught up with later.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        statuses = [one.get("Status") for _, one in _rules(bucket)]
        if statuses and all(status == "Disabled" for status in statuses):
            yield Fault(
                path=stack.path_of(bucket.logical_id, *_RULES, 0, "Status"),
                region=stack.region,
                message="No replication rule of the bucket is on",
                actual="Disabled",
                expected="Enabled",
                fix="enable the rule, or remove ReplicationConfiguration",
            )


@rule("replication-same-region", severity=Severity.NOTE, source=_SCENARIOS)
def replication_same_region(context: Context) -> Iterator[Fault]:
    """Replication into a bucket of the same stack, and so of the same region.

    A stack makes everything in its own region, whatever the name of a bucket says. When the region is
    lost both are. A note, since there are other reasons to replicate; a template for one region is left
    alone.
    """
    for stack, bucket in resources_of_type(context, BUCKET) if len(context.stacks) > 1 else ():
        for index, replication in _rules(bucket):
            target = destination(replication, stack, context)
            is_here = target is not None and target.stack is stack and target.resource is not bucket
            if target and is_here and not {bucket.logical_id, target.resource.logical_id} & stack.undecided:
                yield Fault(
                    path=stack.path_of(bucket.logical_id, *_RULES, index, "Destination", "Bucket"),
                    region=stack.region,
                    message=f"{target.resource.logical_id} is of the same stack, and so of the same region",
                    actual=plain(get_nested(replication, "Destination", "Bucket")),
                    expected="a bucket in the other region",
                    fix="make the destination in the other region's stack, by a Condition, and name it",
                )


@rule("replication-one-way", severity=Severity.NOTE, source=_SCENARIOS)
def replication_one_way(context: Context) -> Iterator[Fault]:
    """A bucket that receives from another region and sends nothing back.

    What is written there while the other region is lost does not come back when it returns. Replicate in
    both directions, or suppress this with the reason why nothing is written there.
    """
    for stack, bucket in resources_of_type(context, BUCKET):
        for _, replication in _rules(bucket):
            target = destination(replication, stack, context)
            if replication.get("Status") != "Enabled" or target is None or target.stack is stack:
                continue
            if "ReplicationConfiguration" not in target.resource.properties:
                yield Fault(
                    path=("Resources", target.resource.logical_id),
                    region=target.stack.region,
                    message=f"{bucket.logical_id} ({stack.region}) replicates into this bucket, "
                    "which replicates nothing back",
                    actual=None,
                    expected="a ReplicationConfiguration with the other bucket as destination",
                    fix="replicate in both directions",
                )


def _rules(bucket: EvaluatedResource) -> list[tuple[int, dict[str, Any]]]:
    """Return the replication rules that are known, with their indexes."""
    found = mappings(get_nested(bucket.properties, *_RULES))
    return [(index, one) for index, one in found if not isinstance(one.get("Filter"), Unknown)]
