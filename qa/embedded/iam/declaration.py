"""IAM as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from . import install
from .coverage import COVERAGE
from .rights import RIGHTS

SERVICE = Service(
    name="iam",
    coverage=COVERAGE,
    rights=RIGHTS,
    install=install,
)
