"""Where values must lie: in the stack's own region, in the partition's home, or where a property says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.template import Path

_AWS = "https://docs.aws.amazon.com"
_CFN = f"{_AWS}/AWSCloudFormation/latest/TemplateReference"
HOME = "us-east-1"
"""The home region of the partition aws: global services live and listen there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A property whose value is of one region; without `beside` and `is_home`: of the stack's own."""

    type: str
    at: str
    """Steps with "/" between them; "*" is every item of a list."""
    because: str
    source: str
    beside: str = ""
    """The property that names the region, with the same "*"; where it says nothing: the stack's own."""
    is_home: bool = False
    """The region is the partition's home."""
    except_for: str = ""
    """An ARN with this in it may be of any region."""


def _own(type_: str, because: str, source: str, *places: str, except_for: str = "") -> Iterator[Place]:
    for at in places:
        yield Place(type=type_, at=at, because=because, source=source, except_for=except_for)


def _home(type_: str, because: str, source: str, *places: str) -> Iterator[Place]:
    for at in places:
        yield Place(type=type_, at=at, because=because, source=source, is_home=True)


def _keys(*pairs: tuple[str, str]) -> Iterator[Place]:
    """Yield the places of keys that encrypt a resource where it lies."""
    because = "a service uses keys of the region in which it encrypts"
    for type_, at in pairs:
        yield Place(
            type=type_, at=at, because=because, source=f"{_AWS}/kms/latest/developerguide/overview.html"
        )


_RULE_BUS = f"{_AWS}/eventbridge/latest/userguide/eb-cross-region.html"
_LAMBDA = f"{_AWS}/lambda/latest/api"
_NOTIFY = f"{_AWS}/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html"
_EDGE_CERTIFICATE = f"{_AWS}/apigateway/latest/developerguide/how-to-edge-optimized-custom-domain-name.html"
_CLOUDFRONT_CERTIFICATE = f"{_AWS}/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html"
_AT_EDGE = f"{_AWS}/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html"
_LISTENER = f"{_AWS}/elasticloadbalancing/latest/application/https-listener-certificates.html"
_DEAD_LETTERS = f"{_AWS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
_SUBSCRIPTION = f"{_CFN}/aws-resource-sns-subscription.html"

