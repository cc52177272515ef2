"""What services ask beyond the schemas: properties that break each demand, and the nearest that meet it."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.checks.knowledge.requirements import Violation, holds, violations
from qa.checks.knowledge.service_requirements import REQUIREMENTS
from qa.template import Computed, ResourceRef
from tests.harness.checks.small import body, found, resource

Properties = dict[str, Any]

DOMAIN = "AWS::ApiGateway::DomainName"
ALARM = "AWS::CloudWatch::Alarm"
TABLE = "AWS::DynamoDB::GlobalTable"
MAPPING = "AWS::Lambda::EventSourceMapping"
FUNCTION = "AWS::Lambda::Function"
INSTANCE = {"Name": "InstanceId", "Value": "i-1"}
RECOVER = "arn:aws:automate:us-east-1:ec2:recover"
QUERY = 'SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName)'
STREAM = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/stream/2026"
QUEUE = "arn:aws:sqs:us-east-1:111122223333:orders"
BUS = "arn:aws:events:us-west-2:111122223333:event-bus/central"
OWN_KEY = {"Region": "us-east-1", "SSESpecification": {"KMSMasterKeyId": "alias/orders"}}
THREE, WITNESS = (
    [{"Region": name} for name in ("us-east-1", "us-west-2", "us-east-2")],
    [{"Region": "us-east-2"}],
)

CASES: list[tuple[str, Properties, tuple[str | int, ...], Properties]] = [
    (
        FUNCTION,
        {"Runtime": "nodejs22.x", "Code": {"S3Bucket": "b", "S3Key": "k"}},
        ("Handler",),
        {"Handler": "i.h"},
    ),
    (FUNCTION, {"Handler": "i.h", "Code": {"ZipFile": "…"}}, ("Runtime",), {"Runtime": "nodejs22.x"}),
    (FUNCTION, {"PackageType": "Image", "Handler": "i.h"}, ("Handler",), {"PackageType": "Zip"}),
    (MAPPING, {"EventSourceArn": STREAM}, ("StartingPosition",), {"StartingPosition": "LATEST"}),
    (
        MAPPING,
        {"EventSourceArn": QUEUE, "StartingPosition": "LATEST"},
        ("StartingPosition",),
        {"EventSourceArn": STREAM},
    ),
    (
        ALARM,
        {"Metrics": [{"Id": "a", "Expression": QUERY}]},
        ("Metrics", 0, "Period"),
        {"Metrics": [{"Id": "a", "Expression": QUERY, "Period": 60}]},
    ),
    (
        ALARM,
        {"Metrics": [{"Id": "a", "Expression": "SUM(SEARCH('{AWS/Lambda}', 'Sum'))", "Period": 60}]},
        ("Metrics", 0, "Expression"),
        {"Metrics": [{"Id": "a", "Expression": "m1 + m2"}]},
    ),
    (
        ALARM,
        {"Metrics": [], "MetricName": "Errors"},
        ("MetricName",),
        {"Metrics": Computed("Fn::If", ("Open", [], None))},
    ),
    (
        ALARM,
        {"AlarmActions": [RECOVER], "Dimensions": [{"Name": "AutoScalingGroupName", "Value": "a"}]},
        ("Dimensions", 0, "Name"),
        {"Dimensions": [INSTANCE]},
    ),
    (
        ALARM,
        {"AlarmActions": [RECOVER], "Dimensions": [INSTANCE, INSTANCE]},
        ("Dimensions",),
        {"Dimensions": [INSTANCE]},
    ),
    (
        DOMAIN,
        {"CertificateArn": "arn", "EndpointConfiguration": {"Types": ["REGIONAL"]}},
        ("CertificateArn",),
        {"EndpointConfiguration": {"Types": ["EDGE"]}},
    ),
    (
        DOMAIN,
        {"RegionalCertificateArn": "arn", "EndpointConfiguration": {"Types": ["EDGE"]}},
        ("RegionalCertificateArn",),
        {"EndpointConfiguration": {"Types": ["EDGE", "REGIONAL"]}},
    ),
    ("AWS::Route53::RecordSet", {"Weight": 1}, ("SetIdentifier",), {"SetIdentifier": "east"}),
    ("AWS::Route53::RecordSet", {"SetIdentifier": "east"}, (), {"Failover": "PRIMARY"}),
    ("AWS::Route53::RecordSet", {"AliasTarget": {}, "TTL": 60}, ("TTL",), {"TTL": None}),
    (
        "AWS::Events::Rule",
        {"Targets": [{"Id": "a", "Arn": BUS}]},
        ("Targets", 0, "RoleArn"),
        {"Targets": [{"Id": "a", "Arn": BUS, "RoleArn": "arn"}]},
    ),
    (
        "AWS::Events::Rule",
        {"ScheduleExpression": "rate(1 day)", "EventBusName": "orders"},
        ("ScheduleExpression",),
        {"EventBusName": "default"},
    ),
    (TABLE, {"Replicas": [OWN_KEY]}, ("SSESpecification",), {"SSESpecification": {"SSEEnabled": True}}),
    (TABLE, {"MultiRegionConsistency": "STRONG", "Replicas": THREE[:2]}, (), {"Replicas": THREE}),
    (
        TABLE,
        {"MultiRegionConsistency": "STRONG", "Replicas": THREE, "GlobalTableWitnesses": WITNESS},
        (),
        {"Replicas": THREE[:2]},
    ),
    (
        "AWS::RDS::DBCluster",
        {"KmsKeyId": "k", "StorageEncrypted": False},
        ("KmsKeyId",),
        {"StorageEncrypted": True},
    ),
    (
        "AWS::RDS::DBInstance",
        {"DBClusterIdentifier": "c", "BackupRetentionPeriod": 7},
        ("BackupRetentionPeriod",),
        {"DBClusterIdentifier": None},
    ),
    (
        "AWS::SQS::Queue",
        {"FifoQueue": "true", "QueueName": "orders"},
        ("QueueName",),
        {"QueueName": "orders.fifo"},
    ),
    (
        "AWS::SQS::Queue",
        {"ContentBasedDeduplication": True},
        ("ContentBasedDeduplication",),
        {"FifoQueue": True},
    ),
    (
        "AWS::SNS::Topic",
        {"FifoTopic": True, "TopicName": "orders"},
        ("TopicName",),
        {"TopicName": "orders.fifo"},
    ),
    (
        "AWS::ElasticLoadBalancingV2::Listener",
        {"Protocol": "HTTPS"},
        ("Certificates",),
        {"Protocol": "HTTP"},
    ),
    (
        "AWS::Route53::HealthCheck",
        {"HealthCheckConfig": {"Type": "CLOUDWATCH_METRIC"}},
        ("HealthCheckConfig", "AlarmIdentifier"),
        {"HealthCheckConfig": {"Type": "HTTPS"}},
    ),
]


def places(resource_type: str, properties: Properties) -> list[tuple[str | int, ...]]:
    return [
        violation.place
        for requirement in REQUIREMENTS
        if requirement.type == resource_type
        for violation in violations(requirement.schema, properties)
    ]


@pytest.mark.parametrize(("resource_type", "broken", "place", "change"), CASES)
def test_properties_that_a_service_refuses_are_found_and_the_nearest_good_ones_are_not(
    resource_type: str, broken: Properties, place: tuple[str | int, ...], change: Properties
) -> None:
    good = {name: value for name, value in (broken | change).items() if value is not None}

    assert (places(resource_type, broken), places(resource_type, good)) == ([place], [])


def test_every_demand_is_broken_by_a_case() -> None:
    unbroken = [
        requirement.because
        for requirement in REQUIREMENTS
        if not any(
            requirement.type == resource_type and holds(requirement.schema, broken) is False
            for resource_type, broken, _, _ in CASES
        )
    ]
    assert unbroken == []


def test_the_finding_says_what_to_add_and_names_the_page() -> None:
    package = resource(FUNCTION, Role="r", Runtime="nodejs22.x", Code={"S3Bucket": "b", "S3Key": "k"})

    (finding,) = found("service-requirement", body({"Call": package}))

    assert (finding.path, finding.actual, finding.expected, finding.fix) == (
        ("Resources", "Call", "Properties", "Handler"),
        None,
        "Handler",
        "add Handler; https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
    )


SCALARS = st.sampled_from(["a", "b", "aa", 1, 2, True])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.lists(st.sampled_from("xyz"), min_size=1, max_size=2, unique=True)


def _schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, min_size=1, max_size=2)
    return st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("xyz"), inner, max_size=2),
            "items": inner,
            "contains": inner,
            "not": inner,
            "allOf": lists,
            "anyOf": lists,
            "oneOf": lists,
            "if": inner,
            "then": inner,
            "else": inner,
        },
    )


SCHEMAS = st.recursive(
    st.booleans()
    | st.fixed_dictionaries(
        {},
        optional={
            "required": NAMES,
            "enum": st.lists(st.sampled_from(["a", "b", "aa"]), min_size=1, max_size=2),
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(0, 2),
            "pattern": st.sampled_from(["a", "^b$"]),
            "type": st.sampled_from(["object", "array"]),
        },
    ),
    _schemas,
    max_leaves=6,
)


@given(schema=SCHEMAS, value=VALUES)
def test_where_all_is_known_the_verdict_is_that_of_jsonschema(schema: Any, value: Any) -> None:
    expected = jsonschema.Draft202012Validator(schema).is_valid(value)

    assert (holds(schema, value), bool(list(violations(schema, value)))) == (expected, not expected)


@given(schema=SCHEMAS, value=VALUES, where=st.sampled_from("xyz"))
def test_what_is_unknown_never_turns_a_verdict(schema: Any, value: Any, where: str) -> None:
    base = value if isinstance(value, dict) else {"x": value}
    open_verdict = holds(schema, {**base, where: ResourceRef("Open")})
    if open_verdict is not None:
        for known in ("a", 1, [], {}, {"x": "a"}, ["a", "b"]):
            assert holds(schema, {**base, where: known}) is open_verdict


def test_a_property_that_a_function_may_remove_is_open() -> None:
    maybe = {"x": Computed("Fn::If", ("Open", "a", "b"))}

    assert (holds({"required": ["x"]}, maybe), holds({"properties": {"x": False}}, maybe)) == (None, None)


def test_an_excluded_property_is_named_with_the_one_beside_it() -> None:
    schema = {"dependentExcluded": {"x": ["y"]}}

    assert list(violations(schema, {"x": 1, "y": 2})) == [
        Violation(place=("y",), actual=2, expected="no y beside x")
    ]
