"""Lambda as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import BodyLimit, Service
from qa.embedded.wire.refusals import Refusal, Special

from . import start
from .coverage import COVERAGE
from .hooks import PATCHES
from .resources import RESOURCE_TYPES
from .rights import RIGHTS, policy_of

SERVICE = Service(
    name="lambda",
    coverage=COVERAGE,
    special={
        Refusal.THROTTLED: Special(
            code="TooManyRequestsException",
            status=429,
            members={"Reason": "CallerRateLimitExceeded", "Type": "User"},
        ),
        Refusal.INTERNAL: Special(code="ServiceException", members={"Type": "Service"}),
    },
    body_limit=BodyLimit(
        most=70_167_211,
        words="Request must be smaller than {most} bytes for the {operation} operation",
    ),
    resource_types=RESOURCE_TYPES,
    rights=RIGHTS,
    policy_of=policy_of,
    start=start,
    patches=PATCHES,
)
