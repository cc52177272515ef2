"""CloudWatch Logs as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from . import PATCHES, install
from .coverage import COVERAGE

SERVICE = Service(
    name="logs",
    coverage=COVERAGE,
    install=install,
    patches=PATCHES,
)
