"""Records that two stacks make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import mappings, resources_of_type
from qa.checks.regional import OpenParameter
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource, Path

_SET = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html"
_RECORD, _GROUP = "AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"
_ZONE = ("HostedZoneId", "HostedZoneName")


@rule("record-in-two-regions", severity=Severity.ERROR, source=_SET)
def record_in_two_regions(context: Context) -> Iterator[Fault]:
    """A record that the stacks of two regions make, with the same name, type and SetIdentifier.

    Route 53 is one for all regions: the second stack fails, "it already exists". Give each region's record
    a SetIdentifier of its own (best AWS::Region) and a routing policy, or make it in one stack only. A
    warning where the zone or the name is a parameter, which each region may be given another of.
    """
    taken: dict[tuple[object, ...], str] = {}
    for stack, resource in resources_of_type(context, _RECORD, _GROUP):
        for path, record in _records(resource):
            identity = _identity(record, resource.properties)
            if resource.logical_id in stack.undecided or identity is None:
                continue
            other = taken.setdefault(identity, stack.region)
            if other != stack.region:
                yield Fault(
                    path=stack.path_of(resource.logical_id, *path, "Name"),
                    region=stack.region,
                    severity=Severity.WARNING if _is_given(resource, stack, context) else None,
                    message=f"The stack of {other} makes this record too, and it can be had only once",
                    actual=[str(one) for one in identity if one is not None],
                    expected="a SetIdentifier of each region's own, or one stack that makes the record",
                    fix='add "SetIdentifier": {"Ref": "AWS::Region"} with a routing policy, or a condition',
                )


def _records(resource: EvaluatedResource) -> list[tuple[Path, dict[str, Any]]]:
    if resource.type == _RECORD:
        return [((), resource.properties)]
    return [(("RecordSets", index), one) for index, one in mappings(resource.properties.get("RecordSets"))]


def _identity(record: dict[str, Any], group: dict[str, Any]) -> tuple[object, ...] | None:
    """Return what no two records have alike; None where it is not known, or the zone is the stack's own."""
    zone = [record.get(key) or group.get(key) for key in _ZONE]
    values = [record.get("Name"), record.get("Type"), record.get("SetIdentifier")]
    is_known = all(one is None or isinstance(one, str | OpenParameter) for one in zone)
    if not is_known or not any(zone) or any(isinstance(one, Unknown) for one in values):
        return None
    return tuple(str(one).lower().rstrip(".") if one else None for one in (*zone, *values))


def _is_given(resource: EvaluatedResource, stack: RegionalStack, context: Context) -> bool:
    """Say whether a parameter names the zone or the record, so that each region may have another."""
    return any(
        one.source == resource.logical_id
        and one.target in stack.template.parameters
        and one.target not in stack.given
        and {*_ZONE, "Name"}.intersection(one.path)
        for one in context.references
    )
