"""AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable, the latter with on-demand capacity only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qa.embedded.service.resource_types import (
    ID,
    NAME,
    ApiCall,
    Json,
    ResourceType,
    Setting,
    Subject,
    Value,
    made,
    prop,
    request,
    steps,
    tag_list,
    tagging,
    text,
)

from .properties import REPLICA_PROPERTIES, check_global_table

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

ARN = "arn:aws:dynamodb:{region}:{account}:table/{name}"
READ = (
    "DescribeTable DescribeContinuousBackups DescribeTimeToLive DescribeContributorInsights "
    "DescribeKinesisStreamingDestination ListTagsOfResource GetResourcePolicy"
)
READS: Mapping[str | Value, str] = {ARN: " ".join(f"dynamodb:{action}" for action in READ.split())}
ATTRIBUTES = {
    "Arn": text(ARN),
    "StreamArn": made(lambda table: _stream_arn(_description(table))),
}
SHARED = "AttributeDefinitions KeySchema BillingMode GlobalSecondaryIndexes LocalSecondaryIndexes"
PROTECTED = prop("DeletionProtectionEnabled", default=False)
PARTS = {"StreamSpecification": "StreamViewType", "SSESpecification": "SSEEnabled SSEType KMSMasterKeyId"}
RECOVERY = prop("PointInTimeRecoverySpecification", {"PointInTimeRecoveryEnabled": False})


def _description(table: Subject) -> Json:
    described: Json = table.response.get("Table") or table.response["TableDescription"]
    return described


def _stream_arn(table: Json) -> Any:
    # a stream that was disabled still has its ARN
    return table.get("LatestStreamArn") if table.get("StreamSpecification") else None


def _stream(table: Subject) -> dict[str, Any] | None:
    given = table.properties.get("StreamSpecification")
    return None if not given else {"StreamEnabled": True, "StreamViewType": given.get("StreamViewType")}


def _encryption(table: Subject) -> dict[str, Any] | None:
    return _as_api(table.properties.get("SSESpecification"))


def _or_none(table: Subject) -> dict[str, Any]:
    return _encryption(table) or {"Enabled": False}


def _as_api(given: Json | None) -> dict[str, Any] | None:
    if not given:
        return None
    return {{"SSEEnabled": "Enabled"}.get(name, name): value for name, value in given.items()}


def _change(**parameters: Any) -> Setting:
    return Setting(put=request("UpdateTable", TableName=ID, **parameters), at_creation=False)


def _as_it_is(table: Subject) -> Generator[ApiCall, Json, Json]:
    """Return what DynamoDB says of a table: an update that broke off may have left it half changed."""
    found: Json = (yield request("DescribeTable", TableName=ID).call(table))["Table"]
    return found


def _change_stream(table: Subject) -> Generator[ApiCall, Json, None]:
    """Enable, disable or change a stream."""
    if table.before is None or not table.differs({"StreamSpecification"}):
        return
    former = (yield from _as_it_is(table)).get("StreamSpecification") or {}
    wanted = _stream(table) or {"StreamEnabled": False}
    if former.get("StreamViewType") != wanted.get("StreamViewType"):
        yield _update(table, StreamSpecification=wanted)


def _change_indexes(table: Subject) -> Generator[ApiCall, Json, None]:
    """Delete and create global indexes, one by one; a changed one is made again."""
    if table.before is None or not table.differs({"GlobalSecondaryIndexes"}):
        return
    former, listed = _indexes((yield from _as_it_is(table))), _indexes(table.properties)
    for name, index in former.items():
        if _shape(listed.get(name)) != _shape(index):
            yield _update(table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": name}}])
    for name, index in listed.items():
        if _shape(former.get(name)) != _shape(index):
            attributes = table.properties["AttributeDefinitions"]
            yield _update(
                table, AttributeDefinitions=attributes, GlobalSecondaryIndexUpdates=[{"Create": index}]
            )


def _indexes(properties: Json) -> dict[str, Json]:
    return {each["IndexName"]: each for each in properties.get("GlobalSecondaryIndexes") or ()}


def _shape(index: Json | None) -> Any:
    return index and (index.get("KeySchema"), index.get("Projection"))


def _update(table: Subject, *, region: str = "", **parameters: Any) -> ApiCall:
    call = request("UpdateTable", TableName=ID, **parameters).call(table)
    return replace(call, region=region)


def _time_to_live(table: Subject) -> Generator[ApiCall, Json, None]:
    former = (table.before or {}).get("TimeToLiveSpecification") or {}
    desired = table.properties.get("TimeToLiveSpecification") or {
        "Enabled": False,
        "AttributeName": former.get("AttributeName"),
    }
    is_on = str(desired["Enabled"]).lower() == "true"
    if former != desired and (is_on or str(former.get("Enabled")).lower() == "true"):
        yield request("UpdateTimeToLive", TableName=ID, TimeToLiveSpecification=desired).call(table)


_TIME_TO_LIVE = steps(_time_to_live, "TimeToLiveSpecification", sends="UpdateTimeToLive")
_STREAM = steps(_change_stream, "StreamSpecification", sends="DescribeTable UpdateTable")
_INDEXES = steps(
    _change_indexes, "GlobalSecondaryIndexes AttributeDefinitions", sends="DescribeTable UpdateTable"
)

_RECOVERY = Setting(
    put=request("UpdateContinuousBackups", TableName=ID, PointInTimeRecoverySpecification=RECOVERY)
)
_PROTECTION = Setting(put=request("UpdateTable", TableName=ID, DeletionProtectionEnabled=PROTECTED))
_TAGS = tagging(
    request("TagResource", ResourceArn=text(ARN), Tags=tag_list()),
    request("UntagResource", ResourceArn=text(ARN)),
    keys="TagKeys",
)

TABLE = ResourceType(
    name="AWS::DynamoDB::Table",
    service="dynamodb",
    named_by="TableName",
    limit=255,
    replaced_by=frozenset({"KeySchema", "LocalSecondaryIndexes"}),
    create=request(
        "CreateTable",
        f"{SHARED} ProvisionedThroughput TableClass",
        TableName=NAME,
        StreamSpecification=made(_stream, "StreamSpecification"),
        SSESpecification=made(_encryption, "SSESpecification"),
        Tags=tag_list(),
    ),
    settings=(
        _change(
            BillingMode=prop("BillingMode", "PROVISIONED"),
            ProvisionedThroughput=prop("ProvisionedThroughput"),
        ),
        _INDEXES,
        _STREAM,
        _change(SSESpecification=made(_or_none, "SSESpecification")),
        _change(TableClass=prop("TableClass", "STANDARD")),
        _RECOVERY,
        _TIME_TO_LIVE,
        _PROTECTION,
        _TAGS,
    ),
    read=request("DescribeTable", TableName=ID),
    read_when_made=False,
    parts=PARTS,
    delete=(request("DeleteTable", TableName=ID),),
    attributes=ATTRIBUTES,
    reads=READS,
)


def _own(table: Subject) -> Json:
    """Return the replica in the stack's own region."""
    return _replicas(table.properties).get(table.region, {})


