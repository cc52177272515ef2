"""SNS as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service
from qa.embedded.wire.refusals import Refusal, Special

from . import PATCHES
from .coverage import COVERAGE
from .resources import RESOURCE_TYPES
from .rights import RIGHTS, policy_of

SERVICE = Service(
    name="sns",
    coverage=COVERAGE,
    resource_types=RESOURCE_TYPES,
    special={
        Refusal.DENIED: Special(code="AuthorizationError"),
        Refusal.INTERNAL: Special(code="InternalError"),
    },
    rights=RIGHTS,
    policy_of=policy_of,
    tolerance_minutes=15,
    patches=PATCHES,
)
