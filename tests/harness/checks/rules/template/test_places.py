"""Values, copies and resources in the wrong region: each fault beside the nearest that is right."""

from __future__ import annotations

from typing import Any

import pytest

from qa import schemas
from qa.checks.knowledge.copies import AT_HOME, COPIES
from qa.checks.knowledge.places import PLACES, place_of, values_at
from tests.harness.checks.rules.design import Severity
from tests.harness.checks.small import EAST, IN_EAST, TOPIC, WEST, body, found, resource

ACCOUNT = "111122223333"
KEY = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}}
SHARED_KEY = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}, "MultiRegion": True}}
CERTIFICATE = {"Type": "AWS::CertificateManager::Certificate", "Properties": {"DomainName": "example.com"}}


def _arn(service: str, region: str, rest: str) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def _regions(rule: str, kind: str, properties: dict[str, Any], **others: Any) -> list[str | None]:
    resources = {"It": resource(kind, **properties), **others}
    return [one.region for one in found(rule, body(resources, Conditions=IN_EAST))]


OWN = [
    ("AWS::Events::Rule", "EventBusName", "events", "event-bus/central"),
    ("AWS::Events::Rule", "Targets/*/Arn", "sqs", "orders"),
    ("AWS::Lambda::Permission", "FunctionName", "lambda", "function:central"),
    ("AWS::Lambda::Function", "Layers/*", "lambda", "layer:tools:3"),
    ("AWS::Lambda::EventSourceMapping", "EventSourceArn", "sqs", "orders"),
    ("AWS::S3::Bucket", "NotificationConfiguration/QueueConfigurations/*/Queue", "sqs", "orders"),
    ("AWS::SQS::Queue", "RedrivePolicy/deadLetterTargetArn", "sqs", "dead"),
    ("AWS::SQS::Queue", "KmsMasterKeyId", "kms", "key/1"),
    ("AWS::RDS::DBCluster", "KmsKeyId", "kms", "key/1"),
    ("AWS::ElasticLoadBalancingV2::Listener", "Certificates/*/CertificateArn", "acm", "certificate/1"),
    ("AWS::Logs::SubscriptionFilter", "DestinationArn", "kinesis", "stream/logs"),
]
HOME = [
    ("AWS::ApiGateway::DomainName", "CertificateArn"),
    ("AWS::CloudFront::Distribution", "DistributionConfig/ViewerCertificate/AcmCertificateArn"),
    ("AWS::Cognito::UserPoolDomain", "CustomDomainConfig/CertificateArn"),
    ("AWS::AppSync::DomainName", "CertificateArn"),
]
BESIDE = [
    ("AWS::SecretsManager::Secret", "ReplicaRegions", "Region", "KmsKeyId"),
    ("AWS::SSMIncidents::ReplicationSet", "Regions", "RegionName", "RegionConfiguration/SseKmsKeyId"),
]


def _with(at: str, value: object) -> dict[str, Any]:
    """Return properties with a value at a place."""
    made: Any = value
    for step in reversed(at.split("/")):
        made = [made] if step == "*" else {step: made}
    return dict(made)


@pytest.mark.parametrize(("kind", "at", "service", "rest"), OWN, ids=lambda value: str(value).split("::")[-1])
def test_value_of_another_region_is_found_where_the_own_region_is_demanded(
    kind: str, at: str, service: str, rest: str
) -> None:
    own = {"Fn::Sub": f"arn:aws:{service}:${{AWS::Region}}:{ACCOUNT}:{rest}"}

    assert _regions("value-region", kind, _with(at, _arn(service, EAST, rest))) == [WEST]
    assert _regions("value-region", kind, _with(at, own)) == []


@pytest.mark.parametrize(("kind", "at"), HOME)
def test_certificate_of_the_edge_is_of_the_home_region_wherever_the_stack_is(kind: str, at: str) -> None:
    def regions(value: object) -> list[str | None]:
        return _regions("value-region", kind, _with(at, value), Certificate=CERTIFICATE)

    assert regions({"Ref": "Certificate"}) == [WEST]
    assert regions(_arn("acm", WEST, "certificate/1")) == [None]
    assert regions(_arn("acm", EAST, "certificate/1")) == []


