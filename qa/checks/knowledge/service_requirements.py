"""What services ask of a resource's properties beyond its provider schema, as conditional schemas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_AWS = "https://docs.aws.amazon.com"
_CFN = f"{_AWS}/AWSCloudFormation/latest/TemplateReference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One demand of a service on a resource type; `schema` holds for the resource's properties."""

    type: str
    because: str
    """A sentence: what the service does otherwise, in its own words where they are known."""
    source: str
    schema: Mapping[str, Any]


def _given(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object that has these properties, each by its own schema."""
    return {"properties": properties, "required": list(properties)}


def _only(endpoint: str) -> dict[str, Any]:
    return _given(Types={"contains": {"const": endpoint}, "maxItems": 1})


_IMAGE = _given(PackageType={"const": "Image"})
_PACKAGE = {"anyOf": [_given(Code=_given(S3Bucket=True)), _given(Code=_given(ZipFile=True))]}
_ROUTING_POLICIES = (
    "Weight",
    "Failover",
    "Region",
    "GeoLocation",
    "GeoProximityLocation",
    "MultiValueAnswer",
    "CidrRoutingConfig",
)
_STREAM = {"type": "string", "pattern": r"^arn:[^:]+:(kinesis|dynamodb|kafka):"}
_BUS = {"type": "string", "pattern": r"^arn:[^:]+:events:[^:]+:[^:]+:event-bus/"}
_SEARCH = {"type": "string", "pattern": r"(?i)\bSEARCH\s*\("}
_ITS_OWN_KEY = _given(SSESpecification=_given(KMSMasterKeyId=True))
_EC2_ACTION = {"pattern": r"^arn:[^:]+:automate:[^:]+:ec2:(recover|reboot|stop|terminate)$"}
_STRONG = _given(MultiRegionConsistency={"const": "STRONG"})

REQUIREMENTS = (
    Requirement(
        type="AWS::Lambda::Function",
        because="Runtime and Handler are mandatory parameters for functions created with deployment packages",
        source=f"{_AWS}/lambda/latest/api/API_CreateFunction.html",
        schema={
            "if": {"allOf": [{"not": _IMAGE}, _PACKAGE]},
            "then": {"required": ["Handler", "Runtime"]},
        },
    ),
    Requirement(
        type="AWS::Lambda::Function",
        because="a container image has its handler, runtime and layers inside",
        source=f"{_AWS}/lambda/latest/api/API_CreateFunction.html",
        schema={
            "if": _IMAGE,
            "then": {"properties": {"Handler": False, "Runtime": False, "Layers": False}},
        },
    ),
    Requirement(
        type="AWS::Lambda::EventSourceMapping",
        because="a stream is read from a starting position",
        source=f"{_AWS}/lambda/latest/api/API_CreateEventSourceMapping.html",
        schema={
            "if": _given(
                EventSourceArn={"type": "string", "pattern": r"^arn:[^:]+:(kinesis|dynamodb|kafka):"}
            ),
            "then": {"required": ["StartingPosition"]},
        },
    ),
    Requirement(
        type="AWS::Lambda::EventSourceMapping",
        because="a queue has no starting position",
        source=f"{_AWS}/lambda/latest/api/API_CreateEventSourceMapping.html",
        schema={
            "if": _given(EventSourceArn={"type": "string", "pattern": r"^arn:[^:]+:sqs:"}),
            "then": {"properties": {"StartingPosition": False}},
        },
    ),
    Requirement(
        type="AWS::CloudWatch::Alarm",
        because="a Metrics Insights query alone gives CloudWatch no period: Period must not be null",
        source=f"{_AWS}/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarm-create.html",
        schema={
            "properties": {
                "Metrics": {
                    "items": {
                        "if": _given(Expression={"type": "string", "pattern": r"^\s*(?i:SELECT)\b"}),
                        "then": {"required": ["Period"]},
                    }
                }
            }
        },
    ),
    Requirement(
        type="AWS::CloudWatch::Alarm",
        because="an alarm cannot be based on a SEARCH expression: it returns several time series",
        source=f"{_AWS}/AmazonCloudWatch/latest/monitoring/using-search-expressions.html",
        schema={"properties": {"Metrics": {"items": {"properties": {"Expression": {"not": _SEARCH}}}}}},
    ),
    Requirement(
        type="AWS::CloudWatch::Alarm",
        because="an alarm is on one metric or on Metrics, not on both",
        source=f"{_CFN}/aws-resource-cloudwatch-alarm.html",
        schema={
            "if": {"required": ["Metrics"]},
            "then": {
                "properties": {
                    "MetricName": False,
                    "Namespace": False,
                    "Statistic": False,
                    "ExtendedStatistic": False,
                }
            },
        },
    ),
    Requirement(
        type="AWS::CloudWatch::Alarm",
        because="an EC2 action needs the instance: the metric's only dimension is InstanceId",
        source=f"{_AWS}/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html",
        schema={
            "if": {
                "properties": {"AlarmActions": {"contains": _EC2_ACTION}, "Dimensions": True},
                "required": ["AlarmActions", "Dimensions"],
            },
            "then": {
                "properties": {
                    "Dimensions": {"items": {"properties": {"Name": {"const": "InstanceId"}}}, "maxItems": 1}
                }
            },
        },
    ),
    Requirement(
        type="AWS::ApiGateway::DomainName",
        because="a regional domain takes RegionalCertificateArn instead",
        source=f"{_CFN}/aws-resource-apigateway-domainname.html",
        schema={
            "if": _given(
                EndpointConfiguration=_given(Types={"contains": {"const": "REGIONAL"}, "maxItems": 1})
            ),
            "then": {"properties": {"CertificateArn": False}},
        },
    ),
    Requirement(
        type="AWS::ApiGateway::DomainName",
        because="an edge-optimized domain takes CertificateArn instead",
        source=f"{_CFN}/aws-resource-apigateway-domainname.html",
        schema={
            "if": _given(EndpointConfiguration=_only("EDGE")),
            "then": {"properties": {"RegionalCertificateArn": False}},
        },
    ),
    Requirement(
        type="AWS::Route53::RecordSet",
        because="SetIdentifier distinguishes the records of one routing policy",
        source=f"{_CFN}/aws-resource-route53-recordset.html",
        schema={
            "allOf": [
                {
                    "if": {"anyOf": [{"required": [name]} for name in _ROUTING_POLICIES]},
                    "then": {"required": ["SetIdentifier"]},
                },
                {"if": {"required": ["SetIdentifier"]}, "then": {"requiredOr": list(_ROUTING_POLICIES)}},
            ]
        },
    ),
    Requirement(
        type="AWS::Route53::RecordSet",
        because="an alias takes its TTL and its values from its target",
        source=f"{_CFN}/aws-resource-route53-recordset.html",
        schema={
            "if": {"required": ["AliasTarget"]},
            "then": {"properties": {"TTL": False, "ResourceRecords": False}},
        },
    ),
    Requirement(
        type="AWS::Events::Rule",
        because="a rule that sends to an event bus needs a role for it",
        source=f"{_AWS}/eventbridge/latest/userguide/eb-cross-region.html",
        schema={
            "properties": {
                "Targets": {
                    "items": {
                        "if": _given(
                            Arn={"type": "string", "pattern": r"^arn:[^:]+:events:[^:]+:[^:]+:event-bus/"}
                        ),
                        "then": {"required": ["RoleArn"]},
                    }
                }
            }
        },
    ),
    Requirement(
        type="AWS::Events::Rule",
        because="a scheduled rule can only be on the default event bus",
        source=f"{_AWS}/eventbridge/latest/userguide/eb-create-rule-schedule.html",
        schema={
            "if": _given(
                ScheduleExpression=True, EventBusName={"type": "string", "not": {"pattern": r"(^|/)default$"}}
            ),
            "then": {"properties": {"ScheduleExpression": False}},
        },
    ),
    Requirement(
        type="AWS::DynamoDB::GlobalTable",
        because="a replica may name a key only where the table's own SSESpecification enables encryption",
        source=f"{_CFN}/aws-resource-dynamodb-globaltable.html",
        schema={
            "if": {
                "properties": {"Replicas": {"contains": _given(SSESpecification=_given(KMSMasterKeyId=True))}}
            },
            "then": {"required": ["SSESpecification"]},
        },
    ),
    Requirement(
        type="AWS::DynamoDB::GlobalTable",
        because="multi-Region strong consistency takes exactly three replicas, or two and a witness",
        source=f"{_AWS}/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
        schema={
            "if": _STRONG,
            "then": {
                "anyOf": [
                    {
                        "properties": {"Replicas": {"minItems": 3, "maxItems": 3}},
                        "not": {"required": ["GlobalTableWitnesses"]},
                    },
                    {
                        "properties": {
                            "Replicas": {"minItems": 2, "maxItems": 2},
                            "GlobalTableWitnesses": {"minItems": 1, "maxItems": 1},
                        },
                        "required": ["GlobalTableWitnesses"],
                    },
                ]
            },
        },
    ),
    Requirement(
        type="AWS::RDS::DBCluster",
        because="StorageEncrypted must be on where KmsKeyId names a key",
        source=f"{_CFN}/aws-resource-rds-dbcluster.html",
        schema={
            "if": _given(KmsKeyId=True, StorageEncrypted={"const": False}),
            "then": {"properties": {"KmsKeyId": False}},
        },
    ),
    Requirement(
        type="AWS::RDS::DBInstance",
        because="an instance of a cluster is backed up by its cluster",
        source=f"{_CFN}/aws-resource-rds-dbinstance.html",
        schema={
            "if": {"required": ["DBClusterIdentifier"]},
            "then": {"properties": {"BackupRetentionPeriod": False, "AllocatedStorage": False}},
        },
    ),
    Requirement(
        type="AWS::SQS::Queue",
        because="the name of a FIFO queue ends with .fifo",
        source=f"{_CFN}/aws-resource-sqs-queue.html",
        schema={
            "if": _given(FifoQueue={"const": True}, QueueName={"type": "string"}),
            "then": {"properties": {"QueueName": {"pattern": r"\.fifo$"}}},
        },
    ),
    Requirement(
        type="AWS::SQS::Queue",
        because="only FIFO queues deduplicate",
        source=f"{_CFN}/aws-resource-sqs-queue.html",
        schema={
            "if": {"not": _given(FifoQueue={"const": True})},
            "then": {
                "properties": {
                    "ContentBasedDeduplication": {"const": False},
                    "DeduplicationScope": False,
                    "FifoThroughputLimit": False,
                }
            },
        },
    ),
    Requirement(
        type="AWS::SNS::Topic",
        because="the name of a FIFO topic ends with .fifo",
        source=f"{_CFN}/aws-resource-sns-topic.html",
        schema={
            "if": _given(FifoTopic={"const": True}, TopicName={"type": "string"}),
            "then": {"properties": {"TopicName": {"pattern": r"\.fifo$"}}},
        },
    ),
    Requirement(
        type="AWS::ElasticLoadBalancingV2::Listener",
        because="a listener by TLS needs a certificate",
        source=f"{_CFN}/aws-resource-elasticloadbalancingv2-listener.html",
        schema={
            "if": _given(Protocol={"enum": ["HTTPS", "TLS"]}),
            "then": {"required": ["Certificates"]},
        },
    ),
    Requirement(
        type="AWS::Route53::HealthCheck",
        because="a health check on an alarm names the alarm and its region",
        source=f"{_CFN}/aws-properties-route53-healthcheck-healthcheckconfig.html",
        schema={
            "properties": {
                "HealthCheckConfig": {
                    "if": _given(Type={"const": "CLOUDWATCH_METRIC"}),
                    "then": {"required": ["AlarmIdentifier"]},
                }
            }
        },
    ),
)
"""In no order."""

BY_TYPE: dict[str, list[Requirement]] = defaultdict(list)
for _each in REQUIREMENTS:
    BY_TYPE[_each.type].append(_each)
