"""CloudFormation as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from .coverage import COVERAGE
from .hooks import PATCHES
from .resources import RESOURCE_TYPES
from .rights import RIGHTS

SERVICE = Service(
    name="cloudformation",
    coverage=COVERAGE,
    resource_types=RESOURCE_TYPES,
    rights=RIGHTS,
    patches=PATCHES,
)
