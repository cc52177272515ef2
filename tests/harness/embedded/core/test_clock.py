"""The settable clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qa.embedded.clock import Clock


def test_the_clock_is_the_real_one_until_it_is_moved() -> None:
    clock = Clock(real=lambda: 1_000.0)

    assert clock.time() == 1_000.0
    assert clock.now() == datetime(1970, 1, 1, 0, 16, 40, tzinfo=UTC)


def test_an_advance_adds_up_and_tells_the_listeners() -> None:
    clock = Clock(real=lambda: 1_000.0)
    seen: list[float] = []
    clock.on_move(lambda: seen.append(clock.time()))

    clock.advance(60)
    clock.advance(30)

    assert seen == [1_060.0, 1_090.0]


def test_the_clock_never_goes_back() -> None:
    clock = Clock(real=lambda: 1_000.0)

    with pytest.raises(ValueError, match="the clock goes forward only, not by -1 s"):
        clock.advance(-1)

    assert clock.time() == 1_000.0
