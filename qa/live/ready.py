"""The surroundings of the ready checks in a pytest run; each process reads the stacks once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience.estate import Estate
from qa.resilience.scene import Scene

from .pytest_run import live_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.clients import Clients

ESTATE = pytest.StashKey[Estate]()


def scene_of(config: pytest.Config, clients: Clients, record: Callable[[str, object], None]) -> Scene:
    """Return the surroundings of one ready check."""
    live = live_of(config)
    estate = config.stash.setdefault(ESTATE, Estate(live, clients))
    return Scene(estate=estate, clients=clients, record=record, writes=live.writes)
