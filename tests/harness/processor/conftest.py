"""The same fresh deployment for each test as the changes in `reds` get, and its transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.reds.conftest import process, project, world
from tests.integration.transactions import Transactions

if TYPE_CHECKING:
    from tests.harness.reds.world import World

__all__ = ["process", "project", "transactions", "world"]


@pytest.fixture
def transactions(world: World) -> Transactions:
    return Transactions(clients=world.clients, sides=world.sides, run=world.live.run)
