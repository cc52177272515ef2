"""The clockwork of the alarms: each boundary once, in order, by real time and by moved clocks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from qa.embedded.clock import Clock
from qa.embedded.cloudwatch.evaluator import Evaluator
from qa.embedded.settings import Settings
from qa.embedded.world import World
from qa.wait import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(settings=Settings(), scratch=tmp_path, clock=Clock(real=lambda: 1000.0))


@pytest.fixture
def ticks(world: World) -> Iterator[list[float]]:
    seen: list[float] = []
    evaluator = Evaluator(world, seen.append)
    evaluator.start()
    yield seen
    evaluator.stop()


def test_every_boundary_that_a_moved_clock_passes_is_ticked(world: World, ticks: list[float]) -> None:
    world.clock.advance(150)
    world.clock.advance(70)

    assert ticks == [1020.0, 1080.0, 1140.0, 1200.0]


def test_a_clock_that_stays_within_the_minute_ticks_nothing(world: World, ticks: list[float]) -> None:
    world.clock.advance(19)

    assert ticks == []


def test_a_far_jump_ticks_minutes_of_the_time_for_which_data_are_kept(
    world: World, ticks: list[float]
) -> None:
    world.settings.alarm_interval = 1.0

    world.clock.advance(24 * 3600)

    assert len(ticks) == 180
    assert {second - first for first, second in pairwise(ticks)} == {60.0}


def test_real_time_ticks_too(tmp_path: Path) -> None:
    world = World(settings=Settings(alarm_interval=0.05), scratch=tmp_path)
    seen: list[float] = []
    evaluator = Evaluator(world, seen.append)
    evaluator.start()

    until(lambda: len(seen), lambda count: count >= 2, what="the ticks", within=5, every=0.02)

    evaluator.stop()
