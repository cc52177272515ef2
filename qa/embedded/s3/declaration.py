"""S3 as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import BodyLimit, Service

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
    # AWS takes 5 GiB in one PUT; the embedded AWS keeps objects in memory
    body_limit=BodyLimit(
        most=512 * 1024 * 1024, words="Your proposed upload exceeds the maximum allowed size"
    ),
    patches=PATCHES,
)
