"""Composite alarms that name alarms which CloudWatch does not let them see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    ALARM,
    arn_parts,
    resolve_resource,
    resources_of_type,
)
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.template import EvaluatedResource

_COMPOSITE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html"
_MEMBER = re.compile(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*[\"']?([^\"'()]+?)[\"']?\s*\)")


@rule("composite-alarm-region", severity=Severity.ERROR, source=_COMPOSITE)
def composite_alarm_region(context: Context) -> Iterator[Fault]:
    """A composite alarm of alarms in another region.

    Its rule may name alarms of its own account and region only; CloudWatch refuses the alarm otherwise.
    Judged are ARNs, and names that the template gives to an alarm of another region alone.
    """
    for stack, composite in resources_of_type(context, "AWS::CloudWatch::CompositeAlarm"):
        text = composite.properties.get("AlarmRule")
        for name in _MEMBER.findall(text) if isinstance(text, str) else ():
            parts = arn_parts(name)
            found = resolve_resource(name, stack, context.stacks)
            region = (
                parts[3] if parts else found.stack.region if found and _is_alarm(found.resource) else None
            )
            if region not in {None, "", stack.region}:
                yield Fault(
                    path=stack.path_of(composite.logical_id, "AlarmRule"),
                    region=stack.region,
                    message=f"{name!r} is an alarm in {region}; a composite alarm sees its own region only",
                    actual=name,
                    expected=f"alarms in {stack.region}",
                    fix="name the alarms of this region",
                )


def _is_alarm(resource: EvaluatedResource) -> bool:
    return resource.type in {ALARM, "AWS::CloudWatch::CompositeAlarm"}
