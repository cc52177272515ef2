"""The one loop that waits, on a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from qa.wait import WaitRejectedError, WaitTimeoutError, hold, until


@dataclass
class FakeTime:
    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def test_the_first_accepted_observation_is_returned() -> None:
    time = FakeTime()
    seen = iter(["CREATING", "CREATING", "ACTIVE"])

    status = until(
        lambda: next(seen),
        lambda status: status == "ACTIVE",
        what="replica status",
        within=90.0,
        monotonic=time.monotonic,
        sleep=time.sleep,
    )

    assert status == "ACTIVE"
    assert time.pauses == [0.25, 0.5]


def test_an_accepted_first_observation_costs_no_pause() -> None:
    time = FakeTime()

    until(lambda: 1, lambda _: True, what="x", within=1.0, monotonic=time.monotonic, sleep=time.sleep)

    assert time.pauses == []


def test_the_last_observation_is_made_at_the_deadline_and_told() -> None:
    time = FakeTime()

    with pytest.raises(WaitTimeoutError) as raised:
        until(
            lambda: "CREATING",
            lambda status: status == "ACTIVE",
            what="replica status of 'orders' in us-west-2",
            within=10.0,
            monotonic=time.monotonic,
            sleep=time.sleep,
        )

    assert str(raised.value) == (
        "replica status of 'orders' in us-west-2 was still 'CREATING' after 10.0 s of 10.0 s (9 attempts)"
    )
    assert time.now == 10.0


def test_a_final_state_ends_the_wait_at_once() -> None:
    time = FakeTime()

    with pytest.raises(WaitRejectedError) as raised:
        until(
            lambda: "FAILED",
            lambda status: status == "COMPLETED",
            reject=lambda status: status == "FAILED",
            what="replication of 'a.json'",
            within=150.0,
            monotonic=time.monotonic,
            sleep=time.sleep,
        )

    assert str(raised.value) == "replication of 'a.json' ended as 'FAILED' after 0.0 s"
    assert time.pauses == []


def test_pauses_grow_to_eight_times_the_first() -> None:
    time = FakeTime()

    with pytest.raises(WaitTimeoutError):
        until(
            lambda: None,
            bool,
            what="x",
            within=60.0,
            every=2.0,
            monotonic=time.monotonic,
            sleep=time.sleep,
        )

    assert time.pauses == [2.0, 4.0, 8.0, 16.0, 16.0, 14.0]


def test_what_holds_is_looked_at_to_the_very_end_and_no_longer() -> None:
    time = FakeTime()
    looked: list[float] = []

    hold(
        lambda: looked.append(time.now),
        lambda _: True,
        what="the copy",
        seconds=3.0,
        every=0.5,
        monotonic=time.monotonic,
        sleep=time.sleep,
    )

    assert looked == [0.0, 0.5, 1.5, 3.0]


def test_what_no_longer_holds_is_told_at_once() -> None:
    time = FakeTime()
    seen = iter(["there", "gone"])

    with pytest.raises(WaitRejectedError) as raised:
        hold(
            lambda: next(seen),
            lambda copy: copy == "there",
            what="the copy",
            seconds=3.0,
            monotonic=time.monotonic,
            sleep=time.sleep,
        )

    assert str(raised.value) == "the copy ended as 'gone' after 0.2 s"
