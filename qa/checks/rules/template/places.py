"""Values, copies and resources in the wrong region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.copies import AT_HOME, COPIES
from qa.checks.knowledge.naming import GLOBAL_TABLE, KEY, REPLICA_KEY, arn_parts, get_nested, plain, typed
from qa.checks.knowledge.places import HOME, PLACES, beside, values_at
from qa.checks.knowledge.requirements import holds
from qa.checks.rule import Fault, rule
from qa.template import ResourceAttribute, ResourceRef, Unknown, partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.copies import Copies
    from qa.checks.knowledge.places import Place
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_REGIONS = "https://docs.aws.amazon.com/general/latest/gr/rande.html"
_ANYWHERE = frozenset({"AWS::KMS::Alias", GLOBAL_TABLE, REPLICA_KEY})
"""Types whose names and IDs are had in other regions too."""
_FIXES = {
    False: "name one of {expected}",
    True: "make it in {expected}, and hand its ARN over as a parameter",
}


@rule("value-region", severity=Severity.ERROR, source=_REGIONS)
def value_region(context: Context) -> Iterator[Fault]:
    """A value that lies in another region than its service takes it from.

    A bus of a rule, a function of a permission, a layer, a key, what a bucket notifies: of the stack's own
    region. The certificate of an edge domain, a function at the edge: of us-east-1. The key of a replica:
    of the replica's region. A topic of another region: with the property that names it. The service
    refuses the rest ("Cross-region API call is not allowed"), or fails later without a word. The fix ends
    with the page of the demand.
    """
    for stack in () if context.is_rewritten else context.stacks:
        for place in PLACES:
            for resource in typed(stack, place.type):
                if resource.logical_id not in stack.undecided:
                    yield from _misplaced(place, resource, stack)


def _misplaced(place: Place, resource: EvaluatedResource, stack: RegionalStack) -> Iterator[Fault]:
    for path, value in values_at(resource.properties, place.at):
        expected, actual = _expected(place, path, resource, stack), _region(value, stack)
        is_exempt = bool(place.except_for) and place.except_for in str(value)
        if expected is None or actual in {None, expected} or is_exempt:
            continue
        is_made_here = not isinstance(value, str) and actual == stack.region
        yield Fault(
            path=stack.path_of(resource.logical_id, *path),
            region=stack.region,
            message=f"This is in {actual}: {place.because}",
            actual=plain(value),
            expected=f"one of {expected}",
            fix=f"{_fix(expected, is_made_here=is_made_here)}; {place.source}",
        )


def _fix(region: str, *, is_made_here: bool) -> str:
    if is_made_here:
        return f"make it in {region}, and hand its ARN over as a parameter"
    return f"name one that is in {region}"


def _expected(
    place: Place, path: tuple[str | int, ...], resource: EvaluatedResource, stack: RegionalStack
) -> str | None:
    """Return the region that a value must be of; None when that is not known."""
    if place.is_home:
        return HOME if partition_of(stack.region) == "aws" else None
    if not place.beside:
        return stack.region
    named = get_nested(resource.properties, *beside(place.beside, path))
    return stack.region if named is None else named if isinstance(named, str) else None


def _region(value: object, stack: RegionalStack) -> str | None:
    """Return the region that a value lies in; None when that is not known, or when it has none."""
    if isinstance(value, ResourceRef | ResourceAttribute):
        resource = stack.resources.get(value.logical_id)
        return stack.region if resource and not _is_anywhere(value, resource) else None
    parts = arn_parts(value)
    return parts[3] if parts and parts[3] and "$" not in parts[3] else None


def _is_anywhere(value: ResourceRef | ResourceAttribute, resource: EvaluatedResource) -> bool:
    """Say whether what a reference gives is had in other regions too: the ID of a multi-Region key."""
    if resource.type == KEY:
        is_arn = isinstance(value, ResourceAttribute) and value.attribute == "Arn"
        return not is_arn and resource.properties.get("MultiRegion", False) not in (False, "false")
    return resource.type in _ANYWHERE


@rule("copy-own-region", severity=Severity.ERROR, source=_REGIONS)
def copy_own_region(context: Context) -> Iterator[Fault]:
    """A resource that a service shall copy into the region in which it already is.

    Secrets, registries and backups are copied into other regions: a list that names both regions of a
    template fails in each. Replication sets and keyspaces are the other way round: their list has the own
    region too. Choose the other region with a mapping by AWS::Region, or make the copies in one region's
    stack only. The fix ends with the page of the demand.
    """
    for stack in () if context.is_rewritten else context.stacks:
        for copies in COPIES:
            for resource in typed(stack, copies.type):
                if resource.logical_id not in stack.undecided:
                    yield from _copied(copies, resource, stack)


def _copied(copies: Copies, resource: EvaluatedResource, stack: RegionalStack) -> Iterator[Fault]:
    found = list(values_at(resource.properties, copies.at))
    own = [
        path for path, region in found if region == stack.region and _is_own(copies, path, resource, stack)
    ]
    is_known = not any(isinstance(region, Unknown) for _, region in found)
    if copies.needs_own and found and not own and is_known:
        yield Fault(
            path=stack.path_of(resource.logical_id, *found[0][0]),
            region=stack.region,
            message=f"{stack.region} is not among the regions: {copies.because}",
            actual=[region for _, region in found],
            expected=f"{stack.region} among them",
            fix=f"add {stack.region}; {copies.source}",
        )
    for path in () if copies.needs_own else own:
        yield Fault(
            path=stack.path_of(resource.logical_id, *path),
            region=stack.region,
            message=f"This is the region of the stack itself: {copies.because}",
            actual=stack.region,
            expected="another region",
            fix=f"choose the region by a mapping of AWS::Region, or copy in one stack only; {copies.source}",
        )


def _is_own(
    copies: Copies, path: tuple[str | int, ...], resource: EvaluatedResource, stack: RegionalStack
) -> bool:
    """Say whether a copy is for the account of the stack itself."""
    if not copies.account:
        return True
    written = get_nested(
        stack.template.resources[resource.logical_id].properties, *beside(copies.account, path)
    )
    return written in ({"Ref": "AWS::AccountId"}, {"Fn::Sub": "${AWS::AccountId}"})


@rule("home-region-only", severity=Severity.ERROR, source=_REGIONS)
def home_region_only(context: Context) -> Iterator[Fault]:
    """A resource that works in the partition's home region only, in another region's stack.

    What protects CloudFront is refused outside us-east-1. Metrics of CloudFront, Route 53 and Billing and
    events of IAM arrive there only: an alarm or a rule elsewhere is made and never fires, a warning. Give
    it a condition on AWS::Region.
    """
    for stack in () if context.is_rewritten else context.stacks:
        if stack.region == HOME or partition_of(stack.region) != "aws":
            continue
        for one in AT_HOME:
            for resource in typed(stack, one.type):
                if resource.logical_id in stack.undecided or holds(one.when, resource.properties) is not True:
                    continue
                yield Fault(
                    path=stack.path_of(resource.logical_id, *one.at),
                    region=stack.region,
                    severity=None if one.is_refused else Severity.WARNING,
                    message=f"This is in the stack of {stack.region}: {one.because}",
                    actual=plain(get_nested(resource.properties, *one.at)),
                    expected=f"a stack of {HOME}",
                    fix=f"give it a condition on AWS::Region; {one.source}",
                )
