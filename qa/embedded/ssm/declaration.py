"""Parameter Store as one service of the embedded AWS: the part of Systems Manager that stacks use."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from . import PATCHES, start
from .coverage import COVERAGE
from .resources import RESOURCE_TYPES
from .rights import RIGHTS
from .templates import DYNAMIC_REFERENCES, PARAMETER_TYPES

SERVICE = Service(
    name="ssm",
    coverage=COVERAGE,
    rights=RIGHTS,
    resource_types=RESOURCE_TYPES,
    dynamic_references=DYNAMIC_REFERENCES,
    parameter_types=PARAMETER_TYPES,
    start=start,
    patches=PATCHES,
)
