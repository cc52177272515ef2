"""S3 as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from . import PATCHES
from .coverage import COVERAGE
from .public_access import decide
from .resources import RESOURCE_TYPES
from .rights import policy_of

SERVICE = Service(
    name="s3",
    coverage=COVERAGE,
    resource_types=RESOURCE_TYPES,
    policy_of=policy_of,
    decide=decide,
    tolerance_minutes=15,
    patches=PATCHES,
)
