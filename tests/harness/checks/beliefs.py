"""Faults of a stack in two regions that were not thought up for a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.unit.mutations.change import Change, add, drop, put, replace, together

_TABLE = "Resources/TransactionsTable/Properties"
_BUCKET = "Resources/{}DocumentsBucket/Properties"
_PROCESSOR = "Resources/{}LambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement"
_REPLICATOR = "Resources/PrimaryReplicationRole/Properties/Policies/0/PolicyDocument/Statement"
_RULE = f"{_BUCKET}/ReplicationConfiguration/Fn::If/1/Rules/0"
_READS = "Resources/DynamoDBThrottleAlarmPrimary/Properties/Metrics/0/MetricStat/Metric"
_LATENCY = "Resources/ReplicationLatencyAlarm{}"
_KEY_POLICY = "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement"
_TABLE_NAME = {"Fn::Sub": "transactions-table-${EnvironmentSuffix}"}
_DOES_WORK = "works, or cannot be distinguished from what works"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """A design that does not do what it is meant to."""

    words: str
    change: Change | None = None
    left: str = ""
    """Why no rule looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Red(Belief):
    """A change that turns a live check red, written into the template."""

    check: str


def _health_check(**config: Any) -> Change:
    made = {"Type": "AWS::Route53::HealthCheck", "Condition": "IsPrimary"}
    return put("Resources/Health", {**made, "Properties": {"HealthCheckConfig": config}})