def _replicas(properties: Json | None) -> dict[str, Json]:
    return {each["Region"]: each for each in (properties or {}).get("Replicas") or ()}


def _key_of(replica: Json) -> Any:
    return (replica.get("SSESpecification") or {}).get("KMSMasterKeyId")


def _own_encryption(table: Subject) -> dict[str, Any] | None:
    return _encryption_of(table.properties, _own(table))


def _encryption_of(properties: Json, replica: Json) -> dict[str, Any] | None:
    shared, key = _as_api(properties.get("SSESpecification")), _key_of(replica)
    return shared if shared is None or key is None else {**shared, "KMSMasterKeyId": key}


def _change_replicas(table: Subject) -> Generator[ApiCall, Json, None]:
    """Remove and add replicas, then give each region what is its own."""
    former, listed, there = _replicas(table.before), _replicas(table.properties), [table.region]
    if table.before is not None:
        described = yield from _as_it_is(table)
        there += [each["RegionName"] for each in described.get("Replicas") or ()]
    for region in there:
        if region not in listed:
            yield _update(table, ReplicaUpdates=[{"Delete": {"RegionName": region}}])
    for region, replica in listed.items():
        if region not in there:
            options = {
                "RegionName": region,
                "KMSMasterKeyId": _key_of(replica),
                "TableClassOverride": replica.get("TableClass"),
            }
            yield _update(table, ReplicaUpdates=[{"Create": options}])
        elif table.before is not None:
            yield from _change_encryption(table, region)
    for region, replica in listed.items():
        yield from _settle(table, region, former.get(region) or {}, replica)


