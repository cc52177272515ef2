"""Tables and the keys they are encrypted with, by type and region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    GLOBAL_TABLE,
    KEY,
    REPLICA_KEY,
    TABLE,
    get_nested,
    mappings,
    plain,
    region_of,
    resolve_resource,
    resources_of_type,
)
from qa.checks.rule import Fault, rule
from qa.template import ResourceRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack

_REFERENCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
_GLOBAL_TABLE = f"{_REFERENCE}aws-resource-dynamodb-globaltable.html"
_REPLICA_KEY = f"{_REFERENCE}aws-properties-dynamodb-globaltable-replicassespecification.html"


@rule("table-with-replicas", severity=Severity.ERROR, source=_GLOBAL_TABLE)
def table_with_replicas(context: Context) -> Iterator[Fault]:
    """A table of one region that lists replicas.

    AWS::DynamoDB::Table has no Replicas: the deployment fails with "Encountered unsupported property
    Replicas". The type of a table in several regions is AWS::DynamoDB::GlobalTable; its replicas name
    every region, the stack's own as well. Do not change the type of a table that holds data already:
    CloudFormation replaces it. (Failure 2 of the failure analysis.)
    """
    for stack, table in resources_of_type(context, TABLE):
        if "Replicas" in table.properties:
            yield Fault(
                path=stack.path_of(table.logical_id, "Replicas"),
                region=stack.region,
                message="AWS::DynamoDB::Table has no Replicas: it is a table of one region",
                actual=plain(table.properties["Replicas"]),
                expected=f"{GLOBAL_TABLE} with every region among its Replicas",
                fix=f"change the Type to {GLOBAL_TABLE} and add the stack's own region to Replicas",
            )


@rule("global-table-key", severity=Severity.ERROR, source=_REPLICA_KEY)
def global_table_key(context: Context) -> Iterator[Fault]:
    """One key named for a global table, where each region needs its own.

    SSESpecification of AWS::DynamoDB::GlobalTable has no KMSMasterKeyId; a key of one region could not
    encrypt in another. Without a key each replica uses the aws/dynamodb key of its region; a customer
    key is named in Replicas[].SSESpecification, for every replica. (Failure 6 of the failure analysis.)
    """
    for stack, table in resources_of_type(context, TABLE, GLOBAL_TABLE):
        key = get_nested(table.properties, "SSESpecification", "KMSMasterKeyId")
        is_global = table.type == GLOBAL_TABLE or "Replicas" in table.properties
        if is_global and key is not None:
            yield Fault(
                path=stack.path_of(table.logical_id, "SSESpecification", "KMSMasterKeyId"),
                region=stack.region,
                message="A global table takes no key for all regions: a key encrypts in its own region only",
                actual=plain(key),
                expected="SSEType KMS alone, or a KMSMasterKeyId in the SSESpecification of every replica",
                fix="remove KMSMasterKeyId, or name the key of each region in Replicas[].SSESpecification",
            )


@rule("replica-key-region", severity=Severity.ERROR, source=_REPLICA_KEY)
def replica_key_region(context: Context) -> Iterator[Fault]:
    """A replica's key that lies in another region than the replica.

    "The key must be created in the same region as the replica": DynamoDB refuses a foreign key. A Ref or
    GetAtt of a key always means the key of the stack's own region. For the other region use a multi-Region
    key: its ID is the same there, so the ARN can be written with Fn::Sub.
    """
    for stack, table in resources_of_type(context, GLOBAL_TABLE):
        for index, replica in mappings(table.properties.get("Replicas")):
            region, key = replica.get("Region"), get_nested(replica, "SSESpecification", "KMSMasterKeyId")
            key_region = _key_region(key, stack)
            if isinstance(region, str) and key_region not in {None, region}:
                yield Fault(
                    path=stack.path_of(
                        table.logical_id, "Replicas", index, "SSESpecification", "KMSMasterKeyId"
                    ),
                    region=stack.region,
                    message=f"The replica in {region} is given a key of {key_region}",
                    actual=plain(key),
                    expected=f"a key in {region}",
                    fix=f"name the key's replica in {region}: arn:…:kms:{region}:…:key/mrk-…",
                )


def _key_region(key: object, stack: RegionalStack) -> str | None:
    """Return the region that a key can be used in; None for a multi-Region key's ID or when not known."""
    if isinstance(key, ResourceRef):
        found = resolve_resource(key, stack, (stack,))
        is_single = found is not None and found.resource.type == KEY
        if not is_single or found is None or found.resource.properties.get("MultiRegion", False) is not False:
            return None
        return stack.region
    found = resolve_resource(key, stack, (stack,))
    is_key = found is None or found.resource.type in {KEY, REPLICA_KEY}
    return region_of(key, stack) if is_key else None
