"""Streams, shards and iterators that there are not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from qa.embedded.dynamodb.declaration import SERVICE as DYNAMODB
from qa.embedded.dynamodbstreams.declaration import SERVICE as STREAMS
from qa.embedded.kms.declaration import SERVICE as KMS
from qa.embedded.settings import Settings
from qa.embedded.world import World
from tests.harness.embedded.dynamodb.serving import AllowAll, client, serving
from tests.harness.embedded.kms.refused import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

EAST = "us-east-1"
SHARD = "shardId-00000000000000000000-0000000a"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(settings=Settings(), scratch=tmp_path_factory.mktemp("scratch"))
    world.authorizer = AllowAll()
    for service in (KMS, DYNAMODB, STREAMS):
        service.install(world)
    with serving(world):
        yield world
    world.close()


@pytest.fixture(scope="module")
def streams(world: World) -> Any:
    tables = client(world, "dynamodb", EAST)
    for name in ("orders", "quiet"):
        tables.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification=(
                {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
                if name == "orders"
                else {"StreamEnabled": False}
            ),
        )
    return client(world, "dynamodbstreams", EAST)


@pytest.fixture(scope="module")
def stream_arn(streams: Any) -> str:
    (stream,) = streams.list_streams()["Streams"]
    return str(stream["StreamArn"])


@pytest.mark.parametrize("arn", ["a" * 37, f"arn:aws:dynamodb:{EAST}:123456789012:table/orders"])
def test_an_arn_of_no_stream_is_invalid(streams: Any, arn: str) -> None:
    iterate = partial(streams.get_shard_iterator, StreamArn=arn, ShardId=SHARD, ShardIteratorType="LATEST")

    calls = (partial(streams.describe_stream, StreamArn=arn), iterate)
    assert [refusal(each) for each in calls] == [("ValidationException", "Invalid StreamArn")] * 2


def test_a_table_without_a_stream_has_none_to_describe(streams: Any, stream_arn: str) -> None:
    of_quiet = stream_arn.replace("/orders/", "/quiet/")

    assert refusal(partial(streams.describe_stream, StreamArn=of_quiet)) == (
        "ResourceNotFoundException",
        f"Requested resource not found: Stream: {of_quiet} not found",
    )


def test_an_iterator_points_into_a_shard_of_the_stream(streams: Any, stream_arn: str) -> None:
    iterate = partial(
        streams.get_shard_iterator, StreamArn=stream_arn, ShardId=SHARD, ShardIteratorType="LATEST"
    )

    assert refusal(iterate) == (
        "ResourceNotFoundException",
        f"Requested resource not found: Shard: {SHARD} in Stream: {stream_arn} not found",
    )


def test_an_iterator_at_a_number_needs_one(streams: Any, stream_arn: str) -> None:
    (shard,) = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"]
    iterate = partial(
        streams.get_shard_iterator,
        StreamArn=stream_arn,
        ShardId=shard["ShardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
    )

    assert refusal(iterate) == (
        "ValidationException",
        "SequenceNumber must be specified for this ShardIteratorType",
    )
    assert refusal(partial(iterate, SequenceNumber="a" * 21)) == (
        "ValidationException",
        "Invalid SequenceNumber",
    )


def test_records_come_from_an_iterator_that_was_given(streams: Any, stream_arn: str) -> None:
    (shard,) = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"]
    given = streams.get_shard_iterator(
        StreamArn=stream_arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )

    assert streams.get_records(ShardIterator=given["ShardIterator"])["Records"] == []
    assert refusal(partial(streams.get_records, ShardIterator="a")) == (
        "ValidationException",
        "Invalid ShardIterator",
    )