@pytest.mark.parametrize(("kind", "items", "region", "key"), BESIDE)
def test_key_of_a_copy_lies_where_the_copy_does(kind: str, items: str, region: str, key: str) -> None:
    def regions(value: object) -> list[str | None]:
        item = {region: WEST, **_with(key, value)}
        own = {"Type": kind, "Condition": "InEast", "Properties": {items: [item]}}
        template = body({"It": own, "Key": KEY, "Shared": SHARED_KEY}, Conditions=IN_EAST)
        return [one.region for one in found("value-region", template)]

    assert regions({"Fn::GetAtt": ["Key", "Arn"]}) == [EAST]
    assert regions({"Ref": "Key"}) == [EAST]
    assert regions({"Fn::GetAtt": ["Shared", "Arn"]}) == [EAST]
    assert regions(_arn("kms", EAST, "key/mrk-1")) == [EAST]
    assert regions(_arn("kms", WEST, "key/mrk-1")) == []
    assert regions({"Ref": "Shared"}) == []
    assert regions("alias/orders") == []


def test_topic_of_another_region_is_subscribed_to_with_its_region() -> None:
    topic = _arn("sns", "eu-west-1", "orders")
    subscription = {"Protocol": "sqs", "TopicArn": topic}

    assert _regions("value-region", "AWS::SNS::Subscription", subscription) == [EAST, WEST]
    assert _regions("value-region", "AWS::SNS::Subscription", {**subscription, "Region": "eu-west-1"}) == []


def test_bus_of_another_region_is_a_target_and_nothing_else_is() -> None:
    def regions(rest: str) -> list[str | None]:
        targets = [{"Id": "a", "Arn": _arn("events", "eu-west-1", rest)}]
        return _regions("value-region", "AWS::Events::Rule", {"Targets": targets})

    assert regions("event-bus/central") == []
    assert regions("api-destination/central") == [EAST, WEST]


COPY_CASES = [
    ("AWS::SecretsManager::Secret", {"ReplicaRegions": [{"Region": EAST}, {"Region": WEST}]}, [EAST, WEST]),
    ("AWS::SecretsManager::Secret", {"ReplicaRegions": [{"Region": "eu-west-1"}]}, []),
    ("AWS::RDS::DBInstance", {"AutomaticBackupReplicationRegion": WEST}, [WEST]),
    ("AWS::Redshift::Cluster", {"DestinationRegion": EAST}, [EAST]),
    ("AWS::SSMIncidents::ReplicationSet", {"Regions": [{"RegionName": EAST}]}, [WEST]),
    ("AWS::SSMIncidents::ReplicationSet", {"Regions": [{"RegionName": EAST}, {"RegionName": WEST}]}, []),
    ("AWS::Cassandra::Keyspace", {"ReplicationSpecification": {"RegionList": [EAST, "us-east-2"]}}, [WEST]),
]


@pytest.mark.parametrize(("kind", "properties", "regions"), COPY_CASES)
def test_own_region_is_among_the_copies_only_where_it_must_be(
    kind: str, properties: dict[str, Any], regions: list[str]
) -> None:
    assert _regions("copy-own-region", kind, properties) == regions


@pytest.mark.parametrize(
    ("registry", "regions"), [({"Ref": "AWS::AccountId"}, [WEST]), (ACCOUNT, [])], ids=["own", "another"]
)
def test_registry_replicates_within_a_region_into_another_account(
    registry: object, regions: list[str]
) -> None:
    rules = [{"Destinations": [{"Region": WEST, "RegistryId": registry}]}]

    assert (
        _regions(
            "copy-own-region",
            "AWS::ECR::ReplicationConfiguration",
            {"ReplicationConfiguration": {"Rules": rules}},
        )
        == regions
    )


AT_HOME_CASES = [
    ("AWS::WAFv2::WebACL", {"Scope": "CLOUDFRONT"}, {"Scope": "REGIONAL"}, Severity.ERROR),
    (
        "AWS::CloudWatch::Alarm",
        {"Namespace": "AWS/Billing"},
        {"Namespace": "AWS/Lambda"},
        Severity.WARNING,
    ),
    (
        "AWS::CloudWatch::Alarm",
        {"Metrics": [{"MetricStat": {"Metric": {"Namespace": "AWS/Route53"}}}]},
        {"Metrics": [{"MetricStat": {"Metric": {"Namespace": "AWS/SQS"}}}, {"Expression": "m1"}]},
        Severity.WARNING,
    ),
    (
        "AWS::Events::Rule",
        {"EventPattern": {"source": ["aws.iam"]}},
        {"EventPattern": {"source": ["aws.iam", "aws.ec2"]}},
        Severity.WARNING,
    ),
]


