"""Circular dependencies and how to cut them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.harness.checks.findings import finding
from tests.harness.checks.small import TOPIC, body, found, resource

SOURCE = "https://repost.aws/knowledge-center/cloudformation-circular-dependency-error"
SERVICE = (
    'allow the service instead, e.g. "Principal": {"Service": "lambda.amazonaws.com"}, '
    "and grant the role its rights in the role's own policy"
)


def _get(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def test_key_that_names_a_role_is_cut_by_a_service_principal() -> None:
    policy = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": _get("Role")}, "Action": "kms:*"}]}
    role_policy = {"Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": _get("Key")}}
    template = body(
        {
            "Key": resource("AWS::KMS::Key", KeyPolicy=policy),
            "Role": resource("AWS::IAM::Role", Policies=[{"PolicyDocument": role_policy}]),
            "Topic": TOPIC,
        }
    )

    (cycle,) = found("circular-dependency", template)

    assert cycle == replace(
        finding(
            "circular-dependency",
            "Resources/Key/Properties/KeyPolicy/Statement/0/Principal/AWS/Fn::GetAtt",
            region=None,
            message="Circular dependency between resources: [Role, Key]",
            actual=[
                "Key -> Role by Properties/KeyPolicy/Statement/0/Principal/AWS/Fn::GetAtt at <template>:12",
                (
                    "Role -> Key by Properties/Policies/0/PolicyDocument/Statement/Resource/Fn::GetAtt "
                    "at <template>:34"
                ),
            ],
            expected="no resource that needs itself, directly or through others",
            fix=f"cut Key -> Role (a key policy need not name a role of the stack): {SERVICE}",
        ),
        is_quoted=True,
    )


def test_resources_in_order_have_no_cycle() -> None:
    template = body({"A": TOPIC, "B": {**TOPIC, "DependsOn": "A"}, "C": {**TOPIC, "DependsOn": ["A", "B"]}})

    assert found("circular-dependency", template) == ()


@pytest.mark.parametrize(
    ("resources", "fix"),
    [
        (
            {"A": resource("AWS::SNS::Topic", TopicName={"Ref": "A"})},
            "cut A -> A (a resource cannot need itself): take the reference out",
        ),
        (
            {
                "A": resource("AWS::SNS::Topic", TopicName={"Fn::Sub": "${B}"}),
                "B": {**TOPIC, "DependsOn": "A"},
            },
            "cut B -> A (DependsOn only orders; nothing reads a value here): take the DependsOn out",
        ),
        (
            {
                "A": resource(
                    "AWS::EC2::SecurityGroup", SecurityGroupIngress=[{"SourceSecurityGroupId": {"Ref": "B"}}]
                ),
                "B": resource(
                    "AWS::EC2::SecurityGroup", SecurityGroupIngress=[{"SourceSecurityGroupId": {"Ref": "A"}}]
                ),
            },
            (
                "cut A -> B (a rule can be a resource of its own): move the rule to an "
                "AWS::EC2::SecurityGroupIngress or Egress, which needs both groups"
            ),
        ),
        (
            {
                "Bucket": {**resource("AWS::S3::Bucket"), "DependsOn": "Permission"},
                "Permission": resource("AWS::Lambda::Permission", SourceArn=_get("Bucket")),
            },
            (
                "cut Bucket -> Permission (DependsOn only orders; nothing reads a value here): "
                "take the DependsOn out"
            ),
        ),
        (
            {
                "Bucket": resource("AWS::S3::Bucket", ReplicationConfiguration={"Role": _get("Role")}),
                "Role": resource(
                    "AWS::IAM::Role", Policies=[{"PolicyDocument": {"Resource": _get("Bucket")}}]
                ),
            },
            (
                "cut Role -> Bucket (the policy needs the bucket's ARN only, which follows from its name): "
                'write the ARN with Fn::Sub: "arn:${AWS::Partition}:s3:::<bucket name>"'
            ),
        ),
        (
            {
                "A": resource("AWS::SNS::Topic", TopicName={"Ref": "B"}),
                "B": resource("AWS::SNS::Topic", TopicName={"Ref": "A"}),
            },
            (
                "cut A -> B (without it no cycle is left): write the name or ARN with Fn::Sub from what is "
                "known before, or split the resource in two"
            ),
        ),
    ],
    ids=["itself", "DependsOn", "security groups", "bucket notification", "replication role", "any"],
)
def test_step_that_costs_least_is_cut(resources: dict[str, Any], fix: str) -> None:
    assert [finding.fix for finding in found("circular-dependency", body(resources))] == [fix]


_SAM = "AWS::Serverless-2016-10-31"
_API = resource("AWS::Serverless::Api", DefinitionBody={"uri": {"Fn::Sub": "${Function.Arn}"}})
_FUNCTION = resource("AWS::Serverless::Function", Events={"E": {"RestApiId": {"Ref": "Api"}}})


def test_serverless_resources_that_become_several_are_no_cycle() -> None:
    template = body({"Api": _API, "Function": _FUNCTION}, Transform=_SAM)

    assert found("circular-dependency", template) == ()


def test_cycle_of_other_resources_beside_serverless_ones() -> None:
    resources = {"Api": _API, "A": {**TOPIC, "DependsOn": "B"}, "B": {**TOPIC, "DependsOn": "A"}}

    findings = found("circular-dependency", body(resources, Transform=_SAM))

    assert [finding.message for finding in findings] == ["Resources need one another: A, B"]


def test_a_ring_of_thousands_is_cut_at_once() -> None:
    resources = {f"R{number}": {**TOPIC, "DependsOn": f"R{(number + 2) % 5000}"} for number in range(5000)}

    (finding,) = found("circular-dependency", body(resources))

    assert (len(finding.actual) if isinstance(finding.actual, list) else 0, finding.fix) == (
        2500,
        ("cut R0 -> R2 (DependsOn only orders; nothing reads a value here): take the DependsOn out"),
    )
