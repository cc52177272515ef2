"""The embedded AWS with its judge, over HTTP on both ports, empty for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .serving import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def aws(server: Served) -> Iterator[Served]:
    yield server
    server.forget()
