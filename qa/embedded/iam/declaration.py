"""IAM as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service
from qa.embedded.wire.refusals import Refusal, Special

from . import PATCHES, start
from .coverage import COVERAGE
from .resources import RESOURCE_TYPES
from .rights import RIGHTS

SERVICE = Service(
    name="iam",
    coverage=COVERAGE,
    resource_types=RESOURCE_TYPES,
    special={
        Refusal.INTERNAL: Special(code="ServiceFailure"),
    },
    rights=RIGHTS,
    patches=PATCHES,
    start=start,
)
