"""Health checks and failover records that cannot see a region fail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    ALARM,
    get_nested,
    listed,
    plain,
    resolve_resource,
    resources_of_type,
)
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context

_DNS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
_VALUES = f"{_DNS}health-checks-creating-values.html"
_FAILOVER = f"{_DNS}dns-failover-determining-health-of-endpoints.html"
_HEALTH_CHECK, _RECORDS = "AWS::Route53::HealthCheck", "AWS::Route53::RecordSet"


@rule("health-check-blind", severity=Severity.ERROR, source=_VALUES)
def health_check_blind(context: Context) -> Iterator[Fault]:
    """A health check that says the same whatever happens.

    A calculated one with a HealthThreshold of 0 is always healthy, with one above the number of its
    children never; without children it has nothing to calculate from. Names that point to it never move
    to the other region, or always.
    """
    for stack, check in resources_of_type(context, _HEALTH_CHECK):
        config = check.properties.get("HealthCheckConfig")
        path, found = ("HealthCheckConfig",), _blind(config)
        if found:
            key, message, expected = found
            yield Fault(
                path=stack.path_of(check.logical_id, *path, key),
                region=stack.region,
                message=message,
                actual=plain(get_nested(config, key)),
                expected=expected,
                fix="name real checks as children, and a threshold between 1 and their number",
            )


def _blind(config: object) -> tuple[str, str, str] | None:
    """Return the property at fault, a message and what is expected; None when the check can see."""
    children, threshold = get_nested(config, "ChildHealthChecks"), get_nested(config, "HealthThreshold")
    if get_nested(config, "Type") != "CALCULATED" or isinstance(children, Unknown):
        return None
    return _miscounted(len(listed(children)), str(threshold))


def _miscounted(number: int, threshold: str) -> tuple[str, str, str] | None:
    if number == 0:
        return "ChildHealthChecks", "The check has no children to calculate from", "one child or more"
    if threshold == "0":
        return "HealthThreshold", "With a threshold of 0 the check is always healthy", f"1 to {number}"
    if re.fullmatch(r"[0-9]{1,6}", threshold) and int(threshold) > number:
        words = f"With {number} children and a threshold of {threshold} the check is never healthy"
        return "HealthThreshold", words, f"1 to {number}"
    return None


@rule("health-check-region", severity=Severity.ERROR, source=_VALUES)
def health_check_region(context: Context) -> Iterator[Fault]:
    """A health check on an alarm that is not in the region it names.

    A check of type CLOUDWATCH_METRIC names an alarm and its region, which need not be the stack's own.
    Judged when the template makes the alarm: in another region there is none of that name.
    """
    for stack, check in resources_of_type(context, _HEALTH_CHECK):
        named = get_nested(check.properties, "HealthCheckConfig", "AlarmIdentifier")
        name, region = get_nested(named, "Name"), get_nested(named, "Region")
        found = resolve_resource(name, stack, context.stacks)
        is_alarm = found is not None and found.resource.type == ALARM
        if not is_alarm or found is None or not isinstance(region, str):
            continue
        homes = {one.region for one in context.stacks if found.resource.logical_id in one.resources}
        if isinstance(name, Unknown):
            homes = {stack.region}
        if region not in homes:
            yield Fault(
                path=stack.path_of(check.logical_id, "HealthCheckConfig", "AlarmIdentifier", "Region"),
                region=stack.region,
                message=f"{found.resource.logical_id} is an alarm in {' and '.join(sorted(homes))}, "
                f"not in {region}",
                actual=region,
                expected=" or ".join(sorted(homes)),
                fix="name the alarm's region, or the alarm of that region",
            )


@rule("failover-without-check", severity=Severity.ERROR, source=_FAILOVER)
def failover_without_check(context: Context) -> Iterator[Fault]:
    """A primary failover record without a health check.

    Without HealthCheckId, and without an AliasTarget that evaluates the health of its target, Route 53
    takes the record for healthy always: it never answers with the secondary.
    """
    for stack, record in resources_of_type(context, _RECORDS):
        properties = record.properties
        evaluates = get_nested(properties, "AliasTarget", "EvaluateTargetHealth")
        is_told = "HealthCheckId" in properties or isinstance(properties.get("AliasTarget"), Unknown)
        if properties.get("Failover") != "PRIMARY" or is_told or evaluates not in (None, False, "false"):
            continue
        yield Fault(
            path=stack.path_of(record.logical_id, "HealthCheckId"),
            region=stack.region,
            message="Route 53 takes this record for healthy always, and never fails over",
            actual=None,
            expected="a HealthCheckId, or an AliasTarget with EvaluateTargetHealth true",
            fix="name a health check that can see this region fail",
        )
