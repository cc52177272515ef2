"""The one loop of the codebase that waits for something in the world."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import tenacity

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class WaitTimeoutError(AssertionError):
    """The world did not get there within the deadline; carries the last value observed."""

    def __init__(self, what: str, *, last: object, elapsed: float, within: float, attempts: int) -> None:
        super().__init__(
            f"{what} was still {last!r} after {elapsed:.1f} s of {within:.1f} s ({attempts} attempts)"
        )
        self.last = last
        self.elapsed = elapsed


class WaitRejectedError(AssertionError):
    """The world reached a state from which it cannot get there."""

    def __init__(self, what: str, *, last: object, elapsed: float) -> None:
        super().__init__(f"{what} ended as {last!r} after {elapsed:.1f} s")
        self.last = last
        self.elapsed = elapsed


def _monotonic() -> float:
    return time.monotonic()


def until(
    observe: Callable[[], T],
    accept: Callable[[T], object],
    *,
    what: str,
    within: float,
    reject: Callable[[T], object] | None = None,
    every: float = 0.25,
    monotonic: Callable[[], float] = _monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Return the first observation that is accepted.

    `within` and `every` are seconds; the pause grows from `every` to at most 8 × `every`.
    The last observation is made at the deadline, not before it. Raises WaitTimeoutError at the
    deadline and WaitRejectedError at once for an observation that `reject` calls final. What
    `observe` raises is not caught: botocore has already retried what is worth retrying.
    """
    start = monotonic()
    pause = tenacity.wait_exponential(multiplier=every, max=8 * every)
    state = tenacity.RetryCallState(retry_object=_NO_RETRYING, fn=None, args=(), kwargs={})
    while True:
        last = observe()
        elapsed = monotonic() - start
        if accept(last):
            return last
        if reject is not None and reject(last):
            raise WaitRejectedError(what, last=last, elapsed=elapsed)
        if elapsed >= within:
            raise WaitTimeoutError(
                what, last=last, elapsed=elapsed, within=within, attempts=state.attempt_number
            )
        sleep(min(pause(state), within - elapsed))
        state.attempt_number += 1


def hold(
    observe: Callable[[], T],
    accept: Callable[[T], object],
    *,
    what: str,
    seconds: float,
    every: float = 0.25,
    monotonic: Callable[[], float] = _monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Look on for so many seconds, to their very end, and see to it that every observation is accepted.

    Raises WaitRejectedError at once for one that is not.
    """
    try:
        until(
            observe,
            lambda _: False,
            reject=lambda seen: not accept(seen),
            what=what,
            within=seconds,
            every=every,
            monotonic=monotonic,
            sleep=sleep,
        )
    except WaitTimeoutError:
        return  # nothing happened, which is what was to be seen


_NO_RETRYING = tenacity.Retrying()
