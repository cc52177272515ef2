"""The kinds of faults as data: what each does, its parameters, and what it hits.

A new kind is one entry here and the place that carries it out: for requests a function in effects.py,
for what runs inside a question to `Faults`. docs/faults.md is made of this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qa.embedded.fields import Choice, Field, Number

from .vocabulary import OPERATION, REGION, SERVICE


class Hits(Enum):
    """What a fault hits, in the words of docs/faults.md."""

    REQUESTS = "Requests over HTTP, also those that functions and other processes send."
    REGION = (
        "Requests over HTTP that are sent to the region or concern a bucket in it; and what runs inside: "
        "replication to and from it waits, its alarms are not evaluated, asynchronous invocations wait."
    )
    REPLICATION = "The replication of tables or buckets in one direction; what is written meanwhile waits."


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of fault."""

    name: str
    summary: str
    hits: Hits
    fields: tuple[Field, ...]


WHERE = (
    Field(name="region", type=REGION, summary="only requests to this region"),
    Field(name="service", type=SERVICE, summary="only requests to this service"),
    Field(name="operation", type=OPERATION, summary="only this operation", needs="service"),
)

KINDS = (
    Kind(
        name="region-lost",
        summary="A region neither answers nor works.",
        hits=Hits.REGION,
        fields=(
            Field(name="region", type=REGION, summary="the region", is_required=True),
            Field(
                name="how",
                type=Choice(options=("reset", "errors")),
                summary="connections are reset, or every answer is ServiceUnavailable (503)",
                default="reset",
            ),
        ),
    ),
    Kind(
        name="throttle",
        summary="Requests are refused as too many, in the service's own code; DynamoDB's metrics count them.",
        hits=Hits.REQUESTS,
        fields=WHERE,
    ),
    Kind(
        name="errors",
        summary="Requests are answered with the service's internal error (500) and have no effect.",
        hits=Hits.REQUESTS,
        fields=WHERE,
    ),
    Kind(
        name="latency",
        summary="Requests wait before they are served, at most until the fault ends.",
        hits=Hits.REQUESTS,
        fields=(
            *WHERE,
            Field(
                name="seconds",
                type=Number(least=0, most=900, is_above=True),
                summary="the wait of each request",
                is_required=True,
            ),
        ),
    ),
    Kind(
        name="reset",
        summary="Connections are reset, and the caller gets no answer.",
        hits=Hits.REQUESTS,
        fields=(
            *WHERE,
            Field(
                name="when",
                type=Choice(options=("before", "after")),
                summary="before the request takes effect, or after it",
                default="before",
            ),
        ),
    ),
    Kind(
        name="replication-stopped",
        summary="Nothing is replicated from one region to another.",
        hits=Hits.REPLICATION,
        fields=(
            Field(
                name="service",
                type=Choice(options=("dynamodb", "s3")),
                summary="all global tables, or all buckets",
                is_required=True,
            ),
            Field(name="source", type=REGION, summary="the region written to", is_required=True),
            Field(name="target", type=REGION, summary="another region", is_required=True),
        ),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
