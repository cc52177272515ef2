"""S3 as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from . import install
from .coverage import COVERAGE

SERVICE = Service(
    name="s3",
    coverage=COVERAGE,
    install=install,
)
