"""Alarms that can never ring, or ring where nobody hears them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.metrics import METRICS, dimension_sets
from qa.checks.knowledge.naming import (
    ALARM,
    BUCKET,
    FUNCTION,
    GLOBAL_TABLE,
    QUEUE,
    TABLE,
    TOPIC,
    get_nested,
    listed,
    mappings,
    physical_name,
    plain,
    region_of,
    resolve_resource,
    resources_of_type,
    typed,
)
from qa.checks.rule import Fault, rule
from qa.template import ResourceAttribute, ResourceRef, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.naming import Meant
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource, Path

_MONITORING = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
_ALARMS = f"{_MONITORING}AlarmThatSendsEmail.html"
_METRICS = f"{_MONITORING}aws-services-cloudwatch-metrics.html"
_LATENCY = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html"
_ACTIONS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
_ACTION_LISTS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    "BucketName": ((BUCKET,), "Ref"),
    "FunctionName": ((FUNCTION,), "Ref"),
    "QueueName": ((QUEUE,), "QueueName"),
    "TableName": ((TABLE, GLOBAL_TABLE), "Ref"),
    "TopicName": ((TOPIC,), "TopicName"),
}
"""Dimension → the types it names, and what of a resource gives that name."""
_KNOWN = frozenset(kind for kinds, _ in _KINDS.values() for kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Watched:
    """One metric that an alarm looks at."""

    stack: RegionalStack
    alarm: EvaluatedResource
    steps: Path
    """Below the alarm's properties."""
    namespace: str
    metric: str
    dimensions: dict[str, tuple[int, object]] | None
    """Name → (index, value); None when they are not all known."""

    def path(self, *steps: str | int) -> Path:
        return self.stack.path_of(self.alarm.logical_id, *self.steps, *steps)


@rule("unknown-metric", severity=Severity.WARNING, source=_METRICS)
def unknown_metric(context: Context) -> Iterator[Fault]:
    """An alarm on a metric that its service does not publish.

    CloudWatch takes any name; the alarm then waits in INSUFFICIENT_DATA for ever. Judged are AWS/DynamoDB,
    AWS/Lambda, AWS/S3, AWS/SNS and AWS/SQS by a catalogue of their metrics; a metric younger than the
    catalogue is possible, hence a warning.
    """
    for watched in _watched(context):
        known = METRICS.get(watched.namespace, {})
        if known and watched.metric not in known:
            near = get_close_matches(watched.metric, known, n=1)
            yield Fault(
                path=watched.path("MetricName"),
                region=watched.stack.region,
                message=f"{watched.namespace} is not known to publish a metric {watched.metric!r}",
                actual=watched.metric,
                expected=f"a metric of {watched.namespace}",
                fix=f"did you mean {near[0]}?" if near else "look the metric up in the service's own pages",
            )


@rule("metric-dimensions", severity=Severity.ERROR, source=_METRICS)
def metric_dimensions(context: Context) -> Iterator[Fault]:
    """An alarm on dimensions that its metric is not published under.

    CloudWatch does not add up over dimensions: each set is a series of its own, and one that is not
    published never has data. Known traps: UserErrors has no dimension at all (and counts no throttles);
    ThrottledRequests and SystemErrors have TableName with Operation, not TableName alone.
    """
    for watched in _watched(context):
        expected = dimension_sets(watched.namespace, watched.metric)
        if expected is None or watched.dimensions is None or frozenset(watched.dimensions) in expected:
            continue
        sets = sorted(" + ".join(sorted(one)) or "no dimension" for one in expected)
        yield Fault(
            path=watched.path("Dimensions"),
            region=watched.stack.region,
            message=f"{watched.namespace} {watched.metric} is not published under these dimensions: "
            "the alarm can never ring",
            actual=sorted(watched.dimensions),
            expected=" or ".join(sets),
            fix="use the expected dimensions, or a metric that is published under these",
        )


@rule("alarm-target", severity=Severity.WARNING, source=_ALARMS)
def alarm_target(context: Context) -> Iterator[Fault]:
    """An alarm on a function, table, bucket, queue or topic that its stack does not have.

    Metrics are regional: an alarm sees what runs in its own region. A literal name that no resource of
    the stack has is mostly a slip or a resource of the other region. A reference of the wrong sort (a
    topic's Ref is an ARN, the dimension takes the name) is an error: that series has no data.
    """
    for watched in _watched(context):
        for name, (index, value) in (watched.dimensions or {}).items():
            if name in _KINDS:
                yield from _misdirected(context, watched, name, index, value)