PLACES: tuple[Place, ...] = (
    *_own(
        "AWS::Events::Rule",
        "a rule is on a bus of its own region",
        _RULE_BUS,
        "EventBusName",
    ),
    *_own(
        "AWS::Events::Rule",
        "a rule's target is in its own region, unless it is an event bus",
        _RULE_BUS,
        "Targets/*/Arn",
        except_for=":event-bus/",
    ),
    *_own("AWS::Events::EventBusPolicy", "a policy is on a bus of its own region", _RULE_BUS, "EventBusName"),
    *_own(
        "AWS::Events::Archive",
        "an archive is of a bus of its own region",
        _RULE_BUS,
        "SourceArn",
    ),
    *_own(
        "AWS::Lambda::Permission",
        "a permission is on a function of its own region",
        f"{_LAMBDA}/API_AddPermission.html",
        "FunctionName",
    ),
    *_own(
        "AWS::Lambda::Function",
        "Lambda takes layers of the function's own region only",
        f"{_LAMBDA}/API_CreateFunction.html",
        "Layers/*",
    ),
    *_own(
        "AWS::Lambda::Function",
        "dead letters go to a queue or topic of the function's own region",
        f"{_AWS}/lambda/latest/dg/invocation-async-retain-records.html",
        "DeadLetterConfig/TargetArn",
    ),
    *_own(
        "AWS::Lambda::EventSourceMapping",
        "Lambda reads queues and streams of its own region, with functions of it",
        f"{_LAMBDA}/API_CreateEventSourceMapping.html",
        "EventSourceArn",
        "FunctionName",
    ),
    *(
        place
        for type_, key in (
            ("AWS::Lambda::Alias", "FunctionName"),
            ("AWS::Lambda::Version", "FunctionName"),
            ("AWS::Lambda::Url", "TargetFunctionArn"),
            ("AWS::Lambda::EventInvokeConfig", "FunctionName"),
        )
        for place in _own(
            type_, "it belongs to a function of its own region", f"{_LAMBDA}/API_Operations.html", key
        )
    ),
    *_own(
        "AWS::S3::Bucket",
        "a bucket notifies topics, queues and functions of its own region only",
        _NOTIFY,
        "NotificationConfiguration/TopicConfigurations/*/Topic",
        "NotificationConfiguration/QueueConfigurations/*/Queue",
        "NotificationConfiguration/LambdaConfigurations/*/Function",
    ),
    *_own(
        "AWS::SQS::Queue",
        "a dead-letter queue is in the region of the queue",
        _DEAD_LETTERS,
        "RedrivePolicy/deadLetterTargetArn",
    ),
    *_own(
        "AWS::Logs::SubscriptionFilter",
        "a log group sends to a destination of its own region",
        f"{_AWS}/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
        "DestinationArn",
    ),
    *_own(
        "AWS::ElasticLoadBalancingV2::Listener",
        "a listener takes certificates of its own region",
        _LISTENER,
        "Certificates/*/CertificateArn",
    ),
    *_own(
        "AWS::ElasticLoadBalancingV2::ListenerCertificate",
        "a listener takes certificates of its own region",
        _LISTENER,
        "Certificates/*/CertificateArn",
    ),
    *_own(
        "AWS::ApiGateway::DomainName",
        "a regional domain takes a certificate of its own region",
        f"{_AWS}/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html",
        "RegionalCertificateArn",
    ),
    *_own(
        "AWS::ApiGatewayV2::DomainName",
        "a regional domain takes a certificate of its own region",
        f"{_AWS}/apigateway/latest/developerguide/http-api-custom-domain-names.html",
        "DomainNameConfigurations/*/CertificateArn",
    ),
    *_own(
        "AWS::WAFv2::WebACLAssociation",
        "a web ACL protects resources of its own region",
        f"{_AWS}/waf/latest/APIReference/API_AssociateWebACL.html",
        "ResourceArn",
        "WebACLArn",
    ),
    *_own(
        "AWS::StepFunctions::StateMachine",
        "a state machine logs to a group of its own region",
        f"{_AWS}/step-functions/latest/dg/cw-logs.html",
        "LoggingConfiguration/Destinations/*/CloudWatchLogsLogGroup/LogGroupArn",
    ),
    *_own(
        "AWS::CloudTrail::Trail",
        "a trail sends to a log group of its own region",
        f"{_AWS}/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
        "CloudWatchLogsLogGroupArn",
    ),
    *_own(
        "AWS::KinesisFirehose::DeliveryStream",
        "a delivery stream reads a stream of its own region",
        f"{_AWS}/firehose/latest/dev/writing-with-kinesis-streams.html",
        "KinesisStreamSourceConfiguration/KinesisStreamARN",
    ),
    *_own(
        "AWS::Pipes::Pipe",
        "a pipe reads a source of its own region",
        f"{_AWS}/eventbridge/latest/userguide/eb-pipes-event-source.html",
        "Source",
    ),
    *_own(
        "AWS::ECS::Service",
        "a service registers in target groups of its own region",
        f"{_AWS}/AmazonECS/latest/developerguide/service-load-balancing.html",
        "LoadBalancers/*/TargetGroupArn",
    ),
    *_own(
        "AWS::AutoScaling::AutoScalingGroup",
        "instances register in target groups of their own region",
        f"{_AWS}/autoscaling/ec2/userguide/attach-load-balancer-asg.html",
        "TargetGroupARNs/*",
    ),
    *_own(
        "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
        "an application logs to a stream of its own region",
        f"{_CFN}/aws-resource-kinesisanalyticsv2-applicationcloudwatchloggingoption.html",
        "CloudWatchLoggingOption/LogStreamARN",
    ),
    Place(
        type="AWS::SNS::Subscription",
        at="TopicArn",
        beside="Region",
        because="a subscription to a topic of another region names it in Region",
        source=_SUBSCRIPTION,
    ),
    Place(
        type="AWS::GlobalAccelerator::EndpointGroup",
        at="EndpointConfigurations/*/EndpointId",
        beside="EndpointGroupRegion",
        because="an endpoint group takes endpoints of its EndpointGroupRegion",
        source=f"{_AWS}/global-accelerator/latest/dg/about-endpoint-groups.html",
    ),
    *_home(
        "AWS::ApiGateway::DomainName",
        "an edge-optimized domain takes a certificate of us-east-1",
        _EDGE_CERTIFICATE,
        "CertificateArn",
    ),
    *_home(
        "AWS::CloudFront::Distribution",
        "CloudFront takes certificates of us-east-1",
        _CLOUDFRONT_CERTIFICATE,
        "DistributionConfig/ViewerCertificate/AcmCertificateArn",
    ),
    *_home(
        "AWS::CloudFront::Distribution",
        "a function at the edge is made in us-east-1",
        _AT_EDGE,
        "DistributionConfig/DefaultCacheBehavior/LambdaFunctionAssociations/*/LambdaFunctionARN",
        "DistributionConfig/CacheBehaviors/*/LambdaFunctionAssociations/*/LambdaFunctionARN",
    ),
    *_home(
        "AWS::CloudFront::Distribution",
        "a web ACL of CloudFront is made in us-east-1",
        f"{_AWS}/waf/latest/developerguide/cloudfront-features.html",
        "DistributionConfig/WebACLId",
    ),
    *_home(
        "AWS::Cognito::UserPoolDomain",
        "a custom domain of a user pool takes a certificate of us-east-1",
        f"{_AWS}/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html",
        "CustomDomainConfig/CertificateArn",
    ),
    *_home(
        "AWS::AppSync::DomainName",
        "a domain of AppSync takes a certificate of us-east-1",
        f"{_AWS}/appsync/latest/devguide/custom-domain-name.html",
        "CertificateArn",
    ),
    *_home(
        "AWS::Route53::HostedZone",
        "Route 53 logs its queries to a log group of us-east-1",
        f"{_AWS}/Route53/latest/DeveloperGuide/query-logs.html",
        "QueryLoggingConfig/CloudWatchLogsLogGroupArn",
    ),
    *_home(
        "AWS::Route53::KeySigningKey",
        "the key of a key-signing key is in us-east-1",
        f"{_AWS}/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html",
        "KeyManagementServiceArn",
    ),
    *_keys(
        ("AWS::SQS::Queue", "KmsMasterKeyId"),
        ("AWS::SNS::Topic", "KmsMasterKeyId"),
        ("AWS::Logs::LogGroup", "KmsKeyId"),
        ("AWS::SecretsManager::Secret", "KmsKeyId"),
        ("AWS::Lambda::Function", "KmsKeyArn"),
        (
            "AWS::S3::Bucket",
            "BucketEncryption/ServerSideEncryptionConfiguration/*/ServerSideEncryptionByDefault/KMSMasterKeyID",
        ),
        ("AWS::DynamoDB::Table", "SSESpecification/KMSMasterKeyId"),
        ("AWS::RDS::DBInstance", "KmsKeyId"),
        ("AWS::RDS::DBCluster", "KmsKeyId"),
        ("AWS::DocDB::DBCluster", "KmsKeyId"),
        ("AWS::Neptune::DBCluster", "KmsKeyId"),
        ("AWS::ElastiCache::ReplicationGroup", "KmsKeyId"),
        ("AWS::Redshift::Cluster", "KmsKeyId"),
        ("AWS::EFS::FileSystem", "KmsKeyId"),
        ("AWS::EC2::Volume", "KmsKeyId"),
        ("AWS::Kinesis::Stream", "StreamEncryption/KeyId"),
        ("AWS::ECR::Repository", "EncryptionConfiguration/KmsKey"),
        ("AWS::Backup::BackupVault", "EncryptionKeyArn"),
        ("AWS::Events::EventBus", "KmsKeyIdentifier"),
        ("AWS::StepFunctions::StateMachine", "EncryptionConfiguration/KmsKeyId"),
        ("AWS::DSQL::Cluster", "KmsEncryptionKey"),
    ),
    Place(
        type="AWS::SecretsManager::Secret",
        at="ReplicaRegions/*/KmsKeyId",
        beside="ReplicaRegions/*/Region",
        because="a replica of a secret is encrypted where it lies; with another key it fails without a word",
        source=f"{_AWS}/secretsmanager/latest/userguide/replicate-secrets.html",
    ),
    Place(
        type="AWS::RDS::DBInstance",
        at="AutomaticBackupReplicationKmsKeyId",
        beside="AutomaticBackupReplicationRegion",
        because="replicated backups are encrypted in the region that they are copied to",
        source=f"{_AWS}/AmazonRDS/latest/UserGuide/AutomatedBackups.Replicating.html",
    ),
    Place(
        type="AWS::EFS::FileSystem",
        at="ReplicationConfiguration/Destinations/*/KmsKeyId",
        beside="ReplicationConfiguration/Destinations/*/Region",
        because="the copy of a file system is encrypted where it lies",
        source=f"{_AWS}/efs/latest/ug/efs-replication.html",
    ),
    Place(
        type="AWS::SSMIncidents::ReplicationSet",
        at="Regions/*/RegionConfiguration/SseKmsKeyId",
        beside="Regions/*/RegionName",
        because="each region's incidents are encrypted with a key of that region",
        source=f"{_CFN}/aws-resource-ssmincidents-replicationset.html",
    ),
    Place(
        type="AWS::DLM::LifecyclePolicy",
        at="PolicyDetails/Schedules/*/CrossRegionCopyRules/*/CmkArn",
        beside="PolicyDetails/Schedules/*/CrossRegionCopyRules/*/TargetRegion",
        because="copies of snapshots are encrypted in the region that they are copied to",
        source=f"{_AWS}/ebs/latest/userguide/snapshot-lifecycle.html",
    ),
    Place(
        type="AWS::ImageBuilder::DistributionConfiguration",
        at="Distributions/*/AmiDistributionConfiguration/KmsKeyId",
        beside="Distributions/*/Region",
        because="an image is encrypted in the region that it is distributed to",
        source=f"{_AWS}/imagebuilder/latest/userguide/manage-distribution-settings.html",
    ),
)


