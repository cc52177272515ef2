"""How checks are handed to workers: one group one worker, the long first, no hang when a worker is killed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]  # ships no types

from qa.private import make_private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pytest

DIST = "loadgroup"
PLAN = "plan/checks.json"
"""In the run's folder; a folder of its own, as a worker killed while it writes leaves a scratch file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a test's markers say about how it is to be handed out."""

    group: str | None
    """Tests of one group run on one worker, one after the other."""
    watches: float
    """Seconds for which it looks on by design; the longest wait begins first."""


ALONE = Planned(group=None, watches=0.0)


class GroupScheduling(LoadGroupScheduling):  # type: ignore[misc]  # as above
    """Hands out checks by their groups, and gives a worker that replaces a killed one all that it needs.

    xdist 3.8 finds the groups by a suffix of the node IDs, which pytest since 9.2 does not let it add: all
    tests would run as if they had none. So the workers write them down.
    https://github.com/pytest-dev/pytest-xdist/issues/1386

    A worker holds its last test back until it learns what follows, or that nothing does. xdist 3.8 hands
    out a dead worker's groups again, also those that are done: a worker that gets one learns nothing.
    And it hands out one group, and more only when a test has ended. Either way the run would wait for ever.
    """

    def __init__(self, config: pytest.Config, log: Any, *, plan: Callable[[], Mapping[str, Planned]]) -> None:
        super().__init__(config, log)
        self._read_plan = plan
        self._plan: Mapping[str, Planned] = {}

    def remove_node(self, node: Any) -> str | None:
        """Take a worker out; of a dead one's groups only those are handed out again that are not done."""
        work = self.assigned_work[node]
        for group in [group for group, tests in work.items() if all(tests.values())]:
            del work[group]
        crashed: str | None = super().remove_node(node)
        return crashed

    def schedule(self) -> None:
        """Hand out what is left, and end the waiting of those for whom nothing is."""
        self._plan = self._plan or self._read_plan()
        super().schedule()
        for node in self.nodes:
            if node.shutting_down:
                continue
            while self.workqueue and self._pending_of(self.assigned_work[node]) < 2:
                self._assign_work_unit(node)
            if not self.workqueue:
                node.shutdown()

    def _split_scope(self, nodeid: str) -> str:
        group = self._plan.get(nodeid, ALONE).group
        return group if group is not None else str(super()._split_scope(nodeid))

    def _assign_work_unit(self, node: Any) -> None:
        # of those that watch equally long the first stays first: xdist puts the largest group there
        longest = max(self.workqueue, key=lambda scope: self._watches(self.workqueue[scope]))
        self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)

    def _watches(self, unit: Mapping[str, bool]) -> float:
        return sum(self._plan.get(nodeid, ALONE).watches for nodeid in unit)


class Scheduling:
    """What makes xdist use it, for runs by groups."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder  # of the run, which its workers share

    def scheduler(self, config: pytest.Config, log: Any) -> GroupScheduling | None:
        """Return the scheduler; None leaves any other distribution to xdist."""
        if config.getoption("dist") != DIST:
            return None
        return GroupScheduling(config, log, plan=lambda: read_plan(self._folder() / PLAN))

    def write_plan(self, session: pytest.Session) -> None:
        """On a worker, write down the plan before the controller learns what was collected."""
        if hasattr(session.config, "workerinput"):
            write_plan(self._folder() / PLAN, {item.nodeid: planned(item) for item in session.items})


def planned(item: pytest.Item) -> Planned:
    """Return what the markers of a test say."""
    groups = sorted({_group_of(mark) for mark in item.iter_markers("xdist_group")})
    check = item.get_closest_marker("qa_check")
    return Planned(
        group="_".join(groups) or None,
        watches=0.0 if check is None else float(check.kwargs.get("watches", 0.0)),
    )


def _group_of(mark: pytest.Mark) -> str:
    return str(mark.args[0] if mark.args else mark.kwargs.get("name", "default"))


def write_plan(path: Path, plan: Mapping[str, Planned]) -> None:
    """Write the plan; every worker of a run writes the same, and a reader finds the whole of it."""
    make_private_folder(path.parent)
    write_private(path, json.dumps({nodeid: asdict(each) for nodeid, each in plan.items()}))


def read_plan(path: Path) -> dict[str, Planned]:
    """Return the plan that the workers wrote."""
    parsed = json.loads(path.read_text(encoding="utf-8"))
    return {nodeid: Planned(**each) for nodeid, each in parsed.items()}
