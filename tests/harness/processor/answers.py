"""What a processor answered, and all that both regions hold after it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qa.probe import s3
from tests.integration.transactions import document_key

if TYPE_CHECKING:
    from qa.probe.lambda_ import Invocation
    from tests.harness.reds.world import World
    from tests.integration.sides import Side
    from tests.integration.transactions import Event

Answer = tuple[int, Any]
"""The status code and the body as JSON."""


def answer_of(reported: Invocation) -> Answer:
    """Return what the function answered; fails for one that threw instead."""
    __tracebackhide__ = True
    assert reported.error is None, f"it threw: {reported.payload}"
    assert isinstance(reported.payload, dict)
    return reported.payload["statusCode"], json.loads(reported.payload["body"])


def accepted(event: Event, *, processed_in: str) -> Answer:
    """Return the answer to a transaction that is stored."""
    return 200, {
        "transactionId": event["transactionId"],
        "timestamp": event["timestamp"],
        "document": document_key(event),
        "processedIn": processed_in,
    }


def thrown(reported: Invocation) -> tuple[str | None, object]:
    """Return Lambda's FunctionError and the type of the error that the function threw."""
    kind = reported.payload.get("errorType") if isinstance(reported.payload, dict) else reported.payload
    return reported.error, kind


def items(world: World, side: Side) -> list[dict[str, Any]]:
    """Return every item of the table as a region has it."""
    client = world.clients.dynamodb(side.region)
    return client.scan(TableName=world.table_name, ConsistentRead=True)["Items"]


def versions(world: World, side: Side, event: Event) -> tuple[str, ...]:
    """Return the versions of an event's document in a region, newest first."""
    return s3.version_ids(world.clients.s3(side.region), side["DocumentsBucketName"], document_key(event))


def documents(world: World, side: Side) -> list[str]:
    """Return the key of every object version and delete marker of a region's bucket."""
    response = world.clients.s3(side.region).list_object_versions(Bucket=side["DocumentsBucketName"])
    return [each["Key"] for each in (*response.get("Versions", []), *response.get("DeleteMarkers", []))]