def _second_bucket() -> Change:
    """Make the destination in the source's own stack."""
    target = "documents-copy-${AWS::AccountId}-${EnvironmentSuffix}"
    copy = {
        "Type": "AWS::S3::Bucket",
        "Condition": "IsPrimary",
        "Properties": {
            "BucketName": {"Fn::Sub": target},
            "VersioningConfiguration": {"Status": "Enabled"},
        },
    }
    arn = {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{target}"}
    return together(put("Resources/Copy", copy), put(f"{_RULE.format('Primary')}/Destination/Bucket", arn))


BELIEFS: tuple[Belief, ...] = (
    Belief(
        words="UserErrors by TableName counts throttles", change=put(f"{_READS}/MetricName", "UserErrors")
    ),
    Belief(
        words="ThrottledRequests is published by TableName",
        change=put(f"{_READS}/MetricName", "ThrottledRequests"),
    ),
    Belief(
        words="notBreaching calms a replication alarm",
        change=put(f"{_LATENCY.format('Primary')}/Properties/TreatMissingData", "notBreaching"),
    ),
    Belief(words="one throttle alarm suffices on demand", left="what else to watch is the design's choice"),
    Belief(
        words="recovery needs no alarm on replication",
        change=together(
            *(
                drop(path)
                for side in ("Primary", "Secondary")
                for path in (_LATENCY.format(side), f"Outputs/ReplicationLatencyAlarm{side}Name")
            )
        ),
    ),
    Belief(
        words="DynamoDB uses the table's key as a service", left=f"a statement for the service {_DOES_WORK}"
    ),
    Belief(
        words="service principals in a key policy need no bound",
        change=drop(f"{_KEY_POLICY}/3/Condition"),
    ),
    Belief(words="kms:ViaService may name one region for a global table", left=_DOES_WORK),
    Belief(
        words="a global table takes one key",
        change=put(f"{_TABLE}/SSESpecification/KMSMasterKeyId", {"Ref": "PrimaryKMSKey"}),
    ),
    Belief(
        words="GetAtt of the primary's key serves both replicas",
        change=together(
            *(
                put(
                    f"{_TABLE}/Replicas/{index}/SSESpecification",
                    {"KMSMasterKeyId": {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]}},
                )
                for index in (0, 1)
            )
        ),
    ),
    Belief(
        words="a key per region opens what was replicated",
        change=put("Resources/PrimaryKMSKey/Properties/MultiRegion", value=False),
    ),
    Belief(
        words="Ref of a global table is its ARN",
        change=put(f"{_PROCESSOR.format('Primary')}/0/Resource", {"Ref": "TransactionsTable"}),
    ),
    Belief(
        words="a plain table has replicas",
        change=put("Resources/TransactionsTable/Type", "AWS::DynamoDB::Table"),
    ),
    Belief(
        words="recovery to a point in time is a setting of the whole table",
        change=put(f"{_TABLE}/PointInTimeRecoverySpecification", {"PointInTimeRecoveryEnabled": True}),
    ),
    Belief(words="a second bucket of the same stack is in another region", change=_second_bucket()),
    Belief(
        words="a role may have the same name in both stacks",
        change=together(
            *(
                put(f"Resources/{side}LambdaExecutionRole/Properties/RoleName", "processor")
                for side in ("Primary", "Secondary")
            )
        ),
    ),
    Belief(
        words="a bucket may have the same name in both stacks",
        change=together(
            *(
                put(f"{_BUCKET.format(side)}/BucketName", "documents-of-ours")
                for side in ("Primary", "Secondary")
            )
        ),
    ),
    Belief(words="transfer acceleration speeds replication up", left="it costs and does no harm"),
    Belief(
        words="a role that may write to a bucket may use its key",
        change=drop(f"{_PROCESSOR.format('Primary')}/3"),
    ),
    Belief(
        words="timed replication needs no metrics",
        change=put(
            f"{_RULE.format('Primary')}/Destination/ReplicationTime",
            {"Status": "Enabled", "Time": {"Minutes": 15}},
        ),
    ),
    Belief(
        words="S3 publishes replication by BucketName",
        change=put(
            _READS,
            {
                "Namespace": "AWS/S3",
                "MetricName": "OperationsFailedReplication",
                "Dimensions": [{"Name": "BucketName", "Value": {"Ref": "PrimaryDocumentsBucket"}}],
            },
        ),
    ),
    Belief(
        words="a calculated health check needs no children",
        change=_health_check(Type="CALCULATED", HealthThreshold=0),
    ),
    Belief(
        words="reserved concurrency guarantees capacity",
        change=put("Resources/PrimaryTransactionProcessor/Properties/ReservedConcurrentExecutions", 100),
    ),
    Belief(
        words="a key policy names the role that names the key",
        change=put(
            f"{_KEY_POLICY}/1/Principal", {"AWS": {"Fn::GetAtt": ["PrimaryLambdaExecutionRole", "Arn"]}}
        ),
    ),
    Belief(words="Lambda makes the log group", left="it does; for ever, which is cost"),
    Belief(
        words="an alarm's topic may have the key aws/sns",
        change=put("Resources/PrimarySNSTopic/Properties/KmsMasterKeyId", "alias/aws/sns"),
    ),
    Belief(words="a retained table may keep its fixed name", left="what is kept is the design's choice"),
    Belief(
        words="documents need to replicate one way only",
        change=drop(f"{_BUCKET.format('Secondary')}/ReplicationConfiguration"),
    ),
)
WORLD: tuple[Red, ...] = (
    Red(
        check="D3",
        words="West's throttle alarm is gone",
        left="which alarms there are is the design's choice",
    ),
    Red(check="L1", words="West's processor has a timeout of 3 s", left="the design's numbers"),
    Red(
        check="L2",
        words="East's processor may not use the key",
        change=drop(f"{_PROCESSOR.format('Primary')}/2"),
    ),
    Red(
        check="L3",
        words="West's processor may not write to the table",
        change=drop(f"{_PROCESSOR.format('Secondary')}/0"),
    ),
    Red(
        check="T1",
        words="point-in-time recovery is off in West",
        change=put(
            f"{_TABLE}/Replicas/1/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled", value=False
        ),
    ),
    Red(
        check="K1",
        words="West's alias leads to another key",
        change=put("Resources/SecondaryKMSKeyAlias/Properties/TargetKeyId", "alias/aws/s3"),
    ),
    Red(
        check="K2",
        words="West's key is disabled",
        left="a key may be made disabled",
    ),
    Red(
        check="K4",
        words="each region has a single-Region key",
        change=together(
            put("Resources/PrimaryKMSKey/Properties/MultiRegion", value=False),
            put("Resources/SecondaryKMSKey/Type", "AWS::KMS::Key"),
            drop("Resources/SecondaryKMSKey/Properties/PrimaryKeyArn"),
        ),
    ),
    Red(
        check="A1",
        words="the throttle alarm watches UserErrors by TableName",
        change=together(
            put(f"{_READS}/MetricName", "UserErrors"),
            put(f"{_READS}/Dimensions", [{"Name": "TableName", "Value": _TABLE_NAME}]),
        ),
    ),
    Red(
        check="A4",
        words="West's topic is encrypted with alias/aws/sns",
        change=put("Resources/SecondarySNSTopic/Properties/KmsMasterKeyId", "alias/aws/sns"),
    ),
    Red(
        check="S1",
        words="West's bucket has its versions suspended",
        change=put(f"{_BUCKET.format('Secondary')}/VersioningConfiguration/Status", "Suspended"),
    ),
    Red(check="S2", words="East's replication role may not replicate", change=drop(f"{_REPLICATOR}/2")),
    Red(
        check="S3",
        words="West's rule does not select KMS-encrypted objects",
        change=drop(f"{_RULE.format('Secondary')}/SourceSelectionCriteria"),
    ),
    Red(
        check="S4",
        words="one bucket stands behind both names",
        change=replace(
            f"{_RULE.format('Primary')}/Destination/Bucket/Fn::Sub",
            "documents-secondary",
            "documents-primary",
        ),
    ),
    Red(
        check="X1",
        words="West's bucket has no policy any more",
        left="how much protection is needed: the template works without",
    ),
    Red(
        check="X2",
        words="West's processor may do everything",
        change=add(_PROCESSOR.format("Secondary"), {"Effect": "Allow", "Action": "*", "Resource": "*"}),
    ),
)
