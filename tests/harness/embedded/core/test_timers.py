"""Work that happens later."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest

from qa.embedded.timers import Timers

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def timers() -> Iterator[Timers]:
    timers = Timers()
    yield timers
    timers.close()


def test_work_runs_in_order_of_its_due_time(timers: Timers) -> None:
    order: list[str] = []
    done = threading.Event()

    timers.after(0.06, done.set)
    timers.after(0.04, lambda: order.append("later"))
    timers.after(0.02, lambda: order.append("sooner"))

    assert done.wait(5)
    assert order == ["sooner", "later"]


def test_work_due_at_once_runs_in_the_order_it_was_given(timers: Timers) -> None:
    order: list[int] = []
    done = threading.Event()

    for number in range(20):
        timers.after(0.0, lambda number=number: order.append(number))  # type: ignore[misc]  # bound per turn
    timers.after(0.0, done.set)

    assert done.wait(5)
    assert order == list(range(20))


def test_cleared_work_never_runs(timers: Timers) -> None:
    ran: list[str] = []
    done = threading.Event()

    timers.after(0.01, lambda: ran.append("cleared"))
    timers.clear()
    timers.after(0.03, done.set)

    assert done.wait(5)
    assert ran == []


def test_a_callback_that_fails_is_logged_and_stops_no_other(
    timers: Timers, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()

    with caplog.at_level(logging.ERROR):
        timers.after(0.0, [].pop)
        timers.after(0.01, done.set)
        assert done.wait(5)

    assert [record.getMessage() for record in caplog.records] == ["a timer of the embedded AWS failed"]
