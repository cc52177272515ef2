"""DynamoDB Streams as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from . import PATCHES
from .coverage import COVERAGE
from .rights import RIGHTS

SERVICE = Service(
    name="dynamodbstreams",
    coverage=COVERAGE,
    rights=RIGHTS,
    signing_name="dynamodb",
    patches=PATCHES,
)
