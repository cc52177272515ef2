"""One identifier twice in a stack."""

from __future__ import annotations

from typing import Any

import pytest

from qa import schemas
from qa.checks.rules.template.identifiers import _OPTIONAL, _UNIQUE
from tests.harness.checks.small import EAST, IN_EAST, WEST, body, found, resource

Properties = dict[str, Any]
POLICY: Properties = {"PolicyDocument": {}}
CASES: list[tuple[str, Properties, Properties]] = [
    ("AWS::Logs::LogGroup", {"LogGroupName": "/app"}, {"LogGroupName": "/other"}),
    ("AWS::SNS::Topic", {"TopicName": {"Fn::Sub": "a-${AWS::StackName}"}}, {"TopicName": "b"}),
    ("AWS::S3::BucketPolicy", {"Bucket": {"Ref": "Uploads"}, **POLICY}, {"Bucket": "another", **POLICY}),
    (
        "AWS::ApiGateway::Method",
        {"RestApiId": "a", "ResourceId": "r", "HttpMethod": "GET"},
        {"HttpMethod": "PUT"},
    ),
    ("AWS::ApiGatewayV2::Route", {"ApiId": "a", "RouteKey": "GET /"}, {"RouteKey": "PUT /"}),
    ("AWS::SSM::Parameter", {"Name": "/a", "Type": "String", "Value": "1"}, {"Name": "/b"}),
    ("AWS::KMS::Alias", {"AliasName": "alias/a", "TargetKeyId": "1"}, {"AliasName": "alias/b"}),
    ("AWS::ElasticLoadBalancingV2::ListenerRule", {"ListenerArn": "l", "Priority": 1}, {"Priority": 2}),
    ("AWS::Lambda::EventSourceMapping", {"EventSourceArn": "q", "FunctionName": "f"}, {"FunctionName": "g"}),
    ("AWS::Events::Rule", {"Name": "a"}, {"EventBusName": "central"}),
    ("AWS::Lambda::Url", {"TargetFunctionArn": "f", "AuthType": "NONE"}, {"Qualifier": "live"}),
    (
        "AWS::Route53::RecordSet",
        {"HostedZoneId": "Z", "Name": "a.example.com", "Type": "A"},
        {"SetIdentifier": "west"},
    ),
]


def _ids(kind: str, one: Properties, other: Properties) -> list[str | None]:
    resources = {
        "One": resource(kind, **one),
        "Other": resource(kind, **other),
        "Uploads": {"Type": "AWS::S3::Bucket"},
    }
    return [each.logical_id for each in found("identifier-twice", body(resources))]


@pytest.mark.parametrize(("kind", "one", "change"), CASES, ids=[kind for kind, _, _ in CASES])
def test_second_resource_of_one_identifier_is_found(kind: str, one: Properties, change: Properties) -> None:
    assert _ids(kind, one, one) == ["Other"]
    assert _ids(kind, one, {**one, **change}) == []


def test_the_finding_says_what_is_alike_and_where() -> None:
    log = resource("AWS::Logs::LogGroup", LogGroupName="/app")

    (one,) = found("identifier-twice", body({"One": log, "Other": log}))

    assert (one.path, one.message, one.actual) == (
        ("Resources", "Other", "Properties", "LogGroupName"),
        "One has the same LogGroupName: there can be only one such AWS::Logs::LogGroup",
        ["/app"],
    )


def test_record_names_are_alike_whatever_their_case_and_last_dot() -> None:
    one = {"HostedZoneId": "Z", "Name": "A.example.com.", "Type": "A"}

    assert _ids("AWS::Route53::RecordSet", one, {**one, "Name": "a.example.com"}) == ["Other"]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::Logs::LogGroup", {}),
        ("AWS::Events::Rule", {"EventPattern": {"source": ["a"]}}),
        ("AWS::SNS::Subscription", {"TopicArn": "t", "Protocol": "sqs", "Endpoint": "q"}),
    ],
    ids=["no name", "no name of a rule", "no identifier"],
)
def test_what_aws_names_is_left_alone(kind: str, properties: Properties) -> None:
    assert _ids(kind, properties, properties) == []


def test_resources_that_conditions_keep_apart_are_left_alone() -> None:
    log = resource("AWS::Logs::LogGroup", LogGroupName="/app")
    conditions = {**IN_EAST, "Elsewhere": {"Fn::Not": [{"Condition": "InEast"}]}}
    resources = {"One": {**log, "Condition": "InEast"}, "Other": {**log, "Condition": "Elsewhere"}}
    open_condition = {"Chosen": {"Fn::Equals": [{"Ref": "Which"}, "a"]}}
    parameters = {"Which": {"Type": "String"}}
    maybe = {"One": {**log, "Condition": "Chosen"}, "Other": log}

    assert found("identifier-twice", body(resources, Conditions=conditions)) == ()
    assert found("identifier-twice", body(maybe, Conditions=open_condition, Parameters=parameters)) == ()


def test_every_type_of_the_tables_has_the_properties_that_they_name() -> None:
    for kind, names in {**_UNIQUE, **_OPTIONAL}.items():
        assert kind in schemas.resource_types(EAST)
        assert kind in schemas.resource_types(WEST)
        assert set(names) <= set(schemas.schema(kind)["properties"]), kind


def test_what_aws_makes_is_no_written_identifier() -> None:
    assert schemas.written_identifier("AWS::Logs::LogGroup") == ("LogGroupName",)
    assert schemas.written_identifier("AWS::SNS::Topic") == ()
