"""SNS and SQS of an embedded AWS whose judge is ours, for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from qa.embedded.iam.identities import IamIdentities
from qa.embedded.kms.declaration import SERVICE as KMS
from qa.embedded.settings import Settings
from qa.embedded.sns.declaration import SERVICE as SNS
from qa.embedded.sqs.declaration import SERVICE as SQS
from qa.embedded.world import World
from tests.harness.embedded.dynamodb.serving import AllowAll, client, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

EAST = "us-east-1"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(settings=Settings(), scratch=tmp_path_factory.mktemp("scratch"))
    world.authorizer = AllowAll()
    world.identities = IamIdentities(world.account_id)
    SNS.install(world)
    SQS.install(world)
    KMS.install(world)
    with serving(world):
        yield world


@pytest.fixture
def judge(world: World) -> Iterator[AllowAll]:
    judge = world.authorizer
    assert isinstance(judge, AllowAll)
    judge.questions.clear()
    yield judge
    judge.denied.clear()


@pytest.fixture(scope="module")
def topics(world: World) -> Any:
    """An SNS client in East."""
    return client(world, "sns", EAST)


@pytest.fixture(scope="module")
def queues(world: World) -> Any:
    """An SQS client in East."""
    return client(world, "sqs", EAST)


@pytest.fixture
def topic_arn(topics: Any) -> str:
    return str(topics.create_topic(Name=f"alerts-{uuid4().hex[:8]}")["TopicArn"])