def _change_encryption(table: Subject, region: str) -> Iterator[ApiCall]:
    before, after = (
        _encryption_of(properties, _replicas(properties).get(region, {}))
        for properties in (table.before or {}, table.properties)
    )
    if before != after:
        yield _update(table, region=region, SSESpecification=after or {"Enabled": False})


def _settle(table: Subject, region: str, former: Json, replica: Json) -> Iterator[ApiCall]:
    """Yield what one region's table differs in from what it was; a new one has none of it."""
    local = replace(table, region=region, properties=replica, before=former)
    calls = [*_RECOVERY(replace(local, before=former or None)), *_TAGS(local)]
    calls += _PROTECTION(replace(local, before=former or None))
    yield from (replace(call, region=region) for call in calls)
    is_added = not former and region != table.region
    if not is_added and table.before is not None and local.differs({"TableClass"}):
        yield _update(table, region=region, TableClass=replica.get("TableClass", "STANDARD"))


def _remove_replicas(table: Subject) -> Generator[ApiCall, Json, None]:
    """Delete the replicas before the table; where one of them is protected, none."""
    found = yield request("DescribeTable", TableName=ID).call(table, ends=True)
    if not found:
        return
    others = [each["RegionName"] for each in found["Table"].get("Replicas") or ()]
    for region in (table.region, *others):
        local = yield replace(request("DescribeTable", TableName=ID).call(table), region=region)
        if local["Table"].get("DeletionProtectionEnabled"):
            yield replace(request("DeleteTable", TableName=ID).call(table), region=region)  # which refuses
    for region in others:
        yield _update(table, ReplicaUpdates=[{"Delete": {"RegionName": region}}])


GLOBAL_TABLE = ResourceType(
    name="AWS::DynamoDB::GlobalTable",
    service="dynamodb",
    named_by="TableName",
    limit=255,
    replaced_by=frozenset({"KeySchema", "LocalSecondaryIndexes"}),
    check=check_global_table,
    create=request(
        "CreateTable",
        SHARED,
        TableName=NAME,
        StreamSpecification=made(_stream, "StreamSpecification"),
        SSESpecification=made(_own_encryption, "SSESpecification", "Replicas"),
        TableClass=made(lambda table: _own(table).get("TableClass"), "Replicas"),
    ),
    settings=(
        _INDEXES,
        _STREAM,
        steps(
            _change_replicas,
            "Replicas SSESpecification",
            sends="DescribeTable UpdateTable UpdateContinuousBackups TagResource UntagResource",
        ),
        _TIME_TO_LIVE,
    ),
    read=request("DescribeTable", TableName=ID),
    read_when_made=False,
    parts={**PARTS, "Replicas": " ".join(sorted(REPLICA_PROPERTIES))},
    delete=(
        steps(_remove_replicas, sends="DescribeTable DeleteTable UpdateTable"),
        request("DeleteTable", TableName=ID),
    ),
    attributes={**ATTRIBUTES, "TableId": made(lambda table: _description(table).get("TableId"))},
    reads={
        **READS,
        "*": " ".join(
            f"application-autoscaling:Describe{what}"
            for what in ("ScalableTargets", "ScalingPolicies", "ScheduledActions")
        ),
    },
)

RESOURCE_TYPES = (TABLE, GLOBAL_TABLE)
