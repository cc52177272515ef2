"""Which alarms speak to a topic."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from qa.checks.knowledge.naming import ALARM, listed, resolve_resource

if TYPE_CHECKING:
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource


def alarm_of(topic: EvaluatedResource, stack: RegionalStack) -> EvaluatedResource | None:
    """Return an alarm of the stack that speaks to a topic."""
    return _alarms(stack).get(topic.logical_id)


@lru_cache(maxsize=8)
def _alarms(stack: RegionalStack) -> dict[str, EvaluatedResource]:
    """Return the first alarm that speaks to each topic of the stack, by the topic's logical ID."""
    found: dict[str, EvaluatedResource] = {}
    for alarm in stack.of_type(ALARM, "AWS::CloudWatch::CompositeAlarm"):
        for action in listed(alarm.properties.get("AlarmActions")):
            topic = resolve_resource(action, stack, (stack,))
            if topic:
                found.setdefault(topic.resource.logical_id, alarm)
    return found
