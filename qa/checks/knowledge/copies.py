"""Into which regions services copy resources, and which resources work in the partition's home only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_AWS = "https://docs.aws.amazon.com"
_CFN = f"{_AWS}/AWSCloudFormation/latest/TemplateReference"
_SECRET = f"{_AWS}/secretsmanager/latest/userguide/replicate-secrets.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """A property that lists the regions into which a service copies a resource."""

    type: str
    at: str
    because: str
    source: str
    needs_own: bool = False
    """The region of the stack must be among them; otherwise it must not."""
    account: str = ""
    """The property beside it that names the account; another account's is another place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """Resources that work in the partition's home only, where `when` (a JSON schema) holds for them."""

    type: str
    when: Mapping[str, Any] = field(repr=False)
    at: tuple[str, ...]
    because: str
    source: str
    is_refused: bool
    """False: it is made, and nothing ever comes of it."""


COPIES: tuple[Copies, ...] = (
    Copies(
        type="AWS::SecretsManager::Secret",
        at="ReplicaRegions/*/Region",
        because='a secret replicates into other regions only: "Invalid replica region."',
        source=_SECRET,
    ),
    Copies(
        type="AWS::ECR::ReplicationConfiguration",
        at="ReplicationConfiguration/Rules/*/Destinations/*/Region",
        account="ReplicationConfiguration/Rules/*/Destinations/*/RegistryId",
        because="a registry does not replicate into itself",
        source=f"{_AWS}/AmazonECR/latest/userguide/replication.html",
    ),
    Copies(
        type="AWS::RDS::DBInstance",
        at="AutomaticBackupReplicationRegion",
        because="automated backups are replicated into another region",
        source=f"{_AWS}/AmazonRDS/latest/UserGuide/AutomatedBackups.Replicating.html",
    ),
    Copies(
        type="AWS::Redshift::Cluster",
        at="DestinationRegion",
        because="snapshots are copied into another region",
        source=f"{_AWS}/redshift/latest/APIReference/API_EnableSnapshotCopy.html",
    ),
    Copies(
        type="AWS::DSQL::Cluster",
        at="MultiRegionProperties/WitnessRegion",
        because="the witness of a cluster is in a third region",
        source=f"{_AWS}/aurora-dsql/latest/userguide/configuring-multi-region-clusters.html",
    ),
    Copies(
        type="AWS::Cognito::UserPoolReplica",
        at="RegionName",
        because="a user pool is replicated into another region",
        source=f"{_CFN}/aws-resource-cognito-userpoolreplica.html",
    ),
    Copies(
        type="AWS::SSMIncidents::ReplicationSet",
        at="Regions/*/RegionName",
        because="a replication set has the region that it is made in",
        source=f"{_CFN}/aws-resource-ssmincidents-replicationset.html",
        needs_own=True,
    ),
    Copies(
        type="AWS::Cassandra::Keyspace",
        at="ReplicationSpecification/RegionList/*",
        because="a keyspace of several regions has the region that it is made in",
        source=f"{_CFN}/aws-properties-cassandra-keyspace-replicationspecification.html",
        needs_own=True,
    ),
)


def _has(key: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"properties": {key: schema}, "required": [key]}


def _says(key: str, *values: str) -> dict[str, Any]:
    return _has(key, {"enum": list(values)})


_METRICS = f"{_AWS}/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html"
_METRICS_AT_HOME = "the metrics of this namespace are in us-east-1 only"
_AT_HOME_METRIC = _says("Namespace", "AWS/Billing", "AWS/CloudFront", "AWS/Route53")


AT_HOME: tuple[AtHome, ...] = (
    *(
        AtHome(
            type=f"AWS::WAFv2::{kind}",
            when=_says("Scope", "CLOUDFRONT"),
            at=("Scope",),
            because="what protects CloudFront is made in us-east-1",
            source=f"{_AWS}/waf/latest/APIReference/API_CreateWebACL.html",
            is_refused=True,
        )
        for kind in ("WebACL", "IPSet", "RegexPatternSet", "RuleGroup")
    ),
    AtHome(
        type="AWS::CloudWatch::Alarm",
        when=_AT_HOME_METRIC,
        at=("Namespace",),
        because=_METRICS_AT_HOME,
        source=_METRICS,
        is_refused=False,
    ),
    AtHome(
        type="AWS::CloudWatch::Alarm",
        when=_has(
            "Metrics", {"type": "array", "contains": _has("MetricStat", _has("Metric", _AT_HOME_METRIC))}
        ),
        at=("Metrics",),
        because=_METRICS_AT_HOME,
        source=_METRICS,
        is_refused=False,
    ),
    AtHome(
        type="AWS::Events::Rule",
        when={
            "properties": {
                "EventPattern": {
                    "type": "object",
                    "properties": {
                        "source": {
                            "type": "array",
                            "items": {"enum": ["aws.iam", "aws.organizations", "aws.route53"]},
                            "minItems": 1,
                        }
                    },
                    "required": ["source"],
                }
            },
            "required": ["EventPattern"],
        },
        at=("EventPattern", "source"),
        because="the events of this service arrive in us-east-1 only",
        source=f"{_AWS}/eventbridge/latest/userguide/eb-service-event-cloudtrail.html",
        is_refused=False,
    ),
)
