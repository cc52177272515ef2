"""Lambda as one service of the embedded AWS."""

from __future__ import annotations

from qa.embedded.service.declaration import Service

from . import install
from .coverage import COVERAGE
from .hooks import PATCHES

SERVICE = Service(
    name="lambda",
    coverage=COVERAGE,
    install=install,
    patches=PATCHES,
)
