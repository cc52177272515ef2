"""DynamoDB Streams as one service of the embedded AWS: moto's own."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from .coverage import COVERAGE

SERVICE = Service(
    name="dynamodbstreams",
    coverage=COVERAGE,
    signing_name="dynamodb",
)
