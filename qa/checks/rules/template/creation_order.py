"""Resources that AWS needs in an order that nothing in the template says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import typed
from qa.checks.knowledge.places import values_at
from qa.checks.rule import Fault, rule
from qa.template import ResourceAttribute, ResourceRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_AWS = "https://docs.aws.amazon.com"
_CFN = f"{_AWS}/AWSCloudFormation/latest/TemplateReference"
_DEPENDS_ON = f"{_CFN}/aws-attribute-dependson.html"
_NOTIFICATIONS = f"{_CFN}/aws-properties-s3-bucket-notificationconfiguration.html"
_ELB = "AWS::ElasticLoadBalancingV2"
_GROUP = "TargetGroupArn"
_GROUPS = (f"DefaultActions/*/{_GROUP}", f"DefaultActions/*/ForwardConfig/TargetGroups/*/{_GROUP}")
_RULE_GROUPS = (f"Actions/*/{_GROUP}", f"Actions/*/ForwardConfig/TargetGroups/*/{_GROUP}")
_UNVALIDATED = "Unable to validate the following destination configurations"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """A type that comes after one of others which name the same resource."""

    type: str
    at: str
    after: Mapping[str, tuple[str, ...]]
    """Type → the places where it names the same resource."""
    because: str
    source: str
    is_certain: bool = False
    """It fails whenever it is not after one; otherwise it may be lucky."""


_ORDERS = (
    _Order(
        type="AWS::ApiGateway::Deployment",
        at="RestApiId",
        after={"AWS::ApiGateway::Method": ("RestApiId",)},
        because="The REST API doesn't contain any methods",
        source=f"{_CFN}/aws-resource-apigateway-deployment.html",
        is_certain=True,
    ),
    _Order(
        type="AWS::ApiGatewayV2::Deployment",
        at="ApiId",
        after={"AWS::ApiGatewayV2::Route": ("ApiId",)},
        because="At least one route is required before deploying the Api",
        source=f"{_CFN}/aws-resource-apigatewayv2-deployment.html",
        is_certain=True,
    ),
    _Order(
        type="AWS::ECS::Service",
        at=f"LoadBalancers/*/{_GROUP}",
        after={f"{_ELB}::Listener": _GROUPS, f"{_ELB}::ListenerRule": _RULE_GROUPS},
        because="The target group does not have an associated load balancer",
        source=f"{_CFN}/aws-resource-ecs-service.html",
    ),
    _Order(
        type="AWS::EC2::Route",
        at="GatewayId",
        after={"AWS::EC2::VPCGatewayAttachment": ("InternetGatewayId",)},
        because="the gateway must be attached to the VPC before a route leads to it",
        source=_DEPENDS_ON,
    ),
    _Order(
        type="AWS::S3::Bucket",
        at="NotificationConfiguration/LambdaConfigurations/*/Function",
        after={"AWS::Lambda::Permission": ("FunctionName",)},
        because=_UNVALIDATED,
        source=_NOTIFICATIONS,
    ),
    _Order(
        type="AWS::S3::Bucket",
        at="NotificationConfiguration/TopicConfigurations/*/Topic",
        after={"AWS::SNS::TopicPolicy": ("Topics/*",), "AWS::SNS::TopicInlinePolicy": ("TopicArn",)},
        because=_UNVALIDATED,
        source=_NOTIFICATIONS,
    ),
    _Order(
        type="AWS::S3::Bucket",
        at="NotificationConfiguration/QueueConfigurations/*/Queue",
        after={"AWS::SQS::QueuePolicy": ("Queues/*",), "AWS::SQS::QueueInlinePolicy": ("Queue",)},
        because=_UNVALIDATED,
        source=_NOTIFICATIONS,
    ),
)


@rule("creation-order", severity=Severity.ERROR, source=_DEPENDS_ON)
def creation_order(context: Context) -> Iterator[Fault]:
    """A resource that AWS makes before what it needs, because nothing says the order.

    A deployment needs a method of its API, a service a listener of its target group, a route the gateway's
    attachment, a bucket that notifies the permission or policy of what it notifies. CloudFormation makes
    what does not refer to each other at the same time: the deployment fails, the others fail unless they
    are lucky (a warning). What comes after in the template's own order is an error. The fix ends with the
    page of the demand.
    """
    for stack in () if context.is_rewritten else context.stacks:
        for order in _ORDERS:
            for resource in typed(stack, order.type):
                if resource.logical_id not in stack.undecided:
                    yield from _unordered(order, resource, stack, context)


def _unordered(
    order: _Order, resource: EvaluatedResource, stack: RegionalStack, context: Context
) -> Iterator[Fault]:
    for path, value in values_at(resource.properties, order.at):
        needed = _needed(order, value, stack)
        before = _before(resource.logical_id, context)
        if not needed or before.intersection(needed):
            continue
        is_reversed = all(resource.logical_id in _before(one, context) for one in needed)
        yield Fault(
            path=stack.path_of(resource.logical_id, *path),
            region=stack.region,
            severity=None if order.is_certain or is_reversed else Severity.WARNING,
            message=f"{order.because}: {needed[0]} is made "
            f"{'after' if is_reversed else 'at the same time as'} {resource.logical_id}",
            actual=sorted(context.graph.edges.get(resource.logical_id, ())),
            expected=f"{needed[0]} first",
            fix=f"{_fix(needed[0], is_reversed=is_reversed)}; {order.source}",
        )


def _fix(first: str, *, is_reversed: bool) -> str:
    if is_reversed:
        return f"let {first} name it with Fn::Sub instead of a reference, then add DependsOn: {first}"
    return f"add DependsOn: {first}"


def _needed(order: _Order, value: object, stack: RegionalStack) -> list[str]:
    """Return the resources, one of which comes first: those that name the same resource of the stack."""
    target = _target(value)
    return [
        one.logical_id
        for kind, places in order.after.items()
        for one in typed(stack, kind)
        if target is not None
        and any(_target(named) == target for at in places for _, named in values_at(one.properties, at))
    ]


def _target(value: object) -> str | None:
    return value.logical_id if isinstance(value, ResourceRef | ResourceAttribute) else None


def _before(logical_id: str, context: Context) -> set[str]:
    """Return all that a resource needs, directly or not."""
    seen: set[str] = set()
    open_ends = [logical_id]
    while open_ends:
        for name in context.graph.edges.get(open_ends.pop(), ()):
            if name not in seen:
                seen.add(name)
                open_ends.append(name)
    return seen
