"""Resources of one stack that would be one and the same."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from qa import schemas
from qa.checks.finding import Severity
from qa.checks.knowledge.naming import get_nested, plain
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_IDENTIFIERS = "https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-identifier.html"
_ELB = "AWS::ElasticLoadBalancingV2"
_UNIQUE: dict[str, tuple[str, ...]] = {
    "AWS::ApiGateway::Resource": ("RestApiId", "ParentId", "PathPart"),
    "AWS::ApiGatewayV2::Route": ("ApiId", "RouteKey"),
    "AWS::CloudFront::Function": ("Name",),
    "AWS::EC2::SecurityGroup": ("GroupName", "VpcId"),
    "AWS::EC2::SubnetRouteTableAssociation": ("SubnetId",),
    f"{_ELB}::Listener": ("LoadBalancerArn", "Port"),
    f"{_ELB}::ListenerRule": ("ListenerArn", "Priority"),
    f"{_ELB}::LoadBalancer": ("Name",),
    f"{_ELB}::TargetGroup": ("Name",),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName",),
    "AWS::Lambda::Alias": ("FunctionName", "Name"),
    "AWS::Lambda::EventSourceMapping": ("EventSourceArn", "FunctionName"),
    "AWS::SNS::Topic": ("TopicName",),
    "AWS::SQS::Queue": ("QueueName",),
    "AWS::SecretsManager::Secret": ("Name",),
    "AWS::StepFunctions::StateMachine": ("StateMachineName",),
}
"""Types that AWS gives an ARN or an ID → the properties that no two have alike."""
_OPTIONAL: dict[str, tuple[str, ...]] = {
    "AWS::Events::Rule": ("EventBusName", "Name"),
    "AWS::Lambda::Url": ("TargetFunctionArn", "Qualifier"),
    "AWS::Route53::RecordSet": ("HostedZoneId", "HostedZoneName", "Name", "Type", "SetIdentifier"),
    "AWS::Scheduler::Schedule": ("GroupName", "Name"),
}
"""Such types of which some of these properties may be left out, and then are alike."""
_NAMED_BY = {"AWS::Events::Rule": "Name", "AWS::Lambda::Url": "TargetFunctionArn"}
"""The property without which AWS makes a name."""
_CASELESS = frozenset({"AWS::Route53::RecordSet"})


@rule("identifier-twice", severity=Severity.ERROR, source=_IDENTIFIERS)
def identifier_twice(context: Context) -> Iterator[Fault]:
    """Two resources of one stack that have the same identifier.

    Two log groups of one name, two policies of one bucket, two methods of one API resource, two records of
    one name, type and SetIdentifier: the second fails, "already exists". What identifies a type is in its
    schema. Resources that conditions keep apart, and names that AWS makes, are left alone.
    """
    for stack in () if context.is_rewritten else context.stacks:
        types = schemas.resource_types(stack.region)
        for kind, resources in _several(stack).items():
            names = (
                _OPTIONAL.get(kind) or _UNIQUE.get(kind) or schemas.written_identifier(types.get(kind, ""))
            )
            yield from _alike(names, resources, stack)


def _several(stack: RegionalStack) -> dict[str, list[EvaluatedResource]]:
    """Return the types that a stack has several resources of for certain, with these."""
    types = schemas.resource_types(stack.region)
    found: dict[str, list[EvaluatedResource]] = defaultdict(list)
    for resource in stack.resources.values():
        if resource.type in types and resource.logical_id not in stack.undecided:
            found[resource.type].append(resource)
    return {kind: resources for kind, resources in found.items() if len(resources) > 1}


def _alike(
    names: tuple[str, ...], resources: list[EvaluatedResource], stack: RegionalStack
) -> Iterator[Fault]:
    taken: dict[tuple[object, ...], str] = {}
    for resource in resources:
        values = _values(names, resource)
        first = taken.setdefault(values, resource.logical_id) if values else resource.logical_id
        if first == resource.logical_id:
            continue
        said = [name for name in names if get_nested(resource.properties, *name.split("/")) is not None]
        yield Fault(
            path=stack.path_of(resource.logical_id, *said[-1].split("/")),
            region=stack.region,
            message=f"{first} has the same {', '.join(said)}: there can be only one such {resource.type}",
            actual=[plain(get_nested(resource.properties, *name.split("/"))) for name in said],
            expected=f"{', '.join(said)} of its own",
            fix=f"remove one of the two, or change {said[-1]}",
        )


def _values(names: tuple[str, ...], resource: EvaluatedResource) -> tuple[object, ...]:
    """Return what identifies a resource; () where AWS makes a part of it."""
    values = [get_nested(resource.properties, *name.split("/")) for name in names]
    is_whole = None not in values or (
        resource.type in _OPTIONAL and _NAMED_BY.get(resource.type, "Name") in resource.properties
    )
    if not is_whole or any(isinstance(value, dict | list) for value in values):
        return ()
    return tuple(_comparable(value, caseless=resource.type in _CASELESS) for value in values)


def _comparable(value: object, *, caseless: bool) -> object:
    if value is None or isinstance(value, Unknown):
        return value
    return str(value).lower().rstrip(".") if caseless else str(value)
