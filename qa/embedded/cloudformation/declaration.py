"""CloudFormation as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from .coverage import COVERAGE
from .hooks import PATCHES
from .rights import RIGHTS

SERVICE = Service(
    name="cloudformation",
    coverage=COVERAGE,
    rights=RIGHTS,
    patches=PATCHES,
)
