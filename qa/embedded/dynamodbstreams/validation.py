"""What moto's streams fall over: ARNs, shards and iterators that are none, and streams that are off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from moto.dynamodb.exceptions import MockValidationException, ResourceNotFoundException
from moto.dynamodbstreams.models import DynamoDBStreamsBackend
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler

from qa.embedded.patches import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

ARN = re.compile(r"arn:aws(?:-[a-z]+)*:dynamodb:[a-z0-9-]+:\d{12}:table/[^/]+/stream/.+")
NUMBERED = frozenset({"AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"})


def _streamed(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def table_from_arn(self: DynamoDBStreamsBackend, arn: str) -> Any:
        if ARN.fullmatch(arn) is None:
            raise MockValidationException("Invalid StreamArn")
        table = original(self, arn)
        if table.stream_shard is None:
            raise ResourceNotFoundException(f"Requested resource not found: Stream: {arn} not found")
        return table

    return table_from_arn


def _pointing(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def get_shard_iterator(self: DynamoDBStreamsHandler) -> Any:
        number = self._get_param("SequenceNumber")
        if number is None and self._get_param("ShardIteratorType") in NUMBERED:
            raise MockValidationException("SequenceNumber must be specified for this ShardIteratorType")
        if number is not None and not (number.isascii() and number.isdigit()):
            raise MockValidationException("Invalid SequenceNumber")
        return original(self)

    return get_shard_iterator


def _of_shard(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def get_shard_iterator(
        self: DynamoDBStreamsBackend, arn: str, shard_id: str, *args: Any, **kwargs: Any
    ) -> Any:
        shard = self._get_table_from_arn(arn).stream_shard
        if shard is None or shard.id != shard_id:
            raise ResourceNotFoundException(
                f"Requested resource not found: Shard: {shard_id} in Stream: {arn} not found"
            )
        return original(self, arn, shard_id, *args, **kwargs)

    return get_shard_iterator


def _from_iterator(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def get_records(self: DynamoDBStreamsBackend, iterator_arn: str, limit: int) -> Any:
        if iterator_arn not in self.shard_iterators:
            raise MockValidationException("Invalid ShardIterator")
        return original(self, iterator_arn, limit)

    return get_records


PATCHES = (
    Patch(owner=DynamoDBStreamsBackend, name="_get_table_from_arn", parameters="self, arn", around=_streamed),
    Patch(owner=DynamoDBStreamsHandler, name="get_shard_iterator", parameters="self", around=_pointing),
    Patch(
        owner=DynamoDBStreamsBackend,
        name="get_shard_iterator",
        parameters="self, arn, shard_id, shard_iterator_type, sequence_number",
        around=_of_shard,
    ),
    Patch(
        owner=DynamoDBStreamsBackend,
        name="get_records",
        parameters="self, iterator_arn, limit",
        around=_from_iterator,
    ),
)
