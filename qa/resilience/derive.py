"""Which ready checks a template calls for: from its resources as each region has them.

Pure: evaluated templates come in, lines of a test file and reasons go out. It never invents an event.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .pairing import Held, kind_of, pair

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.template import Evaluated
    from qa.template.evaluate import EvaluatedResource

LIVE_SETTINGS = "its settings are compared by regions_match"
COVERED = {
    "AWS::IAM::Role": LIVE_SETTINGS,
    "AWS::Logs::LogGroup": LIVE_SETTINGS,
    "AWS::SNS::Topic": "it is heard by the alarms' checks, and its settings are compared by regions_match",
    "AWS::KMS::Alias": "its key has the check",
    "AWS::S3::BucketPolicy": "its bucket's settings are compared by regions_match",
    "AWS::Lambda::Permission": "it is part of its function",
    "AWS::CDK::Metadata": "it is nothing at AWS",
}
"""Why a type has no check of its own."""
LOST_WITH_REGION = {
    "AWS::DynamoDB::Table": "it has no replica: its data is lost with its region",
    "AWS::S3::Bucket": "it has no ReplicationConfiguration: its objects are lost with its region",
    "AWS::KMS::Key": "it is a single-Region key: what it encrypted opens nowhere else",
    "AWS::CloudWatch::Alarm": "it has no action: nobody hears it",
}
"""What it means that a thing calls for no check."""
LINKED = frozenset({"AWS::DynamoDB::GlobalTable"})
NO_EVENT = "no event: function_answers looks at readiness and variables; --event FUNCTION=FILE gives one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """One check, and why it was derived."""

    name: str
    """Of the test."""
    call: str
    """The call, as Python."""
    source: str
    """What it was derived from, and how it is paired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A resource without a check of its own, and why."""

    logical_id: str
    type: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a template calls for."""

    checks: tuple[Derived, ...]
    left: tuple[Left, ...]

    @property
    def text(self) -> str:
        """The test file."""
        names = sorted({each.call.partition("(")[0] for each in self.checks})
        lines = [
            '"""Ready checks, derived from the template by `qa verify`: see docs/ready-checks.md."""',
            "",
            f"from qa.resilience import {', '.join(names)}",
            "",
        ]
        for each in self.checks:
            lines += [f"# {each.source}", f"{each.name} = {each.call}"]
        return "\n".join(lines) + "\n"


def derive(
    stacks: Mapping[str, Evaluated], events: Mapping[str, Any] | None = None, *, stack: str | None = None
) -> Plan:
    """Return the checks that a template calls for, by its evaluation in each region, the primary first.

    `stack` is its name in the settings, where there are several stacks.
    """
    regions = tuple(stacks)
    held = {region: _held(region, evaluated) for region, evaluated in stacks.items()}
    checks = [
        _check("as_deployed", "", "any stack"),
        _check("regions_match", "", "any stack"),
    ]
    left: list[Left] = []
    seen: set[tuple[str, str]] = set()
    alarms = False
    for region in regions:
        for each in held[region]:
            if (region, each.logical_id) in seen:
                continue
            resource = stacks[region].resources[each.logical_id]
            how = _partners(each, held, regions, seen)
            alarms |= each.type == "AWS::CloudWatch::Alarm"
            found = tuple(_of(resource, regions, events or {}))
            checks += [_check(kind, text, f"{each.logical_id} ({each.type}), {how}") for kind, text in found]
            reason = _reason(resource, found, events or {})
            if reason is not None:
                left.append(Left(logical_id=each.logical_id, type=each.type, reason=reason))
    if alarms:
        checks.append(
            _check(
                "alarms_armed",
                "subscriber=False",
                "every alarm; whether somebody has subscribed is not known",
            )
        )
    if stack is not None:
        checks = [replace(each, call=_of_stack(each.call, stack)) for each in checks]
    return Plan(checks=tuple(_distinct(checks)), left=tuple(left))


def _of_stack(call: str, stack: str) -> str:
    gap = "" if call.endswith("()") else ", "
    return f'{call.removesuffix(")")}{gap}stack="{stack}")'


def _held(region: str, evaluated: Evaluated) -> tuple[Held, ...]:
    return tuple(
        Held(region=region, stack="", logical_id=each.logical_id, type=each.type, physical_id="")
        for each in evaluated.resources.values()
    )


def _partners(
    each: Held, held: Mapping[str, tuple[Held, ...]], regions: tuple[str, ...], seen: set[tuple[str, str]]
) -> str:
    """Note what is paired with a thing, so that it gets no check of its own, and say by which rule."""
    how = []
    for other in regions:
        if other == each.region:
            continue
        found = pair(each, held[each.region], held[other])
        if found.partner is not None:
            seen.add((other, found.partner.logical_id))
            how.append(f"paired with {found.partner.logical_id} in {other} by {found.rule}")
        elif found.candidates:
            names = ", ".join(one.logical_id for one in found.candidates)
            how.append(f"not paired in {other}: candidates {names}")
    return "; ".join(how) or (
        "linked by the service with its replicas" if each.type in LINKED else f"in {each.region}"
    )


def _of(
    resource: EvaluatedResource, regions: tuple[str, ...], events: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield the name and the arguments of each check that a resource calls for."""
    name, properties = repr(resource.logical_id).replace("'", '"'), resource.properties
    if resource.type == "AWS::DynamoDB::GlobalTable" and len(properties.get("Replicas") or ()) > 1:
        yield from ((kind, name) for kind in ("table_replicates", "table_converges", "restorable"))
    elif kind_of(resource.type) == "AWS::KMS::Key" and properties.get("MultiRegion") is True:
        yield "decrypts_everywhere", name
    elif resource.type == "AWS::S3::Bucket" and isinstance(properties.get("ReplicationConfiguration"), dict):
        yield from ((kind, name) for kind in ("objects_replicate", "restorable"))
    elif resource.type == "AWS::CloudWatch::Alarm" and properties.get("AlarmActions"):
        yield "alarm_notifies", name
    elif resource.type == "AWS::Lambda::Function":
        event = events.get(resource.logical_id)
        yield "function_answers", name if event is None else f"{name}, {event!r}"
        if event is not None:
            yield "stays_in_region", f"{name}, {event!r}"
            yield from (("survives_loss", f'"{lost}", calls={name}, event={event!r}') for lost in regions)


def _reason(
    resource: EvaluatedResource, found: tuple[tuple[str, str], ...], events: Mapping[str, Any]
) -> str | None:
    """Return why a resource has no check, or not all; None if nothing is to be said."""
    if resource.type == "AWS::Lambda::Function" and resource.logical_id not in events:
        return NO_EVENT
    if found:
        return None
    lost = LOST_WITH_REGION.get(kind_of(resource.type))
    return lost or COVERED.get(resource.type, "there is no ready check for this type")


def _check(kind: str, arguments: str, source: str) -> Derived:
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+", arguments.partition(",")[0])
    words = [] if "=" in arguments.partition(",")[0] else words
    name = "_".join(["test", kind, *(word.lower() for word in words)])
    return Derived(name=name, call=f"{kind}({arguments})", source=source)


def _distinct(checks: list[Derived]) -> Iterator[Derived]:
    """Yield each check under a name of its own."""
    names: dict[str, int] = {}
    for each in checks:
        names[each.name] = names.get(each.name, 0) + 1
        again = names[each.name]
        yield each if again == 1 else Derived(name=f"{each.name}_{again}", call=each.call, source=each.source)
