"""How checks are handed to workers: xdist's groups, and no hang when a worker is killed."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]  # ships no types

DIST = "loadgroup"


class GroupScheduling(LoadGroupScheduling):  # type: ignore[misc]  # as above
    """Gives a worker that replaces a killed one all that it needs to go on.

    xdist 3.8 hands it one group of the dead worker's, perhaps one that is done already, and then waits
    for a test to end before it hands out more; and a worker holds its last test back until it is told
    that nothing follows. Either way the run would wait for ever.
    """

    def schedule(self) -> None:
        """Hand out what is left, and end the waiting of those for whom nothing is."""
        super().schedule()
        for node in self.nodes:
            if node.shutting_down:
                continue
            while self.workqueue and self._pending_of(self.assigned_work[node]) < 2:
                self._assign_work_unit(node)
            if not self.workqueue:
                node.shutdown()


class Scheduling:
    """The plugin that makes xdist use it, for runs by groups."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> GroupScheduling | None:
        """Return the scheduler; None leaves any other distribution to xdist."""
        return GroupScheduling(config, log) if config.getoption("dist") == DIST else None
