"""KMS as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service
from qa.embedded.wire.refusals import Refusal, Special

from . import PATCHES
from .access import context_of, decide
from .coverage import COVERAGE
from .resources import RESOURCE_TYPES
from .rights import RIGHTS, policy_of

SERVICE = Service(
    name="kms",
    coverage=COVERAGE,
    special={
        Refusal.INTERNAL: Special(code="KMSInternalException"),
    },
    resource_types=RESOURCE_TYPES,
    rights=RIGHTS,
    policy_of=policy_of,
    context_of=context_of,
    decide=decide,
    required={"CreateGrant": ("GranteePrincipal",), "ReEncrypt": ("CiphertextBlob",)},
    patches=PATCHES,
)
