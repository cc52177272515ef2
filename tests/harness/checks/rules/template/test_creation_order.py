"""Resources that AWS needs in an order that nothing in the template says."""

from __future__ import annotations

from typing import Any

import pytest

from qa import schemas
from qa.checks.rules.template.creation_order import _ORDERS
from tests.harness.checks.rules.design import Severity
from tests.harness.checks.small import EAST, body, found, resource

Resources = dict[str, Any]
GROUP = {"Ref": "Group"}
FORWARD = {"Type": "forward", "TargetGroupArn": GROUP}


def _notifying(key: str, name: str, value: object) -> Resources:
    return resource("AWS::S3::Bucket", NotificationConfiguration={key: [{name: value}]})


CASES: list[tuple[str, Resources, str, Severity]] = [
    (
        "deployment",
        {
            "Api": {"Type": "AWS::ApiGateway::RestApi"},
            "First": resource("AWS::ApiGateway::Method", RestApiId={"Ref": "Api"}),
            "Then": resource("AWS::ApiGateway::Deployment", RestApiId={"Ref": "Api"}),
        },
        "The REST API doesn't contain any methods",
        Severity.ERROR,
    ),
    (
        "deployment of routes",
        {
            "Api": {"Type": "AWS::ApiGatewayV2::Api"},
            "First": resource("AWS::ApiGatewayV2::Route", ApiId={"Ref": "Api"}),
            "Then": resource("AWS::ApiGatewayV2::Deployment", ApiId={"Ref": "Api"}),
        },
        "At least one route is required before deploying the Api",
        Severity.ERROR,
    ),
    (
        "service",
        {
            "Group": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup"},
            "First": resource("AWS::ElasticLoadBalancingV2::Listener", DefaultActions=[FORWARD]),
            "Then": resource("AWS::ECS::Service", LoadBalancers=[{"TargetGroupArn": GROUP}]),
        },
        "The target group does not have an associated load balancer",
        Severity.WARNING,
    ),
    (
        "route",
        {
            "Gateway": {"Type": "AWS::EC2::InternetGateway"},
            "First": resource("AWS::EC2::VPCGatewayAttachment", InternetGatewayId={"Ref": "Gateway"}),
            "Then": resource("AWS::EC2::Route", GatewayId={"Ref": "Gateway"}),
        },
        "the gateway must be attached to the VPC before a route leads to it",
        Severity.WARNING,
    ),
    (
        "bucket and function",
        {
            "Function": {"Type": "AWS::Lambda::Function"},
            "First": resource("AWS::Lambda::Permission", FunctionName={"Ref": "Function"}),
            "Then": _notifying("LambdaConfigurations", "Function", {"Fn::GetAtt": ["Function", "Arn"]}),
        },
        "Unable to validate the following destination configurations",
        Severity.WARNING,
    ),
    (
        "bucket and queue",
        {
            "Queue": {"Type": "AWS::SQS::Queue"},
            "First": resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": "Queue"}]),
            "Then": _notifying("QueueConfigurations", "Queue", {"Fn::GetAtt": ["Queue", "Arn"]}),
        },
        "Unable to validate the following destination configurations",
        Severity.WARNING,
    ),
]


def _findings(resources: Resources) -> list[tuple[str, Severity]]:
    return [(one.message, one.severity) for one in found("creation-order", body(resources))]


@pytest.mark.parametrize(("resources", "words", "severity"), [case[1:] for case in CASES], ids=lambda _: "")
def test_order_that_nothing_says_is_found(resources: Resources, words: str, severity: Severity) -> None:
    assert _findings(resources) == [(f"{words}: First is made at the same time as Then", severity)]


@pytest.mark.parametrize("resources", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_order_that_is_said_directly_or_through_others_is_left_alone(resources: Resources) -> None:
    directly = {**resources, "Then": {**resources["Then"], "DependsOn": "First"}}
    between = {"Type": "AWS::CloudFormation::WaitConditionHandle", "DependsOn": "First"}
    through = {**resources, "Between": between, "Then": {**resources["Then"], "DependsOn": ["Between"]}}

    assert (_findings(directly), _findings(through)) == ([], [])


@pytest.mark.parametrize("resources", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_order_the_other_way_round_is_an_error(resources: Resources) -> None:
    turned = {**resources, "First": {**resources["First"], "DependsOn": "Then"}}

    ((message, severity),) = _findings(turned)

    assert message.endswith("First is made after Then")
    assert severity is Severity.ERROR


@pytest.mark.parametrize("resources", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_what_the_stack_does_not_make_is_not_asked_for(resources: Resources) -> None:
    assert _findings({name: one for name, one in resources.items() if name != "First"}) == []


def test_one_method_of_several_is_enough() -> None:
    resources = {**CASES[0][1], "Another": CASES[0][1]["First"]}
    resources["Then"] = {**resources["Then"], "DependsOn": "Another"}

    assert _findings(resources) == []


def test_every_type_of_the_table_has_a_schema() -> None:
    named = {one.type for one in _ORDERS} | {kind for one in _ORDERS for kind in one.after}

    assert named <= set(schemas.resource_types(EAST))
