"""One desk for all tests: what one leaves behind, the next would find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .desk import Desk, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def desk(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = open_desk(pytestconfig.rootpath, tmp_path_factory.mktemp("desk"))
    yield desk
    desk.close()