def values_at(value: Any, at: str) -> Iterator[tuple[Path, Any]]:
    """Yield each value at a place, with the path that leads to it."""
    found: list[tuple[Path, Any]] = [((), value)]
    for step in at.split("/"):
        found = [one for path, member in found for one in _members(path, member, step)]
    yield from found


def _members(path: Path, value: Any, step: str) -> Iterator[tuple[Path, Any]]:
    if step == "*" and isinstance(value, list):
        yield from (((*path, index), member) for index, member in enumerate(value))
    elif isinstance(value, dict) and step in value:
        yield (*path, step), value[step]


def beside(at: str, path: Path) -> Path:
    """Return a place with the indexes of a path: a/*/b beside (a, 1, c) is (a, 1, b)."""
    indexes = iter([step for step in path if isinstance(step, int)])
    return tuple(next(indexes) if step == "*" else step for step in at.split("/"))


@cache
def _by_place() -> Mapping[tuple[str, str], Place]:
    return {(place.type, place.at): place for place in PLACES}


def place_of(type_: str, steps: Path) -> Place | None:
    """Return what is asked of a property by its written steps, which may lead through functions."""
    at: list[str] = []
    after_function = False
    for step in steps:
        if isinstance(step, str) and not step.startswith("Fn::"):
            at.append(step)
        elif isinstance(step, int) and not after_function:
            at.append("*")
        after_function = isinstance(step, str) and step.startswith("Fn::")
    return _by_place().get((type_, "/".join(at)))
