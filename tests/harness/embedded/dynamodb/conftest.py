"""DynamoDB of an embedded AWS in two regions, with a short lag, for the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from qa.embedded.dynamodb.declaration import SERVICE as DYNAMODB
from qa.embedded.kms.declaration import SERVICE as KMS
from qa.embedded.settings import Settings
from qa.embedded.world import World

from .serving import AllowAll, client, serving, with_stacks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

EAST, WEST = "us-east-1", "us-west-2"
LAG = 0.05


@dataclass(frozen=True)
class Datum:
    """One metric datum that a service emitted."""

    region: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    value: float
    unit: str


class Emitted:
    """A sink of metrics; latencies lie apart, since they may come from an earlier test's writes."""

    def __init__(self) -> None:
        self.data: list[Datum] = []
        self.latencies: list[Datum] = []

    def put(
        self,
        *,
        region: str,
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        value: float,
        unit: str,
    ) -> None:
        """Keep a datum."""
        assert namespace == "AWS/DynamoDB"
        data = self.latencies if name == "ReplicationLatency" else self.data
        data.append(Datum(region, name, tuple(sorted(dimensions.items())), value, unit))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    scratch: Path = tmp_path_factory.mktemp("scratch")
    world = World(settings=Settings(table_replication_lag=LAG), scratch=scratch)
    world.authorizer = AllowAll()
    world.metrics = Emitted()
    KMS.install(world)
    DYNAMODB.install(world)
    with_stacks(world)
    with serving(world):
        yield world


@pytest.fixture(autouse=True)
def calm(world: World) -> Iterator[None]:
    yield
    world.faults.end_all()
    world.settings.table_replication_lag = LAG


@pytest.fixture
def emitted(world: World) -> list[Datum]:
    """What is emitted from now on, but for replication latencies."""
    sink = world.metrics
    assert isinstance(sink, Emitted)
    sink.data.clear()
    return sink.data


@pytest.fixture
def latencies(world: World) -> list[Datum]:
    """The replication latencies of all tables."""
    sink = world.metrics
    assert isinstance(sink, Emitted)
    return sink.latencies


@pytest.fixture(scope="module")
def east(world: World) -> Any:
    return client(world, "dynamodb", EAST)


@pytest.fixture(scope="module")
def west(world: World) -> Any:
    return client(world, "dynamodb", WEST)


@pytest.fixture
def orders(east: Any) -> str:
    """A global table of both regions with the key id (S)."""
    name = f"orders-{uuid4().hex[:8]}"
    east.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    east.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": WEST}}])
    return name