def _misdirected(
    context: Context, watched: _Watched, dimension: str, index: int, value: object
) -> Iterator[Fault]:
    types, attribute = _KINDS[dimension]
    found = resolve_resource(value, watched.stack, context.stacks)
    message, severity = None, Severity.WARNING
    if isinstance(value, ResourceRef | ResourceAttribute):
        given = str(value.attribute) if isinstance(value, ResourceAttribute) else "Ref"
        is_known = found is not None and found.resource.type in _KNOWN
        is_right = not is_known or (found is not None and found.resource.type in types and given == attribute)
        message = None if is_right else f"{value} is not the {dimension} of a resource"
        severity = Severity.ERROR
    elif isinstance(value, str) and typed(watched.stack, *types):
        message = _stranger(value, watched, types, found)
    if message:
        named = sorted(name for one in typed(watched.stack, *types) if (name := physical_name(one)))
        yield Fault(
            path=watched.path("Dimensions", index, "Value"),
            region=watched.stack.region,
            severity=severity,
            message=message,
            actual=plain(value),
            expected=f"the {dimension} of a resource in {watched.stack.region}"
            + (f": {', '.join(named)}" if named else ""),
            fix=f"refer to the resource: {'Ref' if attribute == 'Ref' else f'Fn::GetAtt {attribute}'}",
        )


def _stranger(value: str, watched: _Watched, types: tuple[str, ...], found: Meant | None) -> str | None:
    """Return what is wrong with a literal name; None if a resource of the region has it or may have it."""
    if found is None or found.resource.type not in types:
        is_open = any(physical_name(one) is None for one in typed(watched.stack, *types))
        is_open = is_open or not watched.stack.is_whole
        return None if is_open else f"No resource of the stack is named {value!r}"
    is_here = found.stack is watched.stack or found.resource.type == GLOBAL_TABLE
    return None if is_here else f"{value!r} is {found.words}: its metrics are not in {watched.stack.region}"


@rule("receiving-region", severity=Severity.ERROR, source=_LATENCY)
def receiving_region(context: Context) -> Iterator[Fault]:
    """An alarm on replication into a region that the table does not replicate to.

    ReplicationLatency is published at the sender: ReceivingRegion is another replica's region, never the
    alarm's own.
    """
    for watched in _watched(context):
        _, region = (watched.dimensions or {}).get("ReceivingRegion", (0, None))
        if watched.namespace != "AWS/DynamoDB" or not isinstance(region, str):
            continue
        regions = _receivers(context, watched)
        if region == watched.stack.region or (regions is not None and region not in regions):
            index = (watched.dimensions or {})["ReceivingRegion"][0]
            others = sorted(set(regions or ()) - {watched.stack.region})
            yield Fault(
                path=watched.path("Dimensions", index, "Value"),
                region=watched.stack.region,
                message=f"No record replicates from {watched.stack.region} to {region}",
                actual=region,
                expected=" or ".join(others) or "the region of another replica",
                fix="name the region that receives",
            )


def _receivers(context: Context, watched: _Watched) -> list[str] | None:
    """Return the replica regions of the table that is watched; None when they are not known."""
    _, table = (watched.dimensions or {}).get("TableName", (0, None))
    found = resolve_resource(table, watched.stack, context.stacks)
    replicas = found.resource.properties.get("Replicas") if found else None
    regions = [get_nested(one, "Region") for one in replicas] if isinstance(replicas, list) else [None]
    return None if any(not isinstance(one, str) for one in regions) else [str(one) for one in regions]


