"""DynamoDB Streams: read by what replicates; rights on streams are not modelled."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage

COVERAGE = coverage(
    "DescribeStream GetRecords GetShardIterator ListStreams",
    refused={},
    notes=("For the administrator only: rights on streams are not modelled.",),
)
