"""No run waits for ever because a worker was killed: whoever takes its work over is told how to go on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from qa.live.scheduling import GroupScheduling

if TYPE_CHECKING:
    from collections.abc import Iterable

# a conftest below the top may not ask for plugins
pytest_plugins = ["pytester"]

TESTS = [f"tests/test_it.py::test_{group}_{number}@{group}" for group in "abcdefgh" for number in (1, 2)]


@dataclass(eq=False)
class Worker:
    """What the scheduler sees of a worker, which runs a test once it knows what follows it."""

    name: str
    shutting_down: bool = False
    waiting: deque[int] = field(default_factory=deque)
    config: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(option=None))

    @property
    def gateway(self) -> SimpleNamespace:
        return SimpleNamespace(id=self.name)

    def send_runtest_some(self, indices: Iterable[int]) -> None:
        self.waiting.extend(indices)

    def shutdown(self) -> None:
        self.shutting_down = True

    def can_run(self) -> bool:
        return len(self.waiting) > (0 if self.shutting_down else 1)


def run(scheduling: GroupScheduling, *workers: Worker, at_most: int = 1000) -> list[str]:
    """Let the workers run tests in turn until none can, or so many have been run."""
    done: list[str] = []
    while len(done) < at_most and (ready := [worker for worker in workers if worker.can_run()]):
        index = ready[0].waiting.popleft()
        done.append(TESTS[index])
        scheduling.mark_test_complete(ready[0], index)
    return done


def joined(scheduling: GroupScheduling, worker: Worker) -> Worker:
    scheduling.add_node(worker)
    scheduling.add_node_collection(worker, TESTS)
    return worker


@pytest.fixture
def scheduling(pytester: pytest.Pytester) -> GroupScheduling:
    config = pytester.parseconfig("--tx", "2*popen", "--dist", "loadgroup")
    return GroupScheduling(config, None, plan=dict)


@pytest.mark.parametrize("ran", range(1, 15))
def test_all_is_run_although_a_worker_is_killed_at_any_time(scheduling: GroupScheduling, ran: int) -> None:
    first, second = (joined(scheduling, Worker(name)) for name in ("gw0", "gw1"))
    scheduling.schedule()
    before = run(scheduling, first, second, at_most=ran)

    scheduling.remove_node(first)
    other = joined(scheduling, Worker("gw2"))
    scheduling.schedule()
    after = run(scheduling, second, other)

    assert sorted({*before, *after}) == sorted(TESTS)
    assert not scheduling.has_pending