@rule("lag-alarm-missing-data", severity=Severity.WARNING, source=_ALARMS)
def lag_alarm_missing_data(context: Context) -> Iterator[Fault]:
    """A replication alarm that takes silence for health.

    When replication stops altogether there may be no data points at all; notBreaching then says OK. Use
    missing (or breaching). For AWS/DynamoDB CloudWatch ignores the setting today: it says what is intended.
    """
    for watched in _watched(context):
        treatment = watched.alarm.properties.get("TreatMissingData")
        if watched.metric == "ReplicationLatency" and treatment == "notBreaching":
            yield Fault(
                path=watched.stack.path_of(watched.alarm.logical_id, "TreatMissingData"),
                region=watched.stack.region,
                message="A replication that has stopped sends no data, which this alarm takes for good",
                actual=treatment,
                expected="missing or breaching",
                fix="set TreatMissingData to missing",
            )


@rule("alarm-action-region", severity=Severity.ERROR, source=_ACTIONS)
def alarm_action_region(context: Context) -> Iterator[Fault]:
    """An alarm whose action is in another region.

    CloudWatch refuses it: the actions of an alarm are in its own region. Each region needs a topic of its
    own, which is what still speaks when the other region is lost.
    """
    for stack, alarm in resources_of_type(context, ALARM, "AWS::CloudWatch::CompositeAlarm"):
        for name in _ACTION_LISTS:
            for index, action in enumerate(listed(alarm.properties.get(name))):
                region = region_of(action, stack)
                if region not in {None, stack.region}:
                    yield Fault(
                        path=stack.path_of(alarm.logical_id, name, index),
                        region=stack.region,
                        message=f"The action is in {region}, the alarm in {stack.region}",
                        actual=plain(action),
                        expected=f"an action in {stack.region}",
                        fix="use the topic of the alarm's own region",
                    )


@rule("alarm-without-action", severity=Severity.WARNING, source=_ALARMS)
def alarm_without_action(context: Context) -> Iterator[Fault]:
    """An alarm that notifies nobody.

    Without AlarmActions, or with ActionsEnabled false, it changes its colour in a console and that is all.
    Alarms that another resource of the template refers to (a composite alarm, a deployment) are left alone.
    """
    referred = {one.target for one in context.references if one.section == "Resources"}
    for stack, alarm in resources_of_type(context, ALARM):
        actions, enabled = alarm.properties.get("AlarmActions", []), alarm.properties.get("ActionsEnabled")
        is_off = enabled is False or enabled == "false"
        is_mute = actions == [] or is_off
        if is_mute and alarm.logical_id not in referred and not _is_in_a_composite(alarm, stack):
            yield Fault(
                path=stack.path_of(alarm.logical_id, "ActionsEnabled" if is_off else "AlarmActions"),
                region=stack.region,
                message="The alarm notifies nobody",
                actual=enabled if is_off else None,
                expected="an AlarmActions with a topic of the alarm's region",
                fix="remove ActionsEnabled" if is_off else 'add "AlarmActions": [{"Ref": "<topic>"}]',
            )


def _is_in_a_composite(alarm: EvaluatedResource, stack: RegionalStack) -> bool:
    name = physical_name(alarm)
    rules = [one.properties.get("AlarmRule") for one in stack.of_type("AWS::CloudWatch::CompositeAlarm")]
    return name is not None and any(name in str(one) for one in rules)


def _watched(context: Context) -> Iterator[_Watched]:
    """Yield every metric with a known namespace and name that an alarm looks at."""
    for stack, alarm in resources_of_type(context, ALARM):
        places: list[tuple[Path, object]] = [((), alarm.properties)]
        for index, query in mappings(alarm.properties.get("Metrics")):
            places.append(
                (("Metrics", index, "MetricStat", "Metric"), get_nested(query, "MetricStat", "Metric"))
            )
        for steps, metric in places:
            namespace, name = get_nested(metric, "Namespace"), get_nested(metric, "MetricName")
            if isinstance(namespace, str) and isinstance(name, str):
                yield _Watched(
                    stack=stack,
                    alarm=alarm,
                    steps=steps,
                    namespace=namespace,
                    metric=name,
                    dimensions=_dimensions(get_nested(metric, "Dimensions")),
                )


def _dimensions(written: object) -> dict[str, tuple[int, object]] | None:
    if isinstance(written, Unknown) or any(not isinstance(one, dict) for one in listed(written)):
        return None
    if any(not isinstance(one.get("Name"), str) for _, one in mappings(written)):
        return None
    return {one["Name"]: (index, one.get("Value")) for index, one in mappings(written)}
