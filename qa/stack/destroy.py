"""Tearing all stacks down, as `[tool.qa.destroy]` says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.resending import done_by_an_earlier_attempt
from qa.wait import WaitTimeoutError, until

from .admission import accounts_of
from .assets import Assets
from .aws_errors import translate_errors
from .bucket import delete_versions, object_versions, settle_replication
from .changeset import StackRequest, create_or_update
from .deletion import DeletionFailedError, delete_stack
from .events import DeployError, find_settled
from .ordering import in_order, needs_of, present, reversed_needs
from .polling import polling_of
from .preparation import uses_assets
from .progress import Notice, to_nobody

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_cloudformation.literals import CapabilityType

    from .clients import Clients
    from .live import LiveStack
    from .ordering import Needs
    from .progress import StackEvent, Tell
    from .project import Deployment, Place, Project

ATTEMPTS = 3
REPLICA_WORDS = "in the last 24 hours"
"""In DynamoDB's refusal to delete the table from which a replica was made less than a day ago."""
TABLE_TYPES = frozenset({"AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"})


def destroy(project: Project, deployment: Deployment, clients: Clients, *, tell: Tell = to_nobody) -> None:
    """Delete all stacks, all documents in their buckets, and what deployments packaged for them.

    May be called again: what is gone already is found gone. Raises DeployError for a stack that stays.
    """
    stacks = {
        place: stack
        for place in deployment.places
        if (stack := find_settled(clients, place.region, place.stack_name, tell)) is not None
    }
    if not stacks:
        tell(Notice(text=f"no stack {deployment.title!r} in {' or '.join(deployment.region_names)}"))
    _refuse_protected(stacks.values())
    for place, stack in stacks.items():
        _set_parameters(project, deployment, clients, stack, place=place, tell=tell)
    buckets = {
        (stack.region, stack.outputs[key])
        for stack in stacks.values()
        for key in project.tear_down.buckets or ()
        if key in stack.outputs
    }
    _wait_for_replication(clients, buckets, tell)
    _empty(clients, buckets, tell)
    spares = project.tear_down.buckets is not None
    in_order(
        _order(project, deployment, stacks),
        lambda place: _delete(clients, stacks[place], buckets, spares_others=spares, tell=tell),
    )
    if uses_assets(project):
        Assets(clients, deployment, accounts_of(clients, deployment)).remove()


def _refuse_protected(stacks: Iterable[LiveStack]) -> None:
    protected = [f"{stack.name!r} in {stack.region}" for stack in stacks if stack.is_protected]
    if protected:
        raise DeployError(
            f"protected from termination: stack {', '.join(protected)}. Nothing was done. To mean it, write "
            "`termination-protection = false` into the settings and deploy."
        )


def _order(project: Project, deployment: Deployment, stacks: Mapping[Place, LiveStack]) -> Needs:
    """Return what each stack waits for before it is deleted."""
    if len(deployment.stacks) == 1 and len(deployment.region_names) == 2:
        in_turn = [deployment.regions.of(role) for role in project.tear_down.order]
        ordered = sorted(stacks, key=lambda place: in_turn.index(place.region))
        return {place: frozenset(ordered[:index]) for index, place in enumerate(ordered)}
    return present(reversed_needs(needs_of(project, deployment.places)), stacks)


def _set_parameters(
    project: Project, deployment: Deployment, clients: Clients, stack: LiveStack, *, place: Place, tell: Tell
) -> None:
    expected = {
        name: deployment.fill_in(value, region=place.region)
        for name, value in project.tear_down.parameters.items()
        if name in stack.parameters
    }
    if not stack.is_complete or expected.items() <= stack.parameters.items():
        return
    capabilities: list[CapabilityType] = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
    request = StackRequest(
        region=stack.region,
        stack_name=stack.name,
        body=None,
        parameters=expected,
        keeps=tuple(name for name in stack.parameters if name not in expected),
        capabilities=tuple(capabilities),
    )
    try:
        create_or_update(clients, request, tell)
    except DeployError as error:
        # a broken stack must still be removable; what refills a bucket is met by emptying it again
        tell(Notice(text=f"{stack.region}: {error}\nGoing on without."))


