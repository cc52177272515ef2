"""SQS as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from .coverage import COVERAGE

SERVICE = Service(
    name="sqs",
    coverage=COVERAGE,
)
