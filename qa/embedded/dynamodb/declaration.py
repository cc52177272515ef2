"""DynamoDB as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service
from qa.embedded.wire.refusals import Refusal, Special

from . import PATCHES, start
from .coverage import COVERAGE
from .resources import RESOURCE_TYPES
from .rights import RIGHTS, policy_of
from .validation import fault_of

SERVICE = Service(
    name="dynamodb",
    coverage=COVERAGE,
    special={
        Refusal.INTERNAL: Special(code="InternalServerError"),
    },
    resource_types=RESOURCE_TYPES,
    rights=RIGHTS,
    policy_of=policy_of,
    required={"CreateTable": ("KeySchema", "AttributeDefinitions")},
    fault_of=fault_of,
    start=start,
    patches=PATCHES,
)