@pytest.mark.parametrize(("kind", "fault", "right", "severity"), AT_HOME_CASES)
def test_what_works_at_home_only_is_found_elsewhere(
    kind: str, fault: dict[str, Any], right: dict[str, Any], severity: Severity
) -> None:
    findings = found("home-region-only", body({"It": resource(kind, **fault)}))

    assert [(one.region, one.severity) for one in findings] == [(WEST, severity)]
    assert _regions("home-region-only", kind, right) == []


def test_nothing_is_judged_in_another_partition_by_the_home_of_this_one() -> None:
    template = body({"It": resource("AWS::WAFv2::WebACL", Scope="CLOUDFRONT")})

    assert found("home-region-only", template, regions=("cn-north-1",)) == ()


PROPERTIES = [*((one.type, one.at) for one in PLACES), *((one.type, one.at) for one in COPIES)]


@pytest.mark.parametrize(("kind", "at"), PROPERTIES)
def test_every_place_is_a_property_of_its_type(kind: str, at: str) -> None:
    shape: Any = {"$ref": "#"}
    root = schemas.schema(kind)
    for step in at.split("/"):
        shape = _referred(shape, root)
        if "properties" not in shape and step != "*" and shape.get("type") != "array":
            return  # free JSON, such as RedrivePolicy
        shape = shape["items"] if step == "*" else shape["properties"][step]


def _referred(shape: Any, root: Any) -> Any:
    while "$ref" in shape:
        found_at: Any = root
        for step in shape["$ref"].removeprefix("#").strip("/").split("/"):
            found_at = found_at[step] if step else found_at
        if found_at is root:
            return root
        shape = found_at
    return shape


def test_place_is_recognized_through_functions() -> None:
    steps = ("ReplicaRegions", "Fn::If", 1, 0, "KmsKeyId", "Fn::Sub")

    assert place_of("AWS::SecretsManager::Secret", steps) is not None
    assert place_of("AWS::SecretsManager::Secret", ("Name", "Fn::Sub")) is None
    assert list(values_at({"a": [{"b": 1}, {}]}, "a/*/b")) == [(("a", 0, "b"), 1)]


@pytest.mark.parametrize(
    "resources",
    [
        {"App": resource("AWS::Serverless::Application", Location={"ApplicationId": "APPLICATION"})},
        {"It": resource("AWS::SNS::Subscription", TopicArn="TOPIC", Region=EAST, Protocol="sqs")},
        {"It": resource("AWS::ApiGateway::DomainName", CertificateArn="CERTIFICATE")},
        {"It": resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Resource": "ENTITLEMENT"})},
    ],
    ids=["application", "subscribed topic", "certificate of the edge", "global service"],
)
def test_what_is_foreign_by_nature_may_be_written_out(resources: dict[str, Any]) -> None:
    arns = {
        "APPLICATION": "arn:aws:serverlessrepo:us-east-1:077246666028:applications/tool",
        "TOPIC": "arn:aws:sns:us-east-1:806199016981:AmazonIpSpaceChanged",
        "CERTIFICATE": "arn:aws:acm:us-east-1:${AWS::AccountId}:certificate/1",
        "ENTITLEMENT": "arn:aws:aws-marketplace:us-east-1:077246666028:*",
    }

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(member) for key, member in value.items()}
        return arns.get(str(value), value)

    template = body(filled(resources))

    assert found("literal-region", template) == ()
    assert found("literal-account", template) == ()


def test_what_value_region_finds_is_not_found_again() -> None:
    permission = resource("AWS::Lambda::Permission", FunctionName=_arn("lambda", EAST, "function:central"))
    template = body({"It": permission, "Topic": TOPIC})

    assert [one.region for one in found("literal-region", template)] == [EAST]
    assert [one.region for one in found("value-region", template)] == [WEST]


def test_every_demand_has_a_type_with_a_schema() -> None:
    known = schemas.resource_types(EAST)

    assert {one.type for one in PLACES} | {one.type for one in AT_HOME} <= set(known)