def _wait_for_replication(clients: Clients, buckets: set[tuple[str, str]], tell: Tell) -> None:
    for region, bucket in sorted(buckets):
        s3 = clients.s3(region)
        left = settle_replication(s3, bucket, object_versions(s3, bucket), polling_of(clients.target))
        if left:
            tell(Notice(text=f"{region}: {len(left)} documents in {bucket!r} never left; deleting them"))


def _empty(clients: Clients, buckets: set[tuple[str, str]], tell: Tell) -> None:
    for region, bucket in sorted(buckets):
        s3 = clients.s3(region)
        versions = object_versions(s3, bucket)
        if versions:
            tell(Notice(text=f"{region}: emptying {bucket!r}, {len(versions)} versions"))
            delete_versions(s3, bucket, versions)


def _delete(
    clients: Clients, stack: LiveStack, buckets: set[tuple[str, str]], *, spares_others: bool, tell: Tell
) -> None:
    """Delete a stack; buckets that the settings do not name are emptied unless these are spared."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            delete_stack(clients, stack, tell)
        except DeletionFailedError as error:
            obstacles = obstacles_in(error.events)
            if spares_others:
                named = tuple(name for name in obstacles.buckets if (stack.region, name) in buckets)
                obstacles = replace(obstacles, buckets=named)
            if attempt == ATTEMPTS or not obstacles:
                raise DeployError(f"{error}{_advice(obstacles)}") from error
            _remove_obstacles(clients, stack.region, obstacles, buckets, tell=tell)
        else:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacles:
    """What stood in the way of a deletion and can be removed."""

    buckets: tuple[str, ...] = ()
    """Buckets that were not empty, or not any more."""
    source_tables: tuple[str, ...] = ()
    """Tables from which a replica was made within 24 hours."""

    def __bool__(self) -> bool:
        return bool(self.buckets or self.source_tables)


def obstacles_in(events: Iterable[StackEvent]) -> Obstacles:
    """Return the known obstacles among a deletion's failures."""
    failures = [event for event in events if event.is_failure and not event.is_of_stack]
    return Obstacles(
        buckets=tuple(
            event.physical_id
            for event in failures
            if "BucketNotEmpty" in event.reason or "not empty" in event.reason
        ),
        source_tables=tuple(
            event.physical_id
            for event in failures
            if event.resource_type in TABLE_TYPES and REPLICA_WORDS in event.reason
        ),
    )


def _remove_obstacles(
    clients: Clients, region: str, obstacles: Obstacles, buckets: set[tuple[str, str]], *, tell: Tell
) -> None:
    if obstacles.buckets:
        # replication refills them all, so all are emptied; these were to go, for their deletion was tried
        _empty(clients, buckets | {(region, bucket) for bucket in obstacles.buckets}, tell)
    for table_name in obstacles.source_tables:
        tell(Notice(text=f"{region}: removing the replicas of table {table_name!r} first"))
        _remove_replicas(clients, region, table_name)


def _remove_replicas(clients: Clients, region: str, table_name: str) -> None:
    dynamodb = clients.dynamodb(region)

    def others() -> tuple[str, ...]:
        replicas = dynamodb.describe_table(TableName=table_name)["Table"].get("Replicas", ())
        return tuple(each["RegionName"] for each in replicas if each.get("RegionName", region) != region)

    polling = polling_of(clients.target)
    with translate_errors(f"removing the replicas of table {table_name!r} in {region}"):
        for other in others():
            # answers to what an earlier attempt has begun or ended; `until` looks at what is left
            with done_by_an_earlier_attempt("ResourceInUseException", "ReplicaNotFoundException"):
                dynamodb.update_table(
                    TableName=table_name, ReplicaUpdates=[{"Delete": {"RegionName": other}}]
                )
        try:
            until(
                others,
                lambda names: not names,
                what=f"replicas of {table_name!r}",
                within=polling.stack_within,
                every=polling.every,
            )
        except WaitTimeoutError as error:
            raise DeployError(str(error)) from error


def _advice(obstacles: Obstacles) -> str:
    if not obstacles.source_tables:
        return ""
    return (
        "\nDynamoDB deletes a table from which a replica was made only 24 hours after that. The replica of "
        f"{', '.join(obstacles.source_tables)} is removed; run `qa destroy` again when the day is over."
    )
