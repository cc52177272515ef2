"""One embedded AWS as it is started, a process with the judge and the gate, for tests of any folder here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.embedded.control import Control
from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings
from qa.embedded.world import World

from .iam.serving import Served

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def whole_aws() -> Iterator[Served]:
    process = start_embedded(Settings())
    yield Served(world=World(settings=Settings(), scratch=Path(), endpoint=process.endpoint))
    process.stop()


@pytest.fixture
def account(whole_aws: Served) -> Iterator[Served]:
    """Its account, in which nothing was ever made."""
    yield whole_aws
    Control(whole_aws.world.endpoint).reset()
