"""Which step of a cycle to cut, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.template import graph
from qa.template.ordering import remainder

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.template import Reference, Template

    Matches = Callable[[str | None, str | None, Reference], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A step to take out of a cycle."""

    reference: Reference
    reason: str
    fix: str


_ROLES = {"AWS::IAM::Role", "AWS::IAM::User"}
_KEYS = {"AWS::KMS::Key", "AWS::KMS::ReplicaKey"}

_SERVICE_PRINCIPAL = (
    'allow the service instead, e.g. "Principal": {"Service": "lambda.amazonaws.com"}, '
    "and grant the role its rights in the role's own policy"
)

# source type, target type and reference → why this step, and what to write instead; the best first
_WAYS: tuple[tuple[Matches, str, str], ...] = (
    (
        lambda _, __, reference: reference.source == reference.target,
        "a resource cannot need itself",
        "take the reference out",
    ),
    (
        lambda source, target, reference: (
            source in _KEYS and target in _ROLES and "KeyPolicy" in reference.path
        ),
        "a key policy need not name a role of the stack",
        _SERVICE_PRINCIPAL,
    ),
    (
        lambda _, __, reference: reference.kind == "DependsOn",
        "DependsOn only orders; nothing reads a value here",
        "take the DependsOn out",
    ),
    (
        lambda source, target, _: source == target == "AWS::EC2::SecurityGroup",
        "a rule can be a resource of its own",
        "move the rule to an AWS::EC2::SecurityGroupIngress or Egress, which needs both groups",
    ),
    (
        lambda source, target, _: source == "AWS::Lambda::Permission" and target == "AWS::S3::Bucket",
        "the permission needs the bucket's ARN only, which follows from its name",
        'write SourceArn with Fn::Sub: "arn:${AWS::Partition}:s3:::<bucket name>"',
    ),
    (
        lambda source, target, _: source in _ROLES and target == "AWS::S3::Bucket",
        "the policy needs the bucket's ARN only, which follows from its name",
        'write the ARN with Fn::Sub: "arn:${AWS::Partition}:s3:::<bucket name>"',
    ),
    (
        lambda source, _, reference: source in _ROLES and "Policies" in reference.path,
        "a role's policy can be a resource of its own",
        "move the statement to an AWS::IAM::RolePolicy, which needs both",
    ),
)
_ANY_REASON = "without it no cycle is left"
_MOST_TRIED = 50
"""Steps of a cycle of which is tried whether others remain: each time the whole graph is walked."""
_ANY_FIX = "write the name or ARN with Fn::Sub from what is known before, or split the resource in two"


def best_cut(template: Template, cycle: tuple[Reference, ...]) -> Cut:
    """Return the step of a cycle whose cut costs least; of equals, one that leaves no cycle at all."""
    ways = [
        (rank, Cut(reference=reference, reason=reason, fix=fix))
        for reference in cycle
        for rank, (matches, reason, fix) in enumerate((*_WAYS, (_always, "", _ANY_FIX)))
        if matches(_type(template, reference.source), _type(template, reference.target), reference)
    ]
    least = min(rank for rank, _ in ways)
    cuts = [cut for rank, cut in ways if rank == least]
    ending = next((cut for cut in cuts[:_MOST_TRIED] if _ends_all(template, cut.reference)), None)
    cut = ending or cuts[0]
    if cut.reason:
        return cut
    reason = _ANY_REASON if ending else "it closes this cycle; others remain"
    return Cut(reference=cut.reference, reason=reason, fix=cut.fix)


def _type(template: Template, logical_id: str) -> str | None:
    resource = template.resources.get(logical_id)
    return resource.type if resource else None


def _always(_: str | None, __: str | None, ___: Reference) -> bool:
    return True


def _ends_all(template: Template, cut: Reference) -> bool:
    needs = {
        source: [target for target in targets if (source, target) != (cut.source, cut.target)]
        for source, targets in graph(template).edges.items()
    }
    return not remainder(needs)
