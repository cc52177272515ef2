"""STS as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from . import PATCHES
from .coverage import COVERAGE
from .rights import RIGHTS, policy_of

SERVICE = Service(
    name="sts",
    coverage=COVERAGE,
    rights=RIGHTS,
    policy_of=policy_of,
    tolerance_minutes=15,
    patches=PATCHES,
)
