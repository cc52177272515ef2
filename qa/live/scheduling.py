"""How checks are handed to workers: xdist's groups, and no hang when a worker is killed."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]  # ships no types

DIST = "loadgroup"


class GroupScheduling(LoadGroupScheduling):  # type: ignore[misc]  # as above
    """Gives a worker that replaces a killed one all that it needs to go on.

    A worker holds its last test back until it is told what follows, or that nothing does. xdist 3.8 hands
    out a dead worker's groups anew, those that are done included: who gets one of these is told nothing.
    And it hands out one group, and more only when a test has ended. Either way the run would wait for ever.
    """

    def remove_node(self, node: Any) -> str | None:
        """Take a worker out; of a dead one's groups only those are handed out anew that are not done."""
        work = self.assigned_work[node]
        for group in [group for group, tests in work.items() if all(tests.values())]:
            del work[group]
        crashed: str | None = super().remove_node(node)
        return crashed

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
