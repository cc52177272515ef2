"""Tables that must be there, whole and readable, when a region is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import GLOBAL_TABLE, get_nested, mappings, resources_of_type
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_REFERENCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
_GLOBAL_TABLE = f"{_REFERENCE}aws-resource-dynamodb-globaltable.html"
_RECOVERY = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.html"


@rule("replica-own-region", severity=Severity.ERROR, source=_GLOBAL_TABLE)
def replica_own_region(context: Context) -> Iterator[Fault]:
    """A global table without a replica in the region of its own stack.

    CloudFormation refuses it: "The Replicas section must contain an entry for the current region". The
    table is created there first; the others are added to it.
    """
    for stack, table in resources_of_type(context, GLOBAL_TABLE):
        regions = _replica_regions(table)
        if regions is not None and stack.region not in regions:
            yield Fault(
                path=stack.path_of(table.logical_id, "Replicas"),
                region=stack.region,
                message=f"The Replicas section must contain an entry for the current region, {stack.region}",
                actual=regions,
                expected=f"{stack.region} among them",
                fix=f"add a replica for {stack.region}, or keep the table out of there with a Condition",
            )


@rule("replica-peer-region", severity=Severity.WARNING, source=_GLOBAL_TABLE)
def replica_peer_region(context: Context) -> Iterator[Fault]:
    """A global table that has no replica in another region that the template is deployed to.

    When the table's region is lost, the stack of that other region has no data. An error where that stack
    uses the table's name: its calls cannot find a table.
    """
    for stack, table in resources_of_type(context, GLOBAL_TABLE):
        regions = _replica_regions(table)
        for peer in context.stacks if regions is not None else ():
            if peer is stack or peer.region in (regions or ()):
                continue
            is_used = _says(peer, table.properties.get("TableName"))
            yield Fault(
                path=stack.path_of(table.logical_id, "Replicas"),
                region=stack.region,
                severity=Severity.ERROR if is_used else None,
                message=f"The table has no replica in {peer.region}"
                + (", where the stack uses its name" if is_used else ""),
                actual=regions,
                expected=f"{peer.region} among them",
                fix=f"add a replica for {peer.region}",
            )


@rule("replica-recovery", severity=Severity.WARNING, source=_RECOVERY)
def replica_recovery(context: Context) -> Iterator[Fault]:
    """Point-in-time recovery that is on in one replica and off in another.

    It is a setting of each replica and is not replicated. A wrong deletion replicates within a second; when
    the one region with backups is lost, nothing is left to restore from.
    """
    for stack, table in resources_of_type(context, GLOBAL_TABLE):
        replicas = mappings(table.properties.get("Replicas"))
        states = {
            index: get_nested(replica, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")
            for index, replica in replicas
        }
        if not any(_is_true(state) for state in states.values()):
            continue
        for index, replica in replicas:
            if (states[index] is None and not _has_unknown(replica)) or _is_false(states[index]):
                yield Fault(
                    path=stack.path_of(
                        table.logical_id, "Replicas", index, "PointInTimeRecoverySpecification"
                    ),
                    region=stack.region,
                    message=f"The replica in {replica.get('Region')} cannot be restored to a point in time; "
                    "another one can",
                    actual=states[index],
                    expected="PointInTimeRecoveryEnabled true in every replica",
                    fix="switch PointInTimeRecoverySpecification on in this replica too",
                )


@rule("global-table-stream", severity=Severity.ERROR, source=_GLOBAL_TABLE)
def global_table_stream(context: Context) -> Iterator[Fault]:
    """A global table of several regions without the stream that replication reads.

    StreamSpecification is required as soon as there is more than one replica. Its view type is a warning:
    DynamoDB's guide says that replication needs NEW_AND_OLD_IMAGES, CloudFormation's reference allows every
    type. Tables of strong consistency (MultiRegionConsistency STRONG) need none.
    """
    for stack, table in resources_of_type(context, GLOBAL_TABLE):
        replicas = table.properties.get("Replicas")
        stream = table.properties.get("StreamSpecification")
        if not isinstance(replicas, list) or len(replicas) < 2 or isinstance(stream, Unknown):
            continue
        view = get_nested(stream, "StreamViewType")
        is_strong = table.properties.get("MultiRegionConsistency", "EVENTUAL") != "EVENTUAL"
        if not is_strong and view != "NEW_AND_OLD_IMAGES" and not isinstance(view, Unknown):
            yield Fault(
                path=stack.path_of(table.logical_id, "StreamSpecification", "StreamViewType"),
                region=stack.region,
                severity=None if stream is None else Severity.WARNING,
                message=f"A global table with {len(replicas)} replicas needs a stream of new and old images",
                actual=view,
                expected="StreamViewType NEW_AND_OLD_IMAGES",
                fix='add "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"}',
            )


def _replica_regions(table: EvaluatedResource) -> list[str] | None:
    """Return the regions of the replicas; None when one of them is not known."""
    replicas = table.properties.get("Replicas")
    if not isinstance(replicas, list):
        return None
    regions = [get_nested(replica, "Region") for replica in replicas]
    return None if any(not isinstance(one, str) for one in regions) else regions


def _says(stack: RegionalStack, name: object) -> bool:
    """Say whether any resource of a stack uses a name."""
    if not isinstance(name, str):
        return False
    return any(_contains(resource.properties, name) for resource in stack.resources.values())


def _contains(value: Any, name: str) -> bool:
    if isinstance(value, dict):
        return any(_contains(member, name) for member in value.values())
    if isinstance(value, list):
        return any(_contains(member, name) for member in value)
    return bool(value == name)


def _is_true(value: object) -> bool:
    return value is True or value == "true"


def _is_false(value: object) -> bool:
    return value is False or value == "false"


def _has_unknown(replica: dict[str, Any]) -> bool:
    return isinstance(replica.get("PointInTimeRecoverySpecification"), Unknown)
