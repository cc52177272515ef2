"""One embedded AWS as a process for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.control import Control
from qa.embedded.process import EmbeddedProcess, start_embedded
from qa.embedded.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def process() -> Iterator[EmbeddedProcess]:
    process = start_embedded(Settings())
    yield process
    process.stop()


@pytest.fixture
def control(process: EmbeddedProcess) -> Iterator[Control]:
    control = Control(process.endpoint)
    yield control
    control.end_faults()
    control.reset()
